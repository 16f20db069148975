import { setTimeout as timer } from 'node:timers/promises';
import { partsOf, tablesOf } from './choose-tables.ts';
import type { DatabaseContext, Session, TableShape } from './engine.ts';

/** Changes come in groups: so long after the first, somebody is told. */
const GROUP_MS = 2_000;

/**
 * Resolves when the rows that are read may have changed since the last reading, or when the signal ends. A database that
 * tells of changes is listened to, and asked besides for what tells two states apart; where it has nothing of the kind,
 * this resolves after one turn, so that the rows themselves are looked at.
 */
export async function watch(session: Session, context: DatabaseContext, pollMs: number): Promise<void> {
  const { signal, checkpoint } = context;
  const tables = tablesOf(await partsOf(session, context));
  const mark = typeof checkpoint?.mark === 'string' ? checkpoint.mark : await session.mark(tables);
  const done = new AbortController();
  const either = AbortSignal.any([signal, done.signal]);
  try {
    const told = session.listen?.(tables, mark, either);
    const asked = session.listensFromMark ? undefined : ask(session, tables, mark, { pollMs, isTold: told !== undefined, signal: either });
    await Promise.race([told, asked].filter((turn) => turn !== undefined));
    await rest(GROUP_MS, signal);
  } finally {
    done.abort();
  }
}

async function ask(session: Session, tables: readonly TableShape[], before: string | null, { pollMs, isTold, signal }: { pollMs: number; isTold: boolean; signal: AbortSignal }): Promise<void> {
  while (!signal.aborted) {
    const now = await session.mark(tables);
    if (now !== null && now !== before) return;
    await rest(pollMs, signal);
    if (now === null && !isTold) return;
  }
}

const rest = async (ms: number, signal: AbortSignal): Promise<void> => timer(ms, undefined, { signal }).catch(() => undefined);
