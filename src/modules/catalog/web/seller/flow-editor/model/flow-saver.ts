import type { Flow } from '#modules/flows/contract.ts';
import { asProblem, type ApiProblem } from '#web/api/problem.ts';

export interface FlowSaveState {
  /** `refused`: this flow cannot be kept as it is. `conflict`: somebody else saved in the meantime. `failed`: try again. */
  status: 'saved' | 'waiting' | 'saving' | 'refused' | 'conflict' | 'failed';
  problem: ApiProblem | null;
}

export interface FlowSaver {
  state: () => FlowSaveState;
  subscribe: (listener: () => void) => () => void;
  /** Keeps this flow after a pause; `saved` when it is what is stored anyway. */
  change: (flow: Flow) => void;
  /** Sends what waits, now; resolves when it is stored or was refused. */
  flush: () => Promise<void>;
  /** Puts the own flow in place of the newer one, or builds on `flowId` from now on without sending anything. */
  rebase: (flowId: string | null, options: { keep: boolean }) => Promise<void>;
}

const RETRY_MS = 4_000;

/**
 * Keeps the flow while somebody edits it. Every save names the stored flow it builds on, so that two people (or two
 * tabs) never overwrite each other unseen. One request at a time; the newest flow wins.
 */
export const createFlowSaver = (options: {
  basedOn: string | null;
  send: (flow: Flow, basedOn: string | null) => Promise<{ flow_id: string }>;
  /** The pause in milliseconds. */
  delayMs?: number;
}): FlowSaver => {
  const { send, delayMs = 1_000 } = options;
  let { basedOn } = options;
  let waiting: Flow | null = null;
  let running: Promise<void> | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let state: FlowSaveState = { status: 'saved', problem: null };
  const listeners = new Set<() => void>();
  const tell = (status: FlowSaveState['status'], problem: ApiProblem | null = null) => {
    state = { status, problem };
    for (const listener of listeners) listener();
  };
  const later = (ms: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => { void flush(); }, ms);
  };
  const statusOf = (problem: ApiProblem): FlowSaveState['status'] => (problem.status === 409 ? 'conflict' : problem.status === 422 || problem.status === 413 ? 'refused' : 'failed');

  const work = async (): Promise<void> => {
    while (waiting !== null) {
      const flow: Flow = waiting;
      waiting = null;
      tell('saving');
      try {
        basedOn = (await send(flow, basedOn)).flow_id;
      } catch (error) {
        const problem = asProblem(error);
        // What came in while this was refused is newer and tried on its own; otherwise this one stays unsaved.
        const status = statusOf(problem);
        if (waiting !== null && status === 'refused') continue;
        waiting ??= flow;
        tell(status, problem);
        if (status === 'failed' && (problem.kind === 'network' || problem.status >= 500 || problem.status === 429)) later(RETRY_MS);
        return;
      }
    }
    tell('saved');
  };
  const flush = async (): Promise<void> => {
    clearTimeout(timer);
    if (running === null && waiting === null) return;
    running ??= work().finally(() => { running = null; });
    await running;
  };

  return {
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => { listeners.delete(listener); };
    },
    change(flow) {
      waiting = flow;
      // Nothing is sent over somebody else's flow until it is decided whose stays.
      if (state.status === 'conflict') return;
      tell(running === null ? 'waiting' : 'saving');
      later(delayMs);
    },
    flush: async () => (state.status === 'conflict' ? undefined : flush()),
    async rebase(flowId, { keep }) {
      basedOn = flowId;
      if (keep) return flush();
      clearTimeout(timer);
      waiting = null;
      tell('saved');
    },
  };
};
