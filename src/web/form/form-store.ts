import { createContext, useCallback, useContext, useSyncExternalStore, type ComponentType } from 'react';
import type { FormErrors } from './form-problems.ts';
import type { FormNode, ObjectNode } from './form-model.ts';
import { getAt, pathKey, sameValue, setAt, type Path } from './form-values.ts';

/** The state of one open form. Fields subscribe to their own value, so that typing redraws one field and not the form. */
export interface FormStore {
  readonly model: ObjectNode;
  values(): unknown;
  errors(): FormErrors;
  isDirty(): boolean;
  set(path: Path, value: unknown): void;
  setErrors(errors: FormErrors): void;
  /** Goes back to what was saved, or to `saved` from now on. */
  reset(saved?: unknown): void;
  subscribe(listener: () => void): () => void;
}

export const createFormStore = (model: ObjectNode, start: unknown): FormStore => {
  let saved = start;
  let values = start;
  let errors: FormErrors = {};
  let dirty = false;
  const listeners = new Set<() => void>();
  const tell = () => { for (const listener of listeners) listener(); };
  return {
    model,
    values: () => values,
    errors: () => errors,
    isDirty: () => dirty,
    set(path, value) {
      values = setAt(values, path, value);
      dirty = !sameValue(values, saved);
      const key = pathKey(path);
      // What is being changed is no longer known to be wrong; the next check says.
      errors = Object.fromEntries(Object.entries(errors).filter(([at]) => at !== '' && at !== key && !at.startsWith(`${key}.`)));
      tell();
    },
    setErrors(next) { errors = next; tell(); },
    reset(next) {
      if (next !== undefined) saved = next;
      values = saved;
      errors = {};
      dirty = false;
      tell();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => { listeners.delete(listener); };
    },
  };
};

/** What surrounds the fields of a form: its store, locks and the ways to bring files in. */
export interface FormSurroundings {
  store: FormStore;
  disabled: boolean;
  /** Dotted path to the name of the plan that has it. */
  locked: Readonly<Record<string, string>>;
  plansHref?: string;
  uploadImage?: (file: File) => Promise<string>;
  /** How nested values are drawn. Handed down rather than imported, since drawing is recursive and modules must not be. */
  Node: ComponentType<{ node: FormNode; path: Path }>;
  Nodes: ComponentType<{ nodes: readonly FormNode[]; parent: Path; root: ObjectNode | null }>;
}

export const FormContext = createContext<FormSurroundings | null>(null);

export const useFormSurroundings = (): FormSurroundings => {
  const found = useContext(FormContext);
  if (found === null) throw new Error('A form field was drawn outside a form');
  return found;
};

/** Reads something from a form and redraws when it changes; `select` must return the same thing for the same state. */
export const useFormSelector = <T,>(select: (store: FormStore) => T): T => {
  const { store } = useFormSurroundings();
  return useSyncExternalStore(store.subscribe, () => select(store));
};

/** One value of the form, what is wrong with it, and the way to change it. */
export const useFormValue = (path: Path): { value: unknown; error: string | undefined; set: (value: unknown) => void } => {
  const { store } = useFormSurroundings();
  const key = pathKey(path);
  const value = useFormSelector((form) => getAt(form.values(), path));
  const error = useFormSelector((form) => form.errors()[key]);
  // eslint-disable-next-line react-hooks/exhaustive-deps -- a path with the same key is the same path
  const set = useCallback((next: unknown) => { store.set(path, next); }, [store, key]);
  return { value, error, set };
};

/** The plan named for exactly this path: where the lock itself is shown. */
export const useOwnLock = (path: Path): string | null => useFormSurroundings().locked[pathKey(path)] ?? null;

/** The plan that has what `path` lies in, or null if it is open. */
export const useLock = (path: Path): string | null => {
  const { locked } = useFormSurroundings();
  for (let length = path.length; length > 0; length--) {
    const plan = locked[pathKey(path.slice(0, length))];
    if (plan !== undefined) return plan;
  }
  return null;
};
