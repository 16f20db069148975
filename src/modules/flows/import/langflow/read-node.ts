import { isRecord, oneLine, read, readFlag, readList, readNumber, readRecord, readText } from '../plain.ts';
import type { PlainRecord } from '../plain.ts';
import { looksLikeVariableName } from '../secret-patterns.ts';
import type { GroupedNode, RawField, RawOutput } from './raw-flow.ts';

const texts = (values: readonly unknown[]): string[] => values.filter((value) => typeof value === 'string');

/** Sticky notes carry no logic. Some have no component name at all. */
export function isNote(node: unknown): boolean {
  const data = readRecord(node, 'data');
  const type = readText(data, 'type');
  return readText(node, 'type') === 'noteNode' || type === 'note' || type === 'noteNode' || (type === null && readRecord(readRecord(data, 'node'), 'template') === null);
}

/** Reads one node of the file. `id` is the id to use, already made unique. */
export function readNode(source: PlainRecord, id: string): GroupedNode {
  const data = readRecord(source, 'data');
  const node = readRecord(data, 'node');
  const template = readRecord(node, 'template') ?? {};
  const inner = readRecord(readRecord(node, 'flow'), 'data');
  const type = readText(data, 'type') ?? 'unknown';
  const code = readText(readRecord(template, 'code'), 'value');
  const title = readText(data, 'display_name') || readText(node, 'display_name') || type;
  return {
    id,
    type: oneLine(type, 100) || 'unknown',
    title: oneLine(title, 200),
    fields: readFields(template),
    outputs: readList(node, 'outputs').flatMap(readOutput),
    baseClasses: texts(readList(node, 'base_classes')),
    module: readText(readRecord(node, 'metadata'), 'module') ?? '',
    toolMode: readFlag(node, 'tool_mode'),
    edited: readFlag(node, 'edited'),
    code: code === null || code.trim() === '' ? null : code,
    position: readPosition(source),
    group: inner === null ? null : { inner, template },
  };
}

/** Reads the fields of a template; entries that are no fields (`_type`, null) are skipped. */
function readFields(template: PlainRecord): Map<string, RawField> {
  const fields = new Map<string, RawField>();
  for (const [name, field] of Object.entries(template)) {
    if (isRecord(field)) fields.set(name, readField(name, field));
  }
  return fields;
}

const readField = (name: string, field: PlainRecord): RawField => ({
  name,
  value: isVariable(field) ? '' : read(field, 'value') ?? null,
  type: readText(field, 'type') ?? '',
  title: oneLine(readText(field, 'display_name') ?? '', 120),
  info: oneLine(readText(field, 'info') ?? '', 500),
  show: read(field, 'show') !== false,
  advanced: readFlag(field, 'advanced'),
  multiline: readFlag(field, 'multiline'),
  options: texts(readList(field, 'options')),
});

/** Holds the name of a variable on the seller's server, not a value; the report lists it as required. */
const isVariable = (field: PlainRecord): boolean => readFlag(field, 'load_from_db') && looksLikeVariableName(readText(field, 'value') ?? '');

function readOutput(output: unknown): RawOutput[] {
  const name = readText(output, 'name');
  return name === null ? [] : [{ name, types: texts(readList(output, 'types')) }];
}

function readPosition(source: PlainRecord): { x: number; y: number } | undefined {
  const position = readRecord(source, 'position');
  const x = readNumber(position, 'x');
  const y = readNumber(position, 'y');
  return x === null || y === null ? undefined : { x, y };
}
