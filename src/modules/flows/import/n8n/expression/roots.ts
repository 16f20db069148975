import type { Emitted } from './emitted.ts';
import { TranslationProblem, value } from './emitted.ts';

/** An argument that n8n lets the model of an agent fill in: `$fromAI('name', 'description', 'type', default)`. */
export interface AgentArgument { name: string; description: string; type: string; fallback?: unknown }

/** What an expression may refer to around it. */
export interface ExpressionContext {
  /** Id of the step that carries the items of the step with that name. */
  step(name: string): string | undefined;
  /** A setting of a step, fixed text only; undefined where there is none. */
  setting(step: string | null, path: readonly string[]): unknown;
  /** The one step before, for `$prevNode`; null when there is none or several. */
  previous: string | null;
  workflow: { id: string | null; name: string; active: boolean };
  /** Takes an argument for the model and gives the text that reads it; absent where no model fills anything in. */
  fromAi?(argument: AgentArgument): string;
  /** Characters of expressions that may still be parsed for this file. */
  budget: { chars: number };
  /** Further names, e.g. `$response` while pages are fetched. */
  extra?: ReadonlyMap<string, string>;
}

/** Names that n8n knows and a flow here cannot know, with the reason. */
const ABSENT: ReadonlyMap<string, string> = new Map([
  ['$env', 'environment variables of the n8n server are not available'], ['$vars', 'variables of the n8n server are not available'],
  ['$secrets', 'secrets of the n8n server are not available'], ['$execution', 'the execution of the n8n server is not available'],
  ['$binary', 'files of the item are not read in expressions'], ['$getWorkflowStaticData', 'data kept between runs is not available'],
  ['$response', 'the response of a request is only known while pages are fetched'], ['$request', 'the request is only known while pages are fetched'],
  ['$pageCount', 'the page is only known while pages are fetched'], ['$evaluateExpression', 'expressions inside data are not evaluated'],
  ['$nodeVersion', 'the version of the step is not kept'], ['$nodeId', 'the id of the step is not kept'], ['$webhookId', 'the id of the webhook is not kept'],
]);

/** A global name of n8n as ours. Throws {@link TranslationProblem} for what is not available here; null for what is no name of n8n. */
export function rootOf(name: string, context: ExpressionContext): Emitted | null {
  const extra = context.extra?.get(name);
  if (extra !== undefined) return value(extra, true);
  switch (name) {
    case '$json': case '$data': return value('item', true);
    case '$itemIndex': case '$position': return value('index', true);
    case '$runIndex': return value('(loop?.index ?? 0)', true);
    case '$now': return value('now', true);
    case '$today': return value('today', true);
    case '$input': return { kind: 'source', item: 'item', items: 'items', name: null };
    case 'undefined': case 'NaN': case 'Infinity': return value(name, true);
    default: break;
  }
  const reason = ABSENT.get(name);
  if (reason !== undefined) throw new TranslationProblem(reason);
  return null;
}

/** `$workflow.name`, `$prevNode.name`, `$execution.mode`: what is known before a run. */
export function knownMember(root: string, key: string, context: ExpressionContext): Emitted | null {
  if (root === '$workflow') {
    const { id, name, active } = context.workflow;
    if (key === 'id') return value(JSON.stringify(id ?? ''), true);
    if (key === 'name') return value(JSON.stringify(name), true);
    if (key === 'active') return value(String(active), true);
  }
  if (root === '$prevNode') {
    if (key === 'name' && context.previous !== null) return value(JSON.stringify(context.previous), true);
    if (key === 'outputIndex' || key === 'runIndex') return value('0', true);
  }
  if (root === '$execution' && key === 'mode') return value('"production"', true);
  return null;
}

/** The step an expression names. */
export function sourceOf(name: string, context: ExpressionContext): Emitted {
  const id = context.step(name);
  if (id === undefined) throw new TranslationProblem(`there is no step “${name.slice(0, 80)}”`);
  const step = `steps[${JSON.stringify(id)}]`;
  return { kind: 'source', item: `${step}.item`, items: `${step}.items`, name };
}
