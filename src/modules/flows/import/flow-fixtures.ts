/** Small Langflow files for tests, written in Langflow's own form. */

/** CPU time of some work in milliseconds; the clock on the wall would measure how busy the machine is. */
export function cpuMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

type Fields = Record<string, unknown>;

/** A field as Langflow writes it: shown, not advanced. A plain value stands for `{ value }`. */
function field(name: string, value: unknown): Fields {
  const own = typeof value === 'object' && value !== null && !Array.isArray(value) ? value : { value };
  return { name, type: 'str', show: true, advanced: false, display_name: name, value: '', ...own };
}

/** A node; `template` maps field names to values or to parts of fields. */
export function lfNode(id: string, type: string, template: Fields = {}, node: Fields = {}): Fields {
  const fields = Object.fromEntries(Object.entries(template).map(([name, value]) => [name, field(name, value)]));
  return { id, type: 'genericNode', position: { x: 1, y: 2 }, data: { id, type, node: { display_name: type, outputs: [], template: { _type: 'Component', ...fields }, ...node } } };
}

/** An edge "a.output > b.field", with structured handles. */
export function lfEdge(text: string): Fields {
  const [from = '', to = ''] = text.split(' > ');
  const [source = '', output = ''] = from.split('.');
  const [target = '', fieldName = ''] = to.split('.');
  return { id: text, source, target, data: { sourceHandle: { dataType: 'X', id: source, name: output, output_types: ['Message'] }, targetHandle: { fieldName, id: target, inputTypes: ['Message'], type: 'str' } } };
}

export const lfFlow = (nodes: readonly Fields[], edges: readonly (string | Fields)[] = [], envelope: Fields = {}): string =>
  JSON.stringify({ name: 'Test flow', description: 'For a test.', last_tested_version: '1.10.1', data: { nodes, edges: edges.map((edge) => (typeof edge === 'string' ? lfEdge(edge) : edge)) }, ...envelope });

/** Chat input, prompt, model, chat output. */
export const chatFlow = (prompt: Fields = {}, model: Fields = {}): string =>
  lfFlow(
    [
      lfNode('in', 'ChatInput', { input_value: '' }),
      lfNode('prompt', 'Prompt', { template: { type: 'prompt', value: 'You are {persona_name}. {question}' }, persona_name: 'Ada', question: '', ...prompt }),
      lfNode('model', 'OpenAIModel', { input_value: '', system_message: '', model_name: 'gpt-4o-mini', temperature: 0.1, api_key: { value: 'OPENAI_API_KEY', password: true, load_from_db: true }, ...model }),
      lfNode('out', 'ChatOutput', { input_value: '' }),
    ],
    ['in.message > prompt.question', 'prompt.prompt > model.input_value', 'model.text_output > out.input_value'],
  );
