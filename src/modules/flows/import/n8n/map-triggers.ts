import type { TRIGGER_KINDS } from '../../nodes/input/trigger.ts';
import { read, readList, readText } from '../plain.ts';
import type { Mapper } from './mapper.ts';
import { addItems } from './our-steps.ts';
import { StepBuilder } from './step-builder.ts';
import type { Fragment } from './fragment.ts';

/** A message of a person; the item has n8n's fields. */
export const mapChatTrigger: Mapper = (node, context) => {
  const step = new StepBuilder(node, context);
  const chat = step.add('input.chat', {}, 'chat', 'message');
  const item = addItems(step, { chatInput: '{{ input.text }}', sessionId: '', action: 'sendMessage' });
  step.link(chat, 'message', item.node, item.input);
  return step.fragment({ mappedTo: 'input.chat', outputPort: item.output });
};

type Kind = (typeof TRIGGER_KINDS)[number];

/** Starts a run with the data that came; `fields` say how n8n names them. */
const trigger = (kind: Kind, fields: Record<string, unknown> | null, label: (step: StepBuilder) => string = () => '', remark: string | null = null): Mapper => (node, context) => {
  const step = new StepBuilder(node, context);
  if (remark !== null) step.approximate(remark);
  const pinned = context.workflow.pinned.get(node.name);
  const sample = pinned === undefined ? undefined : kind === 'webhook' ? read(pinned[0], 'body') : pinned.length === 1 ? pinned[0] : pinned;
  const config = { kind, label: label(step).slice(0, 200), ...(sample === undefined ? {} : { sample }) };
  if (fields === null) {
    step.add('input.trigger', config);
    return step.fragment({ mappedTo: 'input.trigger', outputPort: 'data' });
  }
  const start = step.add('input.trigger', config, 'start', 'start');
  const item = addItems(step, fields);
  step.link(start, 'data', item.node, item.input);
  return step.fragment({ mappedTo: 'input.trigger', outputPort: item.output });
};

export const mapManualTrigger: Mapper = (node, context) => trigger('manual', null)(node, context);

/** Who calls the address sends the body; n8n tells headers and query apart from it, which the run does not know. */
export const mapWebhook: Mapper = trigger('webhook', { headers: '{{ {} }}', params: '{{ {} }}', query: '{{ item }}', body: '{{ item }}' }, (step) => step.fixed('path'), 'Headers of the call are not known to the flow; query and body are one.');

export const mapFormTrigger: Mapper = (node, context): Fragment => {
  const labels = readList(node.parameters['formFields'], 'values').map((field) => readText(field, 'fieldLabel') ?? readText(field, 'fieldName') ?? '').filter((label) => label !== '');
  return trigger('form', { submittedAt: '{{ now.toISO() }}', formMode: 'production', ...Object.fromEntries(labels.slice(0, 200).map((label) => [label, `{{ item[${JSON.stringify(label)}] ?? ${labels.length === 1 ? 'item.text ?? ' : ''}"" }}`])) }, (step) => step.fixed('formTitle'))(node, context);
};

const DATE = {
  timestamp: '{{ now.toISO() }}', 'Readable date': '{{ now.format("MMMM d yyyy, h:mm:ss a") }}', 'Readable time': '{{ now.format("h:mm:ss a") }}', 'Day of week': '{{ now.format("EEEE") }}', Year: '{{ now.format("yyyy") }}', Month: '{{ now.format("MMMM") }}', 'Day of month': '{{ now.format("dd") }}', Hour: '{{ now.format("HH") }}', Minute: '{{ now.format("mm") }}', Second: '{{ now.format("ss") }}', Timezone: 'UTC',
};

export const mapSchedule: Mapper = trigger('schedule', DATE, (step) => step.node.name, 'When it runs is set where the product is used, not in the flow; times are UTC.');

/** Other workflows call it with items. */
export const mapWorkflowTrigger: Mapper = trigger('sub-flow', null);

export const mapEmailTrigger: Mapper = trigger('email', null, (step) => step.node.name, 'The mailbox is watched by who runs the product; each mail starts the flow with its fields.');

/** Any other trigger: an event of an app. */
export const mapEventTrigger: Mapper = (node, context) => {
  const app = node.kind.replace(/^\w+\./, '').replace(/Trigger$/, '');
  return trigger('event', null, () => `${app}: ${node.name}`, `The event of ${app} has to be sent here by a webhook; it starts the flow with its data.`)(node, context);
};
