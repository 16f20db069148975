import { isRecord, readList, readText } from '../../plain.ts';
import type { StepBuilder } from '../step-builder.ts';

/** Where a value comes from: settings by dot path, the first that is there of several separated by `|`; or worked out. */
export type FieldSpec = string | ((step: StepBuilder) => unknown);

/** One operation of an app as an action of a connector. */
export interface AppOperation {
  action: string;
  fields: Readonly<Record<string, FieldSpec>>;
  /** How it differs; absent where it only answers in the words of the app's own API. */
  remark?: string;
  /** Answers exactly as n8n does. */
  exact?: true;
  /** Where the items are in the answer, as an expression over it that gives a list; the answer itself where it is absent. */
  items?: string;
  /** The field whose value n8n gives back instead of the answer, e.g. the row that was added. */
  echo?: string;
}

/** An app of n8n: which connector serves it, and what its resources and operations become. */
export interface App {
  connector: string;
  /** Which connection pays, where the connector serves several systems (`http`); the connector's own id otherwise. */
  connection?: string;
  title: string;
  /** What n8n takes where the file names no resource, and no operation of a resource: n8n leaves out what is usual. */
  usual: Readonly<Record<string, string>>;
  /** By `resource:operation`, or `:operation` for apps without resources. */
  operations: Readonly<Record<string, AppOperation>>;
}

export const op = (action: string, fields: Readonly<Record<string, FieldSpec>> = {}, more: { remark?: string; exact?: true; items?: string; echo?: string } = {}): AppOperation => ({ action, fields, ...more });

/** The answer is a list under a name, or one object under a name: n8n gives what is inside. */
export const listIn = (path: string): { items: string } => ({ items: `item.${path.replaceAll('.', '?.')} ?? [item]` });
export const oneIn = (name: string): { items: string } => ({ items: `[item.${name} ?? item]` });

/** Evaluates the fields of an operation; what is missing or empty is left out. */
export function inputOf(step: StepBuilder, fields: Readonly<Record<string, FieldSpec>>): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  for (const [name, spec] of Object.entries(fields)) {
    const found = typeof spec === 'function' ? spec(step) : first(step, spec);
    if (found !== undefined && found !== null && found !== '') input[name] = found;
  }
  return input;
}

function first(step: StepBuilder, spec: string): unknown {
  for (const path of spec.split('|')) {
    const raw = step.raw(path);
    if (raw === undefined || raw === null || raw === '') continue;
    const found = step.value(raw);
    if (found !== '') return found;
  }
  return undefined;
}

/** A fixed value. */
export const always = (fixed: unknown): FieldSpec => () => fixed;

/** n8n's limit of a list: all of them, or `limit`, 50 where nothing is said. */
export const limited = (max: number, path = 'limit'): FieldSpec => (step) => (step.flag('returnAll') ? max : Math.min(max, Math.max(1, Math.round(step.number(path) ?? 50))));

/** An id, taken out of an address where the file has one. */
export const idIn = (path: string, pattern: RegExp): FieldSpec => (step) => {
  const fixed = step.fixed(path);
  const found = pattern.exec(fixed)?.[1];
  return found ?? step.text(path);
};

/** Texts separated by commas, or lists, as a list. */
export const listed = (path: string): FieldSpec => (step) => {
  const raw = step.raw(path);
  if (Array.isArray(raw)) return raw.length === 0 ? undefined : step.value(raw);
  const fixed = step.fixed(path);
  if (fixed !== '') return fixed.split(',').map((one) => one.trim()).filter((one) => one !== '');
  const text = step.text(path);
  return text === '' ? undefined : `{{ String(${step.expression(raw)}).split(",").map(one => one.trim()).filter(one => one != "") }}`;
};

/** A list of lists or objects as texts separated by commas. */
export const joined = (path: string): FieldSpec => (step) => {
  const raw = step.raw(path);
  return Array.isArray(raw) ? raw.map((one) => step.template(one)).filter((one) => one !== '').join(',') : step.text(path);
};

/** Rows of `{[nameKey], [valueKey]}` as fields by name. */
export const namedValues = (path: string, nameKey: string, valueKey: string): FieldSpec => (step) => {
  const rows = rowsAt(step, path);
  const entries = rows.flatMap((row): [string, unknown][] => {
    const name = readText(row, nameKey);
    return name === null || name === '' ? [] : [[name, step.value(row[valueKey])]];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
};

/** Values of one key in a list of rows. */
export const plucked = (path: string, key: string): FieldSpec => (step) => {
  const found = rowsAt(step, path).map((row) => step.value(row[key])).filter((one) => one !== '' && one !== null);
  return found.length === 0 ? undefined : found;
};

export const rowsAt = (step: StepBuilder, path: string): Record<string, unknown>[] => {
  const found = step.raw(path);
  return (Array.isArray(found) ? found : isRecord(found) ? readList(found, 'values') : []).filter(isRecord).slice(0, 500);
};

/** What the item holds: n8n's "map automatically". */
export const wholeItem = '{{ item }}';

/** Columns of the newer tables: written out (`columns.value`) or taken from the item. */
export const columns: FieldSpec = (step) => (step.fixed('columns.mappingMode') === 'autoMapInputData' || !isRecord(step.raw('columns.value')) ? wholeItem : step.value(step.raw('columns.value')));

/** All settings under a path as fields. */
export const fieldsAt = (path: string): FieldSpec => (step) => {
  const found = step.raw(path);
  return isRecord(found) && Object.keys(found).length > 0 ? step.value(found) : undefined;
};
