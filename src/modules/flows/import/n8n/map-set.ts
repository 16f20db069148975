import { isRecord, read, readList, readText } from '../plain.ts';
import type { Mapper } from './mapper.ts';
import { StepBuilder } from './step-builder.ts';

const TYPES: ReadonlyMap<string, string> = new Map([['string', 'text'], ['stringValue', 'text'], ['number', 'number'], ['numberValue', 'number'], ['boolean', 'boolean'], ['booleanValue', 'boolean'], ['array', 'list'], ['arrayValue', 'list'], ['object', 'object'], ['objectValue', 'object']]);
const FIELDS_MAX = 500;

interface SetField { name: string; value: unknown; type?: string }

/** Sets fields of every item, in all shapes of versions 1 to 3.4. */
export const mapSet: Mapper = (node, context) => {
  const step = new StepBuilder(node, context);
  const raw = step.fixed('mode') === 'raw';
  const keep = keptFields(step);
  if (raw) {
    const data = step.json(step.raw('jsonOutput')) ?? {};
    if (typeof data === 'string') {
      const inner = /^\{\{ ([^]*) \}\}$/.exec(data)?.[1] ?? 'item';
      step.add('transform.map', { value: keep.keep === 'none' ? data : `{{ {...item, ...(${inner})} }}` });
      if (keep.keep !== 'none' && keep.keep !== 'all') step.approximate('All other fields stay in the item.');
      return step.fragment({ mappedTo: 'transform.map', inputPort: 'input', outputPort: 'output' });
    }
    step.add('transform.set', { fields: isRecord(data) ? Object.entries(data).map(([name, value]) => ({ name, value })) : [], ...keep, dotPaths: false });
    return step.fragment({ mappedTo: 'transform.set', inputPort: 'input', outputPort: 'output' });
  }
  const fields = readFields(step).slice(0, FIELDS_MAX);
  const dotted = step.raw('options.dotNotation') !== false;
  step.add('transform.set', { fields, ...keep, ...(dotted ? {} : { dotPaths: false }), ...(node.executeOnce ? { each: false } : {}) });
  if (step.fixed('duplicateItem') === 'true') step.approximate('The item is not repeated.');
  for (const [index, { name, value }] of fields.entries()) {
    if (typeof value === 'string' && value !== '' && !value.includes('{{')) step.parameter(`fields.${index}.value`, name, value.length > 80 || value.includes('\n') ? 'long-text' : 'text', { exposed: true });
    else if (typeof value === 'number') step.parameter(`fields.${index}.value`, name, 'number', { exposed: true });
  }
  return step.fragment({ mappedTo: 'transform.set', inputPort: 'input', outputPort: 'output' });
};

function readFields(step: StepBuilder): SetField[] {
  const { parameters } = step.node;
  const newest = readList(read(parameters, 'assignments'), 'assignments');
  const newer = readList(read(parameters, 'fields'), 'values');
  if (newest.length > 0 || newer.length > 0) {
    return [...newest, ...newer].filter(isRecord).map((row) => {
      const type = readText(row, 'type') ?? 'string';
      const written = Object.hasOwn(row, 'value') ? row['value'] : row[type.endsWith('Value') ? type : `${type}Value`] ?? '';
      return fieldOf(step, readText(row, 'name'), written, TYPES.get(type));
    }).filter(({ name }) => name !== '');
  }
  // Older versions list values by kind, and take them as they are.
  return ['string', 'number', 'boolean'].flatMap((kind) => readList(read(parameters, 'values'), kind).filter(isRecord).map((row) => fieldOf(step, readText(row, 'name'), row['value'] ?? (kind === 'number' ? 0 : kind === 'boolean' ? false : ''), undefined))).filter(({ name }) => name !== '');
}

/** A value written as JSON text counts as data where a list or object is asked for. */
function fieldOf(step: StepBuilder, name: string | null, written: unknown, type: string | undefined): SetField {
  const value = type === 'list' || type === 'object' ? step.json(written) ?? null : step.value(written);
  return { name: (name ?? '').replace(/^=/, '').slice(0, FIELDS_MAX), value, ...(type === undefined ? {} : { type }) };
}

/** Which other fields stay. Before version 3 all unless told; in 3.0 to 3.2 all; from 3.3 on none. */
function keptFields(step: StepBuilder): Record<string, unknown> {
  const { version } = step.node;
  const listed = (path: string): string[] => step.fixed(path).split(',').map((name) => name.trim()).filter((name) => name !== '').slice(0, FIELDS_MAX);
  if (version < 3) return { keep: step.flag('keepOnlySet') ? 'none' : 'all' };
  const include = step.fixed('include');
  if (version >= 3.3 && !step.flag('includeOtherFields')) return { keep: 'none' };
  switch (include) {
    case 'none': return { keep: 'none' };
    case 'selected': return { keep: 'listed', listed: listed('includeFields') };
    case 'except': return { keep: 'all but listed', listed: listed('excludeFields') };
    default: return { keep: 'all' };
  }
}
