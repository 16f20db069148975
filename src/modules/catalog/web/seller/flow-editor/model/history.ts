/** A value with the steps that led to it and those that were taken back. */
export interface History<T> {
  readonly past: readonly T[];
  readonly present: T;
  readonly future: readonly T[];
  /** What the last change was about; a change about the same thing joins it, so that typing a word is one step. */
  readonly about: string | null;
}

/** Steps that can be taken back. */
export const STEPS_MAX = 100;

export const startHistory = <T,>(present: T): History<T> => ({ past: [], present, future: [], about: null });

/** Takes a step. With `about`, it joins the step before when that was about the same. The same value is no step. */
export const step = <T,>(history: History<T>, next: T, about: string | null = null): History<T> => {
  if (next === history.present) return history;
  if (about !== null && about === history.about) return { ...history, present: next, future: [] };
  return { past: [...history.past, history.present].slice(-STEPS_MAX), present: next, future: [], about };
};

export const undo = <T,>(history: History<T>): History<T> => {
  const previous = history.past.at(-1);
  return previous === undefined ? history : { past: history.past.slice(0, -1), present: previous, future: [history.present, ...history.future], about: null };
};

export const redo = <T,>(history: History<T>): History<T> => {
  const [next, ...rest] = history.future;
  return next === undefined ? history : { past: [...history.past, history.present], present: next, future: rest, about: null };
};
