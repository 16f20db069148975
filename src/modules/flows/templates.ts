import { createHash } from 'node:crypto';
import { Flow, ImportReport, type FlowEdge, type FlowNode, type FlowParameter } from './contract.ts';
import { FLOW_TEMPLATES, type FlowTemplateKey } from './template-contract.ts';

/** How a template differs from the others; everything else follows. */
interface Recipe {
  /** The system prompt; each `{name}` that is not `context` becomes a parameter for buyers. */
  prompt: string;
  parameters: readonly Pick<FlowParameter, 'name' | 'title' | 'description' | 'default'>[];
  /** Searches the buyer's knowledge and puts the passages in place of `{context}`. */
  knowledge: boolean;
}

const persona = (value: string) => ({ name: 'persona_name', title: 'Name', description: 'How it introduces itself.', default: value });
const voice = (value: string) => ({ name: 'brand_voice', title: 'Brand voice', description: 'How it sounds, in a few words.', default: value });
const languages = { name: 'languages', title: 'Languages', description: 'Languages it may answer in.', default: 'the language of the question' };

const RECIPES: Record<FlowTemplateKey, Recipe> = {
  blank: { prompt: 'You are {persona_name}. Answer helpfully and briefly.', parameters: [persona('an assistant')], knowledge: false },
  'customer-support': {
    prompt: 'You are {persona_name} and help the customers of a company. Your tone is {brand_voice}. Answer in {languages}.\n'
      + 'Rest every answer on the passages below and say which ones you used. When they do not hold the answer, say so and offer to bring in a person.\n\nPassages:\n{context}',
    parameters: [persona('the support assistant'), voice('friendly and clear'), languages], knowledge: true,
  },
  'sales-assistant': {
    prompt: 'You are {persona_name} and advise people who may become customers. Your tone is {brand_voice}. Answer in {languages}.\n'
      + 'Ask what they need before you recommend anything. Recommend only what the passages below describe, name prices only as they are written there, and end with a next step.\n\nPassages:\n{context}',
    parameters: [persona('the sales assistant'), voice('warm, never pushy'), languages], knowledge: true,
  },
  'faq-bot': {
    prompt: 'You are {persona_name}. Answer in {languages}, in at most three sentences, only from the passages below. When they do not hold the answer, say that you do not know.\n\nPassages:\n{context}',
    parameters: [persona('the help desk'), languages], knowledge: true,
  },
};

export interface FlowTemplate { flow: Flow; report: ImportReport }

/** The flow of a template with the report an import would have; null when there is no template of that name. */
export function flowTemplate(key: string): FlowTemplate | null {
  const template = FLOW_TEMPLATES.find((candidate) => candidate.key === key);
  if (!template) return null;
  const flow = flowOf(RECIPES[template.key]);
  return { flow, report: reportOf(flow, template.title, template.description, RECIPES[template.key].knowledge) };
}

function flowOf({ prompt, parameters, knowledge }: Recipe): Flow {
  const node = (id: string, type: string, name: string, column: number, row: number, config: FlowNode['config'] = {}): FlowNode =>
    ({ id, type, name, config, position: { x: column * 320, y: row * 200 } });
  const edge = (source: string, sourcePort: string, target: string, targetPort: string): FlowEdge => ({ source, sourcePort, target, targetPort });
  const nodes = [
    node('question', 'input.chat', 'Question', 0, 1),
    ...(knowledge ? [node('knowledge', 'knowledge.retrieve', 'Knowledge', 1, 0)] : []),
    node('prompt', 'prompt.template', 'Instructions', 2, 0, { template: prompt, defaults: Object.fromEntries(parameters.map((parameter) => [parameter.name, parameter.default])) }),
    node('model', 'model.chat', 'Language model', 3, 1),
    node('answer', 'output.chat', 'Answer', 4, 1),
  ];
  const edges = [
    ...(knowledge ? [edge('question', 'message', 'knowledge', 'query'), edge('knowledge', 'text', 'prompt', 'context')] : []),
    edge('prompt', 'prompt', 'model', 'system'),
    edge('question', 'message', 'model', 'input'),
    edge('model', 'text', 'answer', 'input'),
  ];
  const sha256 = createHash('sha256').update(JSON.stringify({ nodes, edges })).digest('hex');
  return Flow.parse({
    nodes, edges,
    parameters: parameters.map((parameter) => ({ ...parameter, kind: 'text', choices: [], node: 'prompt', path: `defaults.${parameter.name}`, exposed: true })),
    origin: { format: 'template', version: null, sha256 },
  });
}

const reportOf = (flow: Flow, name: string, description: string, knowledge: boolean): ImportReport => ImportReport.parse({
  format: 'template', version: null, name, description,
  nodes: {
    total: flow.nodes.length, supported: flow.nodes.length, approximated: 0, unsupported: [],
    all: flow.nodes.map(({ id, type, name: title }) => ({ id, type, name: title, support: 'supported', mappedTo: type, reason: null })),
  },
  secrets: [], parameters: flow.parameters, entryPoints: [{ node: 'question', kind: 'chat' }], requires: flow.requires, code: [],
  traits: { chat: true, streaming: true, knowledge, memory: true, tools: false, files: false, images: false, agents: 0, code: false },
  warnings: [], runnable: true,
});
