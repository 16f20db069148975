import { isRecord, oneLine, read, readFlag, readList, readRecord, readText } from '../plain.ts';
import type { PlainRecord } from '../plain.ts';
import { LocalRefs } from '../tools/local-refs.ts';
import { plainText } from '../tools/tool-text.ts';

/** Most operations that are read; documents with more exist, agents that could choose among them do not. */
export const OPERATIONS_MAX = 2_000;

const METHODS = ['get', 'head', 'options', 'post', 'put', 'patch', 'delete', 'trace'] as const;
const READING: ReadonlySet<string> = new Set(['get', 'head', 'options']);

/** An operation as the document has it. */
export interface RawOperation {
  /** Its `operationId`, or `METHOD path`; unique. */
  id: string;
  method: string;
  path: string;
  title: string;
  description: string;
  effect: 'read' | 'write';
  deprecated: boolean;
  raw: PlainRecord;
  /** Parameters of the path, before those of the operation. */
  shared: readonly unknown[];
  /** The innermost list of servers. */
  servers: readonly unknown[];
  /** Alternatives of security, the operation's own or those of the document. */
  security: readonly unknown[];
}

export interface Api {
  /** `2.0`, `3.0.3`, `3.1.0` … as the document says. */
  version: string;
  isSwagger: boolean;
  title: string;
  description: string;
  root: PlainRecord;
  refs: LocalRefs;
  operations: readonly RawOperation[];
  /** How many there are in all. */
  total: number;
  webhooks: number;
}

/** Reads what the document says about itself and lists its operations, in its order. */
export function readApi(root: PlainRecord): Api {
  const refs = new LocalRefs(root);
  const info = readRecord(root, 'info');
  const written = root['openapi'] ?? root['swagger'];
  const isSwagger = root['openapi'] === undefined;
  const taken = new Set<string>();
  const operations: RawOperation[] = [];
  let total = 0;
  for (const [path, given] of Object.entries(readRecord(root, 'paths') ?? {})) {
    const item = refs.resolve(given);
    if (!path.startsWith('/') || path.length > 1_000 || !isRecord(item)) continue;
    for (const method of METHODS) {
      const raw = refs.resolve(read(item, method));
      if (!isRecord(raw)) continue;
      total += 1;
      if (operations.length < OPERATIONS_MAX) operations.push(operationOf(root, item, method, path, raw, taken));
    }
  }
  return {
    // YAML without quotes makes a number of `2.0`.
    version: typeof written === 'number' ? written.toFixed(1) : oneLine(typeof written === 'string' ? written : '', 20),
    isSwagger,
    title: plainText(readText(info, 'title') ?? '', 120),
    description: plainText(readText(info, 'description') ?? readText(info, 'summary') ?? '', 2_000),
    root, refs, operations, total,
    webhooks: Object.keys(readRecord(root, 'webhooks') ?? readRecord(root, 'x-webhooks') ?? {}).length,
  };
}

function operationOf(root: PlainRecord, item: PlainRecord, method: string, path: string, raw: PlainRecord, taken: Set<string>): RawOperation {
  const place = `${method.toUpperCase()} ${path}`;
  const own = oneLine(readText(raw, 'operationId') ?? '', 200);
  const id = own === '' || taken.has(own) ? place.slice(0, 300) : own;
  taken.add(id);
  const summary = plainText(readText(raw, 'summary') ?? '', 200);
  const servers = [raw, item, root].map((level) => readList(level, 'servers')).find((list) => list.length > 0);
  return {
    id, path, raw,
    method: method.toUpperCase(),
    title: summary || own || place,
    description: descriptionOf(summary, readText(raw, 'description') ?? '', place),
    effect: READING.has(method) ? 'read' : 'write',
    deprecated: readFlag(raw, 'deprecated'),
    shared: readList(item, 'parameters'),
    servers: servers ?? [],
    security: Array.isArray(raw['security']) ? raw['security'] : readList(root, 'security'),
  };
}

/** Summary and description together, without saying the same twice. */
function descriptionOf(summary: string, description: string, place: string): string {
  const rest = plainText(description, 800);
  if (rest === '') return summary || place;
  return summary === '' || rest.startsWith(summary) ? rest : `${summary.replace(/[.:]$/, '')}. ${rest}`;
}
