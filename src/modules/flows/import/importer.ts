import { createHash } from 'node:crypto';
import type { Flow, ImportReport } from '../contract.ts';
import { importDify } from './dify/import-dify.ts';
import { importFlowise } from './flowise/import-flowise.ts';
import { detectFormat } from './formats.ts';
import type { ImportFormat, Importer } from './import-outcome.ts';
import { decodeText } from './json-text.ts';
import { importLangflow } from './langflow/import-langflow.ts';
import { importMcp } from './mcp/import-mcp.ts';
import { importN8n } from './n8n/import-n8n.ts';
import { importOpenApi } from './openapi/import-openapi.ts';
import { oneLine } from './plain.ts';
import { readDocument } from './read-document.ts';

/** One importer for each format that can be imported. */
const importers: Record<ImportFormat, Importer> = {
  langflow: importLangflow,
  n8n: importN8n,
  flowise: importFlowise,
  dify: importDify,
  openapi: importOpenApi,
  mcp: importMcp,
};

const TITLES: Record<ImportFormat, string> = { langflow: 'Langflow', n8n: 'n8n', flowise: 'Flowise', dify: 'Dify', openapi: 'OpenAPI', mcp: 'MCP' };

/** Largest file accepted, in bytes; larger ones are refused before anything is read. */
export const IMPORT_BYTES_MAX = 20 * 1024 * 1024;

export interface ImportOptions {
  /** Only for naming a flow that has no name; never used as a path. */
  fileName?: string;
  /** Which flow of a file that holds several, counted from 0. */
  pick?: number;
  /** Of a file that offers operations or tools, the ids to take; the importer's choice unless told. */
  operations?: readonly string[];
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
    code: 'not-json' | 'too-large' | 'too-many-nodes' | 'unknown-format' | 'damaged' | 'empty';
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
  if (decoded === null) return failure('not-json', 'This file is not text. Choose a flow that was exported as JSON or YAML.');
  const text = decoded.startsWith('\ufeff') ? decoded.slice(1) : decoded;
  if (text.trim() === '') return failure('empty', 'This file is empty.');

  const read = readDocument(text);
  if ('problem' in read) return failure(read.problem.code, read.problem.message, read.problem.where);
  if (Array.isArray(read.document) && read.document.length === 0) return failure('empty', 'This file holds an empty list.');
  const detected = detectFormat(read.document);
  if (detected === null) return failure('unknown-format', `This file is not one we know. Choose a file of ${Object.values(TITLES).join(', ')}.`);

  const alternatives = detected.flows.map(({ name }, index) => oneLine(name, 200) || `Flow ${index + 1}`);
  const index = options.pick ?? 0;
  const picked = detected.flows[index];
  if (!picked) {
    return failure('empty', `This file has ${detected.flows.length === 1 ? 'one flow' : `${detected.flows.length} flows`}; there is no flow ${index + 1}.`);
  }
  const sha256 = createHash('sha256').update(source).digest('hex');
  const { operations } = options;
  const imported = importers[detected.format]({ document: picked.document, siblings: detected.flows.map(({ document }) => document), sha256, fallbackName: nameOfFile(options.fileName), ...(operations ? { operations } : {}) });
  if (imported.kind === 'refused') return failure(imported.code, imported.message, imported.where);
  const { flow, report, definition } = imported;
  const others = alternatives.filter((_, other) => other !== index);
  const notice = others.length > 0 && options.pick === undefined ? [`The file holds ${alternatives.length} flows. This is “${alternatives[0]}”; the others are ${list(others)}.`] : [];
  return { flow, report: { ...report, warnings: [...notice, ...report.warnings] }, definition, alternatives };
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
