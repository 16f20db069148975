import { createHash } from 'node:crypto';
import type { Flow, ImportReport } from '../contract.ts';
import { detectFormat, detectYaml } from './formats.ts';
import type { ForeignFormat } from './formats.ts';
import { decodeText, lineAndColumn, scanJson } from './json-text.ts';
import { importLangflow } from './langflow/import-langflow.ts';
import { oneLine, readText } from './plain.ts';

/** Largest file accepted, in bytes; larger ones are refused before anything is read. */
export const IMPORT_BYTES_MAX = 20 * 1024 * 1024;

export interface ImportOptions {
  /** Only for naming a flow that has no name; never used as a path. */
  fileName?: string;
  /** Which flow of a file that holds several, counted from 0. */
  pick?: number;
}

export interface ImportResult {
  flow: Flow;
  report: ImportReport;
  /** The picked flow as the file has it, without credentials and dangerous keys: the copy to store. */
  definition: unknown;
  /** Names of all flows in the file, in order; the index is what `pick` takes. */
  alternatives: string[];
}

export interface ImportFailure {
  problem: {
    code: 'not-json' | 'too-large' | 'too-many-nodes' | 'unknown-format' | 'format-not-yet-supported' | 'damaged' | 'empty';
    /** For the person who chose the file. */
    message: string;
    /** Line and column, or the path inside the file. */
    where?: string;
  };
}

/**
 * Turns an exported flow into ours, with a report of what became of it. Pure and total: it reads nothing but its
 * arguments, runs and fetches nothing the file names, and answers every input, hostile ones included.
 */
export function importFlow(source: Uint8Array | string, options: ImportOptions = {}): ImportResult | ImportFailure {
  const size = typeof source === 'string' ? Buffer.byteLength(source) : source.byteLength;
  if (size > IMPORT_BYTES_MAX) {
    return failure('too-large', `This file has ${megabytes(size)} MB. The most is ${megabytes(IMPORT_BYTES_MAX)} MB.`);
  }
  const decoded = typeof source === 'string' ? source : decodeText(source);
  if (decoded === null) return failure('not-json', 'This file is not text. Choose a flow that was exported as JSON.');
  const text = decoded.startsWith('\ufeff') ? decoded.slice(1) : decoded;
  if (text.trim() === '') return failure('empty', 'This file is empty.');

  const parsed = parse(text);
  if ('problem' in parsed) return parsed;
  const detected = detectFormat(parsed.document);
  if (detected.format !== 'langflow') return foreign(detected);

  const alternatives = detected.flows.map((flow, index) => oneLine(readText(flow, 'name') ?? '', 200) || `Flow ${index + 1}`);
  const index = options.pick ?? 0;
  if (!Number.isInteger(index) || index < 0 || index >= detected.flows.length) {
    return failure('empty', `This file has ${detected.flows.length === 1 ? 'one flow' : `${detected.flows.length} flows`}; there is no flow ${index + 1}.`);
  }
  const sha256 = createHash('sha256').update(source).digest('hex');
  const imported = importLangflow(detected.flows[index], sha256, nameOfFile(options.fileName));
  if (imported.kind === 'refused') return failure(imported.code, imported.message, imported.where);
  const { flow, report, definition } = imported;
  const others = alternatives.filter((_, other) => other !== index);
  const notice = others.length > 0 && options.pick === undefined ? [`The file holds ${alternatives.length} flows. This is “${alternatives[0]}”; the others are ${list(others)}.`] : [];
  return { flow, report: { ...report, warnings: [...notice, ...report.warnings] }, definition, alternatives };
}

function parse(text: string): { document: unknown } | ImportFailure {
  const scan = scanJson(text);
  if (scan.kind !== 'ok') {
    const { line, column } = lineAndColumn(text, scan.offset);
    const where = `line ${line}, column ${column}`;
    if (scan.kind === 'too-large') return failure('too-large', `This file is too deep or too large to read: ${scan.message}.`, where);
    const yaml = detectYaml(text);
    return yaml.format === 'unknown' ? failure('not-json', `This file is not valid JSON: at ${where}, ${scan.message}.`, where) : foreign(yaml);
  }
  const document: unknown = JSON.parse(text);
  return { document };
}

function foreign(detected: ForeignFormat): ImportFailure {
  if (detected.format === 'unknown') {
    return failure('unknown-format', 'This file is not a flow we know. Choose a flow exported from Langflow as JSON.');
  }
  return failure('format-not-yet-supported', `This is a file of ${detected.title}. Importing from ${detected.title} is not possible yet; choose a flow exported from Langflow.`);
}

const failure = (code: ImportFailure['problem']['code'], message: string, where?: string): ImportFailure => ({
  problem: where === undefined ? { code, message } : { code, message, where },
});

const megabytes = (bytes: number): string => (bytes / 1024 / 1024).toFixed(1).replace(/\.0$/, '');

const LISTED_MAX = 10;
const list = (names: readonly string[]): string =>
  names.slice(0, LISTED_MAX).map((name) => `“${name}”`).join(', ') + (names.length > LISTED_MAX ? ` and ${names.length - LISTED_MAX} more` : '');

/** The last part of a file name without its ending. */
const nameOfFile = (fileName: string | undefined): string =>
  oneLine((fileName ?? '').slice(-500).split(/[/\\]/).at(-1) ?? '', 200).replace(/\.[a-z0-9]{1,5}$/i, '').replace(/^\.+/, '');
