/** A key as people leave it in a file. */
export const SECRET_IN_FILE = 'sk-proj-abcdefghijklmnopqrstuvwxyz0123456789ABCDEF';
export const CODE_IN_FILE = 'import os\nos.system("rm -rf /")  # émoji 🦊';

/**
 * A small Langflow export: chat in, a prompt with variables, a model with a key in it, chat out; with `custom` a component
 * of its author's too.
 */
export function langflowFile({ name = 'Greeter', custom = false, prompt = 'Speak in the voice {brand_voice} to: {question}', variables = { brand_voice: 'warm' }, model = 'gpt-4o-mini' }: {
  name?: string; custom?: boolean; prompt?: string; variables?: Record<string, string>; model?: string;
} = {}) {
  const node = (id: string, type: string, template: object, outputs: object[]) => ({
    id, type: 'genericNode', position: { x: 0, y: 0 },
    data: { id, type, node: { display_name: type, template: { _type: 'Component', ...template }, outputs, base_classes: [] } },
  });
  const field = (type: string, value: unknown, more: object = {}) => ({ type, value, show: true, advanced: false, display_name: '', ...more });
  const edge = (source: string, output: string, target: string, input: string, dataType: string) => ({
    id: `${source}-${target}`, source, target,
    data: { sourceHandle: { dataType, id: source, name: output, output_types: ['Message'] }, targetHandle: { fieldName: input, id: target, inputTypes: ['Message'], type: 'str' } },
  });
  const message = (outputName: string) => [{ name: outputName, types: ['Message'], method: 'run' }];
  return {
    name, description: 'Greets everybody in the voice of the brand.', last_tested_version: '1.4.2',
    data: {
      nodes: [
        node('ChatInput-a', 'ChatInput', { input_value: field('str', '') }, message('message')),
        node('Prompt-b', 'Prompt', {
          template: field('prompt', prompt), ...Object.fromEntries(Object.entries(variables).map(([variable, value]) => [variable, field('str', value, { input_types: ['Message'] })])), question: field('str', '', { input_types: ['Message'] }),
        }, message('prompt')),
        node('OpenAIModel-c', 'OpenAIModel', { api_key: field('str', SECRET_IN_FILE, { password: true }), model_name: field('str', model), input_value: field('str', ''), stream: field('bool', true) }, message('text_output')),
        node('ChatOutput-d', 'ChatOutput', { input_value: field('str', '') }, message('message')),
        ...(custom ? [node('CustomComponent-e', 'CustomComponent', { code: field('code', CODE_IN_FILE) }, message('out'))] : []),
      ],
      edges: [
        edge('ChatInput-a', 'message', 'Prompt-b', 'question', 'ChatInput'), edge('Prompt-b', 'prompt', 'OpenAIModel-c', 'input_value', 'Prompt'),
        edge('OpenAIModel-c', 'text_output', 'ChatOutput-d', 'input_value', 'OpenAIModel'),
      ],
    },
  };
}
