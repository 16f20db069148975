import { z } from 'zod';

const Field = z.looseObject({ value: z.unknown() });
const Component = z.looseObject({ display_name: z.string(), template: z.record(z.string(), z.unknown()) });
type Component = z.infer<typeof Component>;
const Catalogue = z.record(z.string(), z.record(z.string(), z.unknown()));

interface Step { id: string; type: string; component: Component; input: string; output: string }

/** A flow that repeats what it is told, made of the components the server itself offers, so that it fits any version. */
export async function echoFlowFor(baseUrl: string, apiKey: string): Promise<unknown> {
  const find = await catalogueOf(baseUrl, apiKey);
  return flowOf('Echo', [chatInput(find(/^ChatInput$/)), chatOutput(find(/^ChatOutput$/))]);
}

/** A flow that asks a model of OpenAI's protocol at `modelUrl`, and streams what it says. */
export async function modelFlowFor(baseUrl: string, apiKey: string, modelUrl: string): Promise<unknown> {
  const find = await catalogueOf(baseUrl, apiKey);
  const model = find(/OpenAIModel/);
  const set = { openai_api_base: modelUrl, api_key: 'sk-loopback-0123456789', model_name: 'gpt-4o-mini', stream: true };
  const template = { ...model.template, ...Object.fromEntries(Object.entries(set).map(([name, value]) => [name, { ...Field.parse(model.template[name] ?? {}), value, load_from_db: false }])) };
  return flowOf('Model', [chatInput(find(/^ChatInput$/)), { id: 'OpenAIModel-m0d3l', type: 'OpenAIModel', component: { ...model, template }, input: 'input_value', output: 'text_output' }, chatOutput(find(/^ChatOutput$/))]);
}

/** The echo as plain data, for servers without an engine. */
export const plainEchoFlow = flowOf('Echo', [chatInput({ display_name: 'Chat Input', template: {} }), chatOutput({ display_name: 'Chat Output', template: {} })]);

async function catalogueOf(baseUrl: string, apiKey: string): Promise<(name: RegExp) => Component> {
  const answer = await fetch(`${baseUrl}/api/v1/all`, { headers: { 'x-api-key': apiKey } });
  if (!answer.ok) throw new Error(`the Langflow server lists no components (status ${answer.status})`);
  const components = Object.values(Catalogue.parse(await answer.json())).flatMap((group) => Object.entries(group));
  return (name) => {
    const found = components.find(([key, value]) => name.test(key) && Component.safeParse(value).success);
    if (!found) throw new Error(`the Langflow server has no component ${String(name)}`);
    return Component.parse(found[1]);
  };
}

function chatInput(component: Component): Step {
  return { id: 'ChatInput-a1b2c', type: 'ChatInput', component, input: '', output: 'message' };
}

function chatOutput(component: Component): Step {
  return { id: 'ChatOutput-d3e4f', type: 'ChatOutput', component, input: 'input_value', output: '' };
}

/** The steps in a row, as Langflow writes them. */
function flowOf(name: string, steps: readonly Step[]) {
  const nodes = steps.map(({ id, type, component }, index) => ({ id, type: 'genericNode', position: { x: index * 400, y: 0 }, data: { id, type, node: component } }));
  const edges = steps.slice(1).flatMap((to, index) => {
    const from = steps[index];
    if (!from) return [];
    const source = { dataType: from.type, id: from.id, name: from.output, output_types: ['Message'] };
    const target = { fieldName: to.input, id: to.id, inputTypes: ['Data', 'DataFrame', 'Message'], type: 'other' };
    return [{ id: `edge-${index}`, source: from.id, target: to.id, sourceHandle: handle(source), targetHandle: handle(target), data: { sourceHandle: source, targetHandle: target } }];
  });
  return { name, description: 'Made for a test.', data: { nodes, edges, viewport: { x: 0, y: 0, zoom: 1 } } };
}

/** Handles are JSON with another kind of quotation marks. */
function handle(value: unknown): string {
  return JSON.stringify(value).replaceAll('"', 'œ');
}
