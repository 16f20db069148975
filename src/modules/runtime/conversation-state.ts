import type { Flow } from '#modules/flows/contract.ts';

/** What a conversation may remember, as JSON in UTF-8. */
const STATE_BYTES_MAX = 64 * 1024;

const keptNames = ({ state }: Flow): Set<string> => new Set((state ?? []).filter(({ scope }) => scope === 'conversation').map(({ name }) => name));

/** The variables a run begins with: those the flow keeps for a conversation, with the values they had at its last message. */
export function stateBefore(flow: Flow, kept: Readonly<Record<string, unknown>> | undefined): Map<string, unknown> {
  const names = keptNames(flow);
  return new Map(Object.entries(kept ?? {}).filter(([name]) => names.has(name)));
}

/** What of a run's variables its conversation keeps: null where the flow keeps none, `too-large` past 64 KB. */
export function stateAfter(flow: Flow, state: ReadonlyMap<string, unknown>): Record<string, unknown> | null | 'too-large' {
  const names = keptNames(flow);
  if (names.size === 0) return null;
  const kept = Object.fromEntries([...state].filter(([name, value]) => names.has(name) && value !== undefined));
  return Buffer.byteLength(JSON.stringify(kept)) > STATE_BYTES_MAX ? 'too-large' : kept;
}
