import { z } from 'zod';
import { resolve } from '../../expression/resolve.ts';
import type { Scope } from '../../expression/scope.ts';
import { scopeFor } from '../../expression/scope-for.ts';
import { isTemplate } from '../../expression/template.ts';
import type { NodeContext, NodeInputs, OutsideAction, Value } from '../../node-type.ts';
import { inputAt, text } from '../define-node.ts';
import { itemsOf, listOf, madeOf, wholeOf } from '../items.ts';
import { NodeError } from '../node-error.ts';
import { isRow, textOf, type Row } from '../values.ts';

/** Which action of which system, and with which connection. Ids are those of the catalogue of connectors. */
export const callConfig = {
  connector: z.string().max(100).default('').meta({ title: 'Connector' }),
  action: z.string().max(100).default('').meta({ title: 'Action' }),
  /** Values of the action's fields; texts may be templates. */
  input: z.record(z.string(), z.unknown()).default({}).meta({ title: 'Input', ui: { widget: 'code' } }),
  /** One of the flow's required connections; the connector's own id unless the flow needs several of it. */
  connection: z.string().max(100).nullable().default(null).meta({ title: 'Connection' }),
};

export const stepConfig = z.strictObject({
  ...callConfig,
  /** Once for each item that comes in, instead of once for all. */
  each: z.boolean().default(false).meta({ title: 'Once for each item' }),
});
export type StepConfig = z.output<typeof stepConfig>;
type CallConfig = Pick<StepConfig, 'connector' | 'action' | 'input' | 'connection'>;

/** Calls one step may make; more items are an error, not a surprise on somebody's bill. */
const CALLS_MAX = 1_000;
/** Reads that are under way at the same time. */
const READS_AT_ONCE = 4;

/** Does the action once, or once for each item; lists among the answers become items of one list. */
export async function callForItems(context: NodeContext, config: StepConfig, inputs: NodeInputs, effect: OutsideAction['effect']): Promise<Record<string, Value>> {
  await checkEffect(context, config, effect);
  await checkLiterals(context, config);
  const input = inputAt(inputs, 'input');
  const items = itemsOf(input);
  if (!config.each) return outputsOf(valueOf(await callOutside(context, config, resolveInput(config.input, scopeFor(context, items, 0, wholeOf(input))))));
  if (items.length > CALLS_MAX) throw new NodeError('node-limit', `${items.length} items came in; a step calls ${config.connector} at most ${CALLS_MAX} times.`);
  const results: unknown[] = [];
  const atOnce = effect === 'read' ? READS_AT_ONCE : 1;
  for (let start = 0; start < items.length; start += atOnce) {
    context.signal.throwIfAborted();
    const group = items.slice(start, start + atOnce).map(async (item, offset) => {
      const answer = await callOutside(context, config, resolveInput(config.input, scopeFor(context, items, start + offset)), String(start + offset));
      return (Array.isArray(answer) ? answer : [answer]).map((one: unknown) => madeOf(one, item));
    });
    results.push(...(await Promise.all(group)).flat());
  }
  return outputsOf(listOf(results));
}

/** Calls with an input that holds no templates any more. Throws NodeError. */
export async function callOutside(context: NodeContext, { connector, action, connection }: Omit<CallConfig, 'input'>, input: Row, place = ''): Promise<unknown> {
  if (!context.callOutside) throw new NodeError('node-connection-missing', `${connector} cannot be called from here.`);
  return context.callOutside({
    connector, action, input, ...(connection === null ? {} : { connection }),
    ...(context.idempotencyKey === undefined ? {} : { idempotencyKey: place === '' ? context.idempotencyKey : `${context.idempotencyKey}:${place}` }),
  });
}

export function resolveInput(input: Row, scope: Scope): Row {
  const resolved = resolve(input, scope);
  return isRow(resolved) ? resolved : {};
}

/** What the action is. Throws NodeError where the catalogue has no such action. */
export async function actionOf(context: NodeContext, { connector, action }: CallConfig): Promise<OutsideAction> {
  const found = await context.outsideAction?.(connector, action);
  if (!found) throw new NodeError('node-config-invalid', `There is no action "${action}" of a connector "${connector}".`);
  return found;
}

/** A step that promised to change nothing must not. */
async function checkEffect(context: NodeContext, config: CallConfig, effect: OutsideAction['effect']): Promise<void> {
  if (effect === 'read' && (await actionOf(context, config)).effect === 'write') throw new NodeError('node-config-invalid', `The action "${config.action}" of ${config.connector} changes something; it belongs into a step of type connector.action.`);
}

/** A field that is itself a language, such as SQL, is never put together from data: its values travel apart from it. */
export async function checkLiterals(context: NodeContext, config: CallConfig): Promise<void> {
  const properties = (await context.outsideAction?.(config.connector, config.action))?.input['properties'];
  for (const [name, value] of Object.entries(config.input)) {
    const field = isRow(properties) && Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (isRow(field) && field['literal'] === true && typeof value === 'string' && isTemplate(value)) throw new NodeError('node-config-invalid', `The field "${name}" of ${config.connector} must not hold templates. Put what varies into its values.`);
  }
}

const outputsOf = (result: Value): Record<string, Value> => ({ result, text: text(textOf(result)) });

export function valueOf(answer: unknown): Value {
  if (typeof answer === 'string') return text(answer);
  return Array.isArray(answer) ? listOf(answer) : { kind: 'json', json: answer ?? null };
}
