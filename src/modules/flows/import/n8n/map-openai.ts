import { isRecord, read, readList, readText } from '../plain.ts';
import { unsupported } from './fragment.ts';
import type { Fragment } from './fragment.ts';
import type { Mapper } from './mapper.ts';
import { modelNamed, rememberedMessages, temperatureOf } from './model-settings.ts';
import { addItems } from './our-steps.ts';
import { StepBuilder } from './step-builder.ts';

type Role = 'system' | 'user' | 'assistant';
const roleOf = (role: string | null): Role => (role === 'system' || role === 'developer' ? 'system' : role === 'assistant' ? 'assistant' : 'user');

/** n8n's own step for OpenAI, and those of other vendors that look the same: messages, assistants, pictures, sound. */
export const mapVendorModel: Mapper = (node, context): Fragment => {
  const step = new StepBuilder(node, context);
  const resource = step.fixed('resource') || 'text';
  const operation = step.fixed('operation') || usualOperation(resource);
  switch (`${resource}:${operation}`) {
    case 'text:message': case 'text:response': return message(step);
    case 'assistant:message': return assistant(step);
    case 'image:analyze': return call(step, 'analyze-image', { image: step.text('imageUrls') || '{{ item.imageUrl ?? item.url ?? item.data }}', prompt: step.text('text', 'What is in this picture?'), ...optional('model', modelNamed(node)) }, { content: '{{ item.text ?? item.content ?? item }}' });
    case 'image:generate': case 'image:create': return call(step, 'create-image', { prompt: step.text('prompt'), ...optional('model', imageModel(step)), ...optional('size', step.fixed('options.size')) }, null);
    case 'audio:generate': return call(step, 'speech', { input: step.text('input'), ...optional('voice', step.fixed('voice')) }, { data: '{{ item.base64 ?? item.data ?? item }}' });
    case 'audio:transcribe': return call(step, 'transcribe', { audio: '{{ item.data ?? item.url ?? item }}', ...optional('language', step.fixed('options.language')) }, { text: '{{ item.text ?? item }}' });
    case 'audio:translate': return call(step, 'translate-audio', { audio: '{{ item.data ?? item.url ?? item }}' }, { text: '{{ item.text ?? item }}' });
    case 'text:classify': return call(step, 'moderate', { input: step.text('input') }, null);
    default: return unsupported(`“${operation} ${resource}” is not available here.`, 'A model step, or an HTTP step to the vendor.', 'openai');
  }
};

const usualOperation = (resource: string): string => (resource === 'image' ? 'generate' : resource === 'audio' ? 'generate' : 'message');
const optional = (name: string, value: string | null): Record<string, string> => (value === null || value === '' ? {} : { [name]: value });
const imageModel = (step: StepBuilder): string | null => { const found = step.fixed('model'); return found === '' || found.startsWith('dall-e') ? null : found; };

function message(step: StepBuilder): Fragment {
  const { node, context } = step;
  const rows = [...readList(node.parameters['messages'], 'values'), ...readList(node.parameters['responses'], 'values')].filter(isRecord).slice(0, 100);
  const messages = rows.map((row) => ({ role: roleOf(readText(row, 'role')), text: step.template(row['content']) })).filter(({ text }) => text !== '');
  const last = messages.findLastIndex(({ role }) => role === 'user');
  const prompt = last < 0 ? messages.at(-1)?.text ?? '{{ item.chatInput ?? input.text }}' : messages[last]?.text ?? '';
  const before = messages.filter((_, index) => index !== (last < 0 ? messages.length - 1 : last));
  const system = before.filter(({ role }) => role === 'system').map(({ text }) => text).join('\n\n');
  const asJson = step.flag('jsonOutput') || step.fixed('options.textFormat.textOptions.type') === 'json_object';
  const newer = node.version >= 2;
  const simple = step.raw('simplify') !== false;
  const field = newer ? 'content' : simple ? 'message.content' : 'content';
  const ask = step.add('agent.each', {
    modelId: modelNamed(node), prompt, system, messages: before.filter(({ role }) => role !== 'system'), temperature: temperatureOf(node),
    ...(asJson ? { schema: { type: 'object' } } : {}), memoryMessages: rememberedMessages(node, context), field,
  }, newer || !simple ? 'ask' : '', newer || !simple ? 'question' : '');
  if (newer || !simple) {
    const shape = newer ? { output: [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: '{{ item.content }}' }] }] } : { choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: '{{ item.content }}' } }] };
    const item = addItems(step, shape);
    step.link(ask, 'items', item.node, item.input);
    return step.fragment({ mappedTo: 'agent.each', input: () => ({ node: ask, port: 'items' }), outputPort: item.output, attach: new Map([['ai_tool', { node: ask, port: 'tools' }]]) });
  }
  if (prompt !== '') step.parameter('prompt', `${node.name}: question`, 'long-text');
  if (system !== '') step.parameter('system', `${node.name}: instructions`, 'long-text');
  return step.fragment({ mappedTo: 'agent.each', inputPort: 'items', outputPort: 'items', attach: new Map([['ai_tool', { node: node.id, port: 'tools' }]]) });
}

