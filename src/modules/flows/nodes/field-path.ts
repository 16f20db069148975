import { isData, isReadable, ownField } from '../expression/data.ts';
import type { Data } from '../expression/data.ts';

const STEPS_MAX = 20;

const stepsOf = (path: string): readonly string[] => path.split('.', STEPS_MAX);

/** A copy of data with one field set, by name or, when `nested`, by dot path; objects on the way are made. Names that lead to prototypes are ignored. */
export function withField(data: Data, path: string, value: unknown, nested: boolean): Data {
  const copy = { ...data };
  setField(copy, path, value, nested);
  return copy;
}

/** {@link withField} for data that is the caller's own: sets the field in it, objects inside it are copied. */
export function setField(data: Record<string, unknown>, path: string, value: unknown, nested: boolean): void {
  if (!nested || !path.includes('.')) {
    if (isReadable(path)) data[path] = value;
    return;
  }
  const [name = '', ...rest] = stepsOf(path);
  if (isReadable(name)) data[name] = withField(dataOr(ownField(data, name)), rest.join('.'), value, true);
}

/** A copy of data without one field, by name or dot path. */
export function withoutField(data: Data, path: string): Data {
  if (Object.hasOwn(data, path)) return without(data, path);
  const [name = '', ...rest] = stepsOf(path);
  const inner = ownField(data, name);
  return rest.length === 0 || !isData(inner) ? data : { ...data, [name]: withoutField(inner, rest.join('.')) };
}

function without(data: Data, name: string): Data {
  return Object.fromEntries(Object.entries(data).filter(([field]) => field !== name));
}

const dataOr = (value: unknown): Data => (isData(value) ? value : {});
