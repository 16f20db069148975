import type { Flow } from '#modules/flows/contract.ts';
import { redo, startHistory, step, undo, type History } from './history.ts';

export interface EditorState {
  history: History<Flow>;
  /** Ids of the chosen steps. */
  selection: readonly string[];
  /** Keys of the chosen connections. */
  edges: readonly string[];
}

/** The flow somebody works on, with what is chosen in it and the way back. */
export interface EditorStore {
  state: () => EditorState;
  subscribe: (listener: () => void) => () => void;
  /** Changes the flow; with `about`, one step together with the change before if that was about the same. */
  edit: (change: (flow: Flow) => Flow, options?: { about?: string; select?: readonly string[] }) => void;
  select: (selection: readonly string[], edges?: readonly string[]) => void;
  undo: () => void;
  redo: () => void;
  /** Begins anew with another flow. */
  replace: (flow: Flow) => void;
}

const same = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((item, index) => item === b[index]);

export const createEditorStore = (flow: Flow): EditorStore => {
  let state: EditorState = { history: startHistory(flow), selection: [], edges: [] };
  const listeners = new Set<() => void>();
  const set = (next: EditorState) => {
    state = next;
    for (const listener of listeners) listener();
  };
  /** What is chosen must exist. */
  const kept = (history: History<Flow>): EditorState => {
    const ids = new Set(history.present.nodes.map(({ id }) => id));
    return { history, selection: state.selection.filter((id) => ids.has(id)), edges: [] };
  };
  return {
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => { listeners.delete(listener); };
    },
    edit(change, { about, select } = {}) {
      const history = step(state.history, change(state.history.present), about ?? null);
      if (history === state.history && select === undefined) return;
      const next = kept(history);
      set(select === undefined ? next : { ...next, selection: select });
    },
    select(selection, edges = []) {
      if (!same(selection, state.selection) || !same(edges, state.edges)) set({ ...state, selection, edges });
    },
    undo() { set(kept(undo(state.history))); },
    redo() { set(kept(redo(state.history))); },
    replace(next) { set({ history: startHistory(next), selection: [], edges: [] }); },
  };
};