/** The older step: completions, chats, edits and pictures. */
export const mapOlderOpenAi: Mapper = (node, context): Fragment => {
  const step = new StepBuilder(node, context);
  const resource = step.fixed('resource') || 'text';
  const operation = step.fixed('operation') || (resource === 'chat' || resource === 'text' ? 'complete' : 'create');
  const modelId = modelNamed(node) ?? (step.fixed('chatModel') || null);
  if (resource === 'image') return call(step, 'create-image', { prompt: step.text('prompt') }, null);
  if (operation === 'moderate') return call(step, 'moderate', { input: step.text('input') }, null);
  if (resource === 'chat') {
    const rows = (Array.isArray(read(node.parameters['prompt'], 'messages')) ? readList(node.parameters['prompt'], 'messages') : readList(node.parameters['messages'], 'values')).filter(isRecord).slice(0, 100);
    const messages = rows.map((row) => ({ role: roleOf(readText(row, 'role')), text: step.template(row['content']) }));
    const last = messages.pop();
    const turns = last?.role === 'user' || last === undefined ? messages : [...messages, last];
    step.add('agent.each', {
      modelId, prompt: last?.role === 'user' ? last.text : '{{ item.chatInput ?? item.text ?? input.text }}', system: turns.filter(({ role }) => role === 'system').map(({ text }) => text).join('\n\n'),
      messages: turns.filter(({ role }) => role !== 'system'), temperature: temperatureOf(node), field: 'message.content',
    });
  } else if (operation === 'edit') {
    step.add('agent.each', { modelId, prompt: `${step.text('instruction')}\n\n${step.text('input')}`, system: 'Change the text as you are told. Answer with the changed text only.', temperature: temperatureOf(node), field: 'text' });
  } else {
    step.add('agent.each', { modelId, prompt: step.text('prompt'), temperature: temperatureOf(node), field: 'text' });
    step.approximate('Completion models are no longer offered; a chat model goes on with the text.');
  }
  if (modelId !== null && /davinci|curie|babbage|-edit-/.test(modelId)) step.approximate(`The model ${modelId} is no longer offered by its vendor; choose another one.`);
  step.parameter('prompt', `${node.name}: question`, 'long-text');
  return step.fragment({ mappedTo: 'agent.each', inputPort: 'items', outputPort: 'items' });
};

function assistant(step: StepBuilder): Fragment {
  const id = step.fixed('assistantId');
  if (id === '') return unsupported('Which assistant is asked is worked out in n8n.', 'An agent with the instructions of that assistant.', 'openai');
  return call(step, 'ask-assistant', { assistant_id: id, text: step.text('text', '{{ item.chatInput ?? input.text }}') }, { output: '{{ item.text ?? item.output ?? item }}', threadId: '{{ item.thread_id ?? "" }}' },
    'The assistant and its tools stay in the account of the connection; tools connected in n8n are not called.');
}

/** An action of the vendor whose answer gets n8n's fields. */
function call(step: StepBuilder, action: string, input: Record<string, unknown>, fields: Record<string, unknown> | null, remark: string | null = null): Fragment {
  const { id } = step.node;
  step.connection('openai', 'OpenAI');
  if (remark !== null) step.approximate(remark);
  const each = step.context.incoming(id).length > 0;
  const type = action === 'ask-assistant' ? 'connector.action' : 'connector.query';
  if (fields === null) {
    step.add(type, { connector: 'openai', action, input, each });
    step.approximate('It answers in the words of the vendor’s interface; pictures and sound come as an address or in Base64.');
    return step.fragment({ mappedTo: type, inputPort: 'input', outputPort: 'result' });
  }
  const asked = step.add(type, { connector: 'openai', action, input, each }, 'call', 'call');
  const item = addItems(step, fields);
  step.link(asked, 'result', item.node, item.input);
  return step.fragment({ mappedTo: type, input: () => ({ node: asked, port: 'input' }), outputPort: item.output });
}

/** An assistant of OpenAI as a step of its own: another way to ask one, or instructions for a new one. */
export const mapOpenAiAssistant: Mapper = (node, context) => {
  const step = new StepBuilder(node, context);
  if (step.fixed('mode') === 'existing' || step.fixed('assistantId') !== '') return assistant(step);
  step.add('agent.each', { modelId: modelNamed(node), prompt: step.text('text', '{{ item.chatInput ?? item.input ?? input.text }}'), system: step.text('instructions'), field: 'output' });
  step.approximate('The assistant was made at OpenAI for every run; here it is an agent with the same instructions.');
  return step.fragment({ mappedTo: 'agent.each', inputPort: 'items', outputPort: 'items', attach: new Map([['ai_tool', { node: node.id, port: 'tools' }]]) });
};
