import type { Fragment } from '../fragment.ts';
import { unsupported } from '../fragment.ts';
import { StepBuilder } from '../step-builder.ts';
import { toolArguments, toolDescription, toolName } from '../tool-settings.ts';
import type { Mapper } from '../mapper.ts';
import { inputOf } from './app-mapping.ts';
import { readBefore } from './document-apps.ts';
import type { App, AppOperation } from './app-mapping.ts';

/** Actions whose names tell that they only read. */
const READS = /^(?:get|list|search|read|query|find|download|export|history|replies|videos?|channel|comments|playlist-items|current|forecast|select|match-documents|balance|free-busy|latest-release|analyze-image|transcribe|translate-audio|speech|moderate|embed|create-image|page|retrieve|stats|scroll|contents|answer$|scrape|map|crawl|extract|quote|news|rerank|text-to-speech|quick-search|instant-answer|smart-scraper|markdownify|http-get)/;

export const readsOnly = (action: string): boolean => READS.test(action);

const OWN_WORDS = 'It answers in the words of the app’s own interface, so names of fields may differ from what n8n gave.';

/** A step of an app as an action of its connector, or as a tool of an agent. */
export const mapApp = (app: App): Mapper => (node, context) => {
  const reader = new StepBuilder(node, context);
  const resource = reader.fixed('resource') || app.usual[''] || '';
  const operation = reader.fixed('operation') || app.usual[resource] || '';
  const known = find(app, resource, operation);
  if (known === undefined) {
    const what = [operation, resource].filter((part) => part !== '').join(' ') || 'This operation';
    return unsupported(`“${what}” of ${app.title} is not available here.`, `A step that calls the interface of ${app.title} over HTTP, or another operation of ${app.title}.`, app.connection ?? app.connector);
  }
  return node.isTool ? asTool(app, known, new StepBuilder(node, context, { fromAi: ({ name }) => `item[${JSON.stringify(name)}]` })) : asStep(app, known, reader);
};

/** The operation by resource and name; by name alone where only one resource has it. */
function find(app: App, resource: string, operation: string): AppOperation | undefined {
  const exact = `${resource}:${operation}`;
  if (Object.hasOwn(app.operations, exact)) return app.operations[exact];
  const matching = Object.keys(app.operations).filter((key) => key.endsWith(`:${operation}`));
  return resource === '' && matching.length === 1 && matching[0] !== undefined ? app.operations[matching[0]] : undefined;
}

const callOf = (app: App, operation: AppOperation, step: StepBuilder): { connector: string; action: string; input: Record<string, unknown>; connection?: string } => ({
  connector: app.connector, action: operation.action, input: inputOf(step, operation.fields), ...(app.connection === undefined ? {} : { connection: app.connection }),
});

function asStep(app: App, operation: AppOperation, step: StepBuilder): Fragment {
  const type = readsOnly(operation.action) ? 'connector.query' : 'connector.action';
  const fed = step.context.incoming(step.node.id).length > 0;
  const { input: written, ...call } = callOf(app, operation, step);
  const prepared = prepare(operation, written, step);
  const before = readBefore(step, operation.action);
  const after = operation.echo === undefined ? operation.items : `[steps[${JSON.stringify(`${step.node.id}:given`)}].item[${JSON.stringify(operation.echo)}]]`;
  const suffix = after === undefined ? '' : 'call';
  const worker = step.add(type, { ...call, input: prepared.input, each: fed && !step.node.executeOnce }, suffix, suffix);
  if (prepared.node !== null) step.link(prepared.node, 'output', worker, 'input');
  const first = prepared.node ?? worker;
  const entry = before === null ? first : step.add('logic.pass', {}, 'in', 'in');
  if (before !== null) {
    const read = step.add('connector.query', { connector: app.connector, action: before.action, input: before.input }, before.suffix, 'rows');
    step.link(entry, 'output', read, 'input');
    step.link(entry, 'output', first, 'input');
  }
  if (after !== undefined) {
    const list = step.add('transform.set', { fields: [{ name: 'items', value: `{{ ${after} }}` }], keep: 'none' }, 'items', 'items');
    step.add('transform.split-out', { field: 'items' });
    step.link(worker, 'result', list, 'input');
    step.link(list, 'output', step.node.id, 'input');
  }
  remark(app, operation, step);
  for (const [name, value] of Object.entries(prepared.input)) {
    if (typeof value === 'string' && value !== '' && value.length < 4_000 && !value.includes('{{')) step.parameter(`input.${name}`, `${step.node.name}: ${name.replaceAll('_', ' ')}`, value.includes('\n') ? 'long-text' : 'text', { ...(suffix === '' ? {} : { suffix }), exposed: EXPOSED.has(name) });
  }
  return step.fragment({ mappedTo: type, input: () => ({ node: entry, port: 'input' }), outputPort: after === undefined ? 'result' : 'output' });
}

const EXPOSED: ReadonlySet<string> = new Set(['channel', 'chat_id', 'to', 'channelId', 'spreadsheetId', 'folderId', 'database_id', 'baseId', 'tableId', 'calendarId', 'subject']);

/** Where the answer is what was given, it is worked out in a step before the call, so that it can be given back after it. */
function prepare(operation: AppOperation, written: Record<string, unknown>, step: StepBuilder): { node: string | null; input: Record<string, unknown> } {
  const { echo } = operation;
  if (echo === undefined) return { node: null, input: written };
  const moved = Object.entries(written).filter(([name, value]) => name === echo || (typeof value === 'string' ? value.includes('{{') : typeof value === 'object'));
  const node = step.add('transform.set', { fields: moved.map(([name, value]) => ({ name, value })), keep: 'none', dotPaths: false }, 'given', 'given');
  const passed = Object.fromEntries(moved.filter(([name]) => name !== 'given').map(([name]) => [name, `{{ item[${JSON.stringify(name)}] }}`]));
  const { given: _given, ...fixed } = written;
  return { node, input: { ...fixed, ...passed } };
}

function asTool(app: App, operation: AppOperation, step: StepBuilder): Fragment {
  const call = callOf(app, operation, step);
  step.add('connector.tool', { ...call, name: toolName(step), description: toolDescription(step, `${operation.action.replaceAll('-', ' ')} in ${app.title}`), parameters: toolArguments(step) });
  remark(app, operation, step);
  return step.fragment({ mappedTo: 'connector.tool', offers: { node: step.node.id, port: 'tool' } });
}

function remark(app: App, operation: AppOperation, step: StepBuilder): void {
  step.connection(app.connection ?? app.connector, app.title, app.connector);
  if (operation.remark !== undefined) step.approximate(operation.remark);
  if (operation.exact !== true) step.approximate(OWN_WORDS);
}
