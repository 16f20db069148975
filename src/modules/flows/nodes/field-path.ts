import { isData, isReadable, ownField } from '../expression/data.ts';
import type { Data } from '../expression/data.ts';

const STEPS_MAX = 20;

const stepsOf = (path: string, nested: boolean): readonly string[] => (nested ? path.split('.', STEPS_MAX) : [path]);

/** A copy of data with one field set, by name or, when `nested`, by dot path; objects on the way are made. Names that lead to prototypes are ignored. */
export function withField(data: Data, path: string, value: unknown, nested: boolean): Data {
  const [name = '', ...rest] = stepsOf(path, nested);
  if (!isReadable(name)) return data;
  const inner = rest.length === 0 ? value : withField(dataOr(ownField(data, name)), rest.join('.'), value, true);
  return { ...data, [name]: inner };
}

/** A copy of data without one field, by name or dot path. */
export function withoutField(data: Data, path: string): Data {
  if (Object.hasOwn(data, path)) return without(data, path);
  const [name = '', ...rest] = stepsOf(path, true);
  const inner = ownField(data, name);
  return rest.length === 0 || !isData(inner) ? data : { ...data, [name]: withoutField(inner, rest.join('.')) };
}

function without(data: Data, name: string): Data {
  return Object.fromEntries(Object.entries(data).filter(([field]) => field !== name));
}

const dataOr = (value: unknown): Data => (isData(value) ? value : {});
