import { CORE_SCHEMA, load, YAMLException } from 'js-yaml';
import { DEPTH_MAX, lineAndColumn, scanJson, VALUES_MAX } from './json-text.ts';
import { isRecord } from './plain.ts';
import { strictJson } from './relaxed-json.ts';

/** YAML is read more slowly than JSON, and its authors write by hand; the largest published documents have 3 MB. */
const YAML_CHARS_MAX = 5 * 1024 * 1024;

/** Files that people write by hand are small. */
const RELAXED_CHARS_MAX = 2 * 1024 * 1024;

export interface UnreadableDocument { problem: { code: 'not-json' | 'too-large'; message: string; where?: string } }

/** Parses JSON, JSON with comments and the like (see {@link strictJson}), or YAML where the text is neither. Bounded in depth and number of values, aliases of YAML counted as often as they are used. */
export function readDocument(text: string): { document: unknown } | UnreadableDocument {
  const scan = scanJson(text);
  if (scan.kind === 'ok') {
    const document: unknown = JSON.parse(text);
    return { document };
  }
  const relaxed = scan.kind === 'fault' && text.length <= RELAXED_CHARS_MAX ? strictJson(text) : null;
  if (relaxed !== null && scanJson(relaxed).kind === 'ok') {
    const document: unknown = JSON.parse(relaxed);
    return { document };
  }
  const { line, column } = lineAndColumn(text, scan.offset);
  const where = `line ${line}, column ${column}`;
  if (scan.kind === 'too-large') return { problem: { code: 'too-large', message: `This file is too deep or too large to read: ${scan.message}.`, where } };
  if (startsAsJson(text)) return { problem: { code: 'not-json', message: `This file is not valid JSON: at ${where}, ${scan.message}.`, where } };
  return readYaml(text);
}

/** What begins like JSON is meant as JSON, and its author is helped most by the JSON error. */
const startsAsJson = (text: string): boolean => /^\s*[[{"]/.test(text.slice(0, 1_000)) || !/[:-]/.test(text.slice(0, 100_000));

function readYaml(text: string): { document: unknown } | UnreadableDocument {
  if (text.length > YAML_CHARS_MAX) return { problem: { code: 'too-large', message: `This file is too large to read as YAML. The most is ${YAML_CHARS_MAX / 1024 / 1024} MB; convert it to JSON.` } };
  try {
    // The core schema makes texts, numbers, booleans and null only: no dates, no types of a programming language.
    const document = load(text, { schema: CORE_SCHEMA, json: true });
    const excess = measure(document);
    return excess === null ? { document } : { problem: { code: 'too-large', message: `This file is too deep or too large to read: ${excess}.` } };
  } catch (error) {
    if (error instanceof RangeError) return { problem: { code: 'too-large', message: 'This file is nested too deeply to read.' } };
    if (!(error instanceof YAMLException)) throw error;
    const where = error.mark ? `line ${error.mark.line + 1}, column ${error.mark.column + 1}` : undefined;
    return { problem: { code: 'not-json', message: `This file is neither valid JSON nor valid YAML${where ? `: at ${where}, ${error.reason}` : `: ${error.reason}`}.`, ...(where ? { where } : {}) } };
  }
}

/** Why a parsed document is too large, or null. Walks aliases anew each time, as everything behind it would. */
function measure(document: unknown): string | null {
  let values = 0;
  const open: { value: unknown; depth: number }[] = [{ value: document, depth: 0 }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { value, depth } = next;
    values += 1;
    if (values > VALUES_MAX) return `it holds more than ${VALUES_MAX.toLocaleString('en')} values`;
    if (depth > DEPTH_MAX) return `it is nested more than ${DEPTH_MAX} levels deep`;
    const children = Array.isArray(value) ? value : isRecord(value) ? Object.values(value) : [];
    for (const child of children) open.push({ value: child, depth: depth + 1 });
  }
  return null;
}
