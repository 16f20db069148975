import type { ImportedNode, ImportReport } from '../contract.ts';
import type { FoundSecret } from './clean-definition.ts';
import type { ImportOutcome } from './import-outcome.ts';

/** Parts of a report and bounds of a flow that every importer shares. */

export const NODES_MAX = 2000;
export const EDGES_MAX = 10_000;
const WARNINGS_MAX = 200;

/** The refusal of a flow that is larger than any the engine takes. */
export function tooMany(count: number, what: 'nodes' | 'connections' = 'nodes'): ImportOutcome {
  const max = what === 'nodes' ? NODES_MAX : EDGES_MAX;
  return { kind: 'refused', code: 'too-many-nodes', message: `This flow has ${count.toLocaleString('en')} ${what}. The most is ${max.toLocaleString('en')}.` };
}

/** Warnings as they go into a report: never more than somebody would read. */
export const bounded = (warnings: readonly string[]): readonly string[] =>
  warnings.length > WARNINGS_MAX ? [...warnings.slice(0, WARNINGS_MAX), `There are ${warnings.length - WARNINGS_MAX} more remarks like these.`] : warnings;

export const distinct = (values: readonly string[]): string[] => [...new Set(values)];

/** What patterns found and what the fields say, each place once. */
export function mergeSecrets(found: readonly FoundSecret[], marked: readonly FoundSecret[]): FoundSecret[] {
  const seen = new Set<string>();
  return [...marked, ...found].filter(({ node, field, kind, name }) => {
    const key = `${node}\n${field}\n${kind}\n${kind === 'required' ? name : ''}`;
    return seen.has(key) ? false : (seen.add(key), true);
  });
}

/** Tells the seller that credentials were removed, and what that means for them; empty when there were none. */
export function strippedNotice(secrets: readonly FoundSecret[]): string[] {
  const count = secrets.filter((secret) => secret.kind === 'stripped').length;
  if (count === 0) return [];
  const them = count === 1 ? 'it' : 'them';
  return [`${count === 1 ? 'A credential was' : `${count} credentials were`} found in the file and removed. Change ${them} where you got ${them}: the file may have been seen by others.`];
}

/** The part of a report about nodes, from what became of each. */
export const nodesOf = (all: ImportedNode[]): ImportReport['nodes'] => ({
  total: all.length,
  supported: all.filter((node) => node.support === 'supported').length,
  approximated: all.filter((node) => node.support === 'approximated').length,
  unsupported: all.filter((node) => node.support === 'unsupported')
    .map(({ id, type, reason, substitute }) => ({ id, type, reason: [reason, substitute && `Closest: ${substitute}`].filter(Boolean).join(' ') })),
  all,
});
