import type { EngineDocument } from '../ports.ts';
import { engineFileName } from './names.ts';
import { hasFailed, type WantedDocument } from './wanted-documents.ts';

/** What is to be done so that an engine holds what it should. */
export interface SyncPlan {
  send: WantedDocument[];
  /** Those whose parsing was never begun, or failed and is tried again. `id` is the engine's. */
  parse: { document: WantedDocument; id: string }[];
  ready: { document: WantedDocument; engineRef: string }[];
  failed: { document: WantedDocument; words: string }[];
  /** Documents that are being parsed. */
  underWay: number;
  /** Ids in the engine of what nobody wants any more. */
  remove: string[];
}

const EMPTY = 'It found no text in it.';

/**
 * Compares what the engine holds with what it should. A document that failed stays as it is unless `retry` names it. What
 * a document said before stays searchable until its new content is ready.
 */
export function planSync(wanted: readonly WantedDocument[], held: readonly EngineDocument[], retry: 'all' | ReadonlySet<string>): SyncPlan {
  const plan: SyncPlan = { send: [], parse: [], ready: [], failed: [], underWay: 0, remove: [] };
  const byName = new Map(held.map((document) => [document.name, document]));
  const kept = new Set<string>();
  for (const document of wanted) {
    const again = retry === 'all' || retry.has(document.id);
    const there = byName.get(engineFileName(document));
    if (there) kept.add(there.id);
    if (there?.state === 'done' && there.chunks > 0) {
      plan.ready.push({ document, engineRef: there.id });
      continue;
    }
    const failed = there?.state === 'failed' || there?.state === 'done';
    // What it did not take, or did not begin to parse, can only be told by what was written down then.
    const refused = there?.state !== 'parsing' && hasFailed(document);
    if ((failed || refused) && !again) {
      if (failed) plan.failed.push({ document, words: there.message ?? EMPTY });
      continue;
    }
    if (document.engineRef !== null) kept.add(document.engineRef);
    if (!there) plan.send.push(document);
    else if (there.state === 'parsing') plan.underWay += 1;
    else plan.parse.push({ document, id: there.id });
  }
  plan.remove = held.filter(({ id }) => !kept.has(id)).map(({ id }) => id);
  return plan;
}
