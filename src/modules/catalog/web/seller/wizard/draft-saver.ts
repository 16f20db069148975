import type { Output } from '#platform/contract/endpoint.ts';
import { asProblem, type ApiProblem } from '#web/api/problem.ts';
import type { DraftPatch, providerEndpoints } from '../../../contract.ts';

/** The draft as the server keeps it, with what it still lacks. */
export type DraftView = Output<typeof providerEndpoints.getDraft>;

export interface SaveState {
  /** `waiting`: changed, and sent after a pause in typing. */
  status: 'saved' | 'waiting' | 'saving' | 'failed';
  problem: ApiProblem | null;
  /** What the server does not have yet. */
  unsaved: DraftPatch;
}

export interface DraftSaver {
  state: () => SaveState;
  subscribe: (listener: () => void) => () => void;
  change: (patch: DraftPatch) => void;
  /** Sends what waits, now. Resolves when nothing is left to send, or sending failed. */
  flush: () => Promise<void>;
}

/** How long after a lost connection or a busy server it is tried again by itself. */
const RETRY_MS = 4_000;

/**
 * Keeps a draft while somebody works on it: changes are gathered and sent after a pause, one request at a time, the
 * newest value of each part winning. A part that could not be sent stays and is sent again with the next change, or by
 * itself when only the connection was lost.
 */
export const createDraftSaver = (options: {
  send: (patch: DraftPatch) => Promise<DraftView>;
  onSaved: (view: DraftView) => void;
  /** The pause, in milliseconds. */
  delayMs?: number;
}): DraftSaver => {
  const { send, onSaved, delayMs = 600 } = options;
  let waiting: DraftPatch = {};
  let sent: DraftPatch = {};
  let running: Promise<void> | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let state: SaveState = { status: 'saved', problem: null, unsaved: {} };
  const listeners = new Set<() => void>();

  const tell = (status: SaveState['status'], problem: ApiProblem | null = null) => {
    state = { status, problem, unsaved: { ...sent, ...waiting } };
    for (const listener of listeners) listener();
  };
  const isEmpty = () => Object.keys(waiting).length === 0;
  const later = (ms: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => { void flush(); }, ms);
  };

  const work = async (): Promise<void> => {
    while (!isEmpty()) {
      sent = waiting;
      waiting = {};
      tell('saving');
      try {
        const view = await send(sent);
        sent = {};
        onSaved(view);
      } catch (error) {
        const problem = asProblem(error);
        waiting = { ...sent, ...waiting };
        sent = {};
        tell('failed', problem);
        if (problem.kind === 'network' || problem.status >= 500 || problem.status === 429) later(RETRY_MS);
        return;
      }
    }
    tell('saved');
  };
  const flush = async (): Promise<void> => {
    clearTimeout(timer);
    if (running === null && isEmpty()) return;
    running ??= work().finally(() => { running = null; });
    await running;
  };

  return {
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => { listeners.delete(listener); };
    },
    change(patch) {
      waiting = { ...waiting, ...patch };
      tell(running === null ? 'waiting' : 'saving');
      later(delayMs);
    },
    flush,
  };
};
