import { isRecord } from '../plain.ts';
import { unsupported } from './fragment.ts';
import type { Fragment } from './fragment.ts';
import type { Mapper } from './mapper.ts';
import { StepBuilder } from './step-builder.ts';

/** Hands its items on, and shows an answer made of the first one. */
function answer(step: StepBuilder, value: unknown, type: 'output.text' | 'output.chat'): Fragment {
  const { id } = step.node;
  step.add('logic.pass', {});
  const output = step.add(type, {}, 'answer', 'answer');
  if (isRecord(value)) {
    const first = step.add('transform.limit', { count: 1 }, 'first', 'first');
    const shape = step.add('transform.set', { fields: Object.entries(value).map(([name, one]) => ({ name, value: one })), keep: 'none', dotPaths: false, each: false }, 'shape', 'shape');
    step.link(id, 'output', first, 'input');
    step.link(first, 'output', shape, 'input');
    step.link(shape, 'output', output, 'input');
  } else if (value === WHOLE) {
    const first = step.add('transform.limit', { count: 1 }, 'first', 'first');
    const shape = step.add('transform.set', { fields: [], each: false }, 'shape', 'shape');
    step.link(id, 'output', first, 'input');
    step.link(first, 'output', shape, 'input');
    step.link(shape, 'output', output, 'input');
  } else if (value === ALL) {
    step.link(id, 'output', output, 'input');
  } else {
    const text = step.add('transform.template', { template: typeof value === 'string' ? value : JSON.stringify(value) }, 'text', 'text');
    const first = step.add('transform.limit', { count: 1 }, 'first', 'first');
    step.link(id, 'output', first, 'input');
    step.link(first, 'output', text, 'input');
    step.link(text, 'text', output, 'input');
  }
  return step.fragment({ mappedTo: type, inputPort: 'input', outputPort: 'output' });
}

const WHOLE = Symbol('the first item');
const ALL = Symbol('all items');

/** The answer of a run that a program started. */
export const mapRespond: Mapper = (node, context) => {
  const step = new StepBuilder(node, context);
  const kind = step.fixed('respondWith') || 'firstIncomingItem';
  // Who chats gets the answer as a message; only messages count once there is one.
  const type = context.reachedFrom('langchain.chatTrigger').has(node.id) ? 'output.chat' : 'output.text';
  if (step.number('options.responseCode') !== null && step.number('options.responseCode') !== 200) step.approximate('The status of the answer is set by the platform.');
  switch (kind) {
    case 'firstIncomingItem': return answer(step, WHOLE, type);
    case 'allIncomingItems': return answer(step, ALL, type);
    case 'json': return answer(step, step.json(step.raw('responseBody')) ?? WHOLE, type);
    case 'text': return answer(step, step.text('responseBody'), type);
    case 'noData': return answer(step, 'OK', type);
    case 'redirect':
      step.approximate('The address is told in the answer; nobody is sent there.');
      return answer(step, step.text('redirectURL'), type);
    default: return unsupported(`An answer of the kind “${kind.slice(0, 40)}” is not available here.`, 'A text or data as the answer.');
  }
};

/** The last page of a form is an answer; a page between has to wait for somebody. */
export const mapFormPage: Mapper = (node, context) => {
  const step = new StepBuilder(node, context);
  if (step.fixed('operation') !== 'completion') return unsupported('It shows another page of a form and waits until somebody has filled it in.', 'One form with all of the fields.');
  return answer(step, [step.text('completionTitle'), step.text('completionMessage'), step.text('responseText')].filter((text) => text !== '').join('\n\n') || 'Done.', 'output.text');
};

/** A message into the conversation. */
export const mapChatMessage: Mapper = (node, context) => {
  const step = new StepBuilder(node, context);
  if (step.raw('waitUserReply') !== false && step.raw('options.waitUserReply') !== false && context.outgoing(node.id).length > 0) step.approximate('It does not wait for an answer; the flow goes on at once.');
  return answer(step, step.text('message'), 'output.chat');
};
