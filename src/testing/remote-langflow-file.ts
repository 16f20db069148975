const field = (name: string, over: Record<string, unknown> = {}) => ({ name, display_name: name, type: 'str', _input_type: 'MultilineInput', show: true, advanced: false, required: false, value: '', input_types: ['Message'], ...over });
const output = (name: string) => [{ name, display_name: name, types: ['Message'], selected: 'Message', method: name }];
const node = (id: string, type: string, template: Record<string, unknown>, outputs: unknown[], x: number) => ({
  id, type: 'genericNode', position: { x, y: 0 }, data: { id, type, node: { display_name: type, description: '', base_classes: ['Message'], template: { _type: 'Component', ...template }, outputs, custom_fields: type === 'Prompt' ? { template: ['brand_voice', 'rag_context', 'question'] } : {} } },
});
const handle = (value: unknown) => JSON.stringify(value).replaceAll('"', 'œ');
const edge = (from: string, fromType: string, out: string, to: string, into: string) => {
  const source = { dataType: fromType, id: from, name: out, output_types: ['Message'] };
  const target = { fieldName: into, id: to, inputTypes: ['Message'], type: 'str' };
  return { id: `${from}-${to}`, source: from, target: to, sourceHandle: handle(source), targetHandle: handle(target), data: { sourceHandle: source, targetHandle: target } };
};

/**
 * A Langflow file whose answer depends on a component that only Langflow runs, with a prompt that has a variable for
 * buyers (`brand_voice`) and one that the platform fills (`rag_context`).
 */
export const remoteLangflowFile = {
  name: 'Tone of voice', description: 'Answers in the voice of the brand, on a server of its own.', last_tested_version: '1.10.0', endpoint_name: null,
  data: {
    nodes: [
      node('ChatInput-in001', 'ChatInput', { input_value: field('input_value') }, output('message'), 0),
      node('Prompt-pr001', 'Prompt', {
        template: field('template', { type: 'prompt', _input_type: 'PromptInput', value: 'Speak {brand_voice}. Known: {rag_context}. Asked: {question}' }),
        brand_voice: field('brand_voice', { value: 'plainly' }), rag_context: field('rag_context'), question: field('question'),
      }, output('prompt'), 300),
      node('VoiceTuner-vt001', 'VoiceTuner', { input_value: field('input_value'), code: field('code', { type: 'code', value: 'class VoiceTuner(Component):\n    pass\n' }) }, output('tuned'), 600),
      node('ChatOutput-ou001', 'ChatOutput', { input_value: field('input_value') }, output('message'), 900),
    ],
    edges: [
      edge('ChatInput-in001', 'ChatInput', 'message', 'Prompt-pr001', 'question'), edge('Prompt-pr001', 'Prompt', 'prompt', 'VoiceTuner-vt001', 'input_value'),
      edge('VoiceTuner-vt001', 'VoiceTuner', 'tuned', 'ChatOutput-ou001', 'input_value'),
    ],
    viewport: { x: 0, y: 0, zoom: 1 },
  },
};

/** The same without a person in it: other systems enter it by its webhook, and it answers nobody. */
export const remoteWebhookFile = {
  ...remoteLangflowFile, name: 'Tone of orders',
  data: {
    nodes: [
      node('Webhook-wh001', 'Webhook', { data: field('data') }, output('output_data'), 0),
      node('VoiceTuner-vt001', 'VoiceTuner', { input_value: field('input_value'), code: field('code', { type: 'code', value: 'class VoiceTuner(Component):\n    pass\n' }) }, output('tuned'), 300),
    ],
    edges: [edge('Webhook-wh001', 'Webhook', 'output_data', 'VoiceTuner-vt001', 'input_value')],
    viewport: { x: 0, y: 0, zoom: 1 },
  },
};
