import type { OperationBody } from '../../nodes/openapi/operation-config.ts';
import { isRecord, oneLine, read, readFlag, readList, readRecord, readText } from '../plain.ts';
import type { PlainRecord } from '../plain.ts';
import type { LocalRefs } from '../tools/local-refs.ts';
import { toolSchema } from '../tools/tool-schema.ts';
import type { SchemaBounds } from '../tools/tool-schema.ts';
import { plainText } from '../tools/tool-text.ts';
import type { Api, RawOperation } from './read-api.ts';

export interface BodyReading {
  body: OperationBody | null;
  differences: string[];
  schemaOf(refs: LocalRefs, bounds: SchemaBounds): PlainRecord;
}

const none: BodyReading = { body: null, differences: [], schemaOf: () => ({}) };

/** The body of an operation in the form that is easiest to give: JSON, then a form, then text; or why none can be given. */
export function bodyOf(api: Api, operation: RawOperation, argument: string): BodyReading | { problem: string } {
  return api.isSwagger ? swaggerBody(api, operation, argument) : requestBody(api, operation, argument);
}

function requestBody({ refs }: Api, operation: RawOperation, argument: string): BodyReading | { problem: string } {
  const given = refs.resolve(operation.raw['requestBody']);
  const content = Object.entries(readRecord(given, 'content') ?? {}).filter(([, media]) => isRecord(media));
  if (!isRecord(given) || content.length === 0) return none;
  const required = readFlag(given, 'required');
  const offered = content.map(([mediaType, media]) => ({ mediaType, kind: kindOf(mediaType), schema: read(media, 'schema') }));
  const best = offered.toSorted((a, b) => RANK.indexOf(a.kind) - RANK.indexOf(b.kind))[0];
  if (!best || best.kind === 'other') return required ? { problem: `Its body is ${oneLine(content[0]?.[0] ?? '', 60)}, which cannot be written here.` } : { ...none, differences: ['It is called without its optional body.'] };
  const words = plainText(readText(given, 'description') ?? '', 300);
  return reading(refs, { argument, required, kind: best.kind, mediaType: best.mediaType }, best.schema, words);
}

type Kind = OperationBody['kind'] | 'other';
const RANK: readonly Kind[] = ['json', 'form', 'multipart', 'text', 'other'];

function kindOf(mediaType: string): Kind {
  const type = mediaType.toLowerCase().split(';')[0]?.trim() ?? '';
  if (/^[a-z]+\/(?:[\w.+-]+\+)?json$/.test(type) || type === '*/*' || type === 'application/*') return 'json';
  if (type === 'application/x-www-form-urlencoded') return 'form';
  if (type === 'multipart/form-data') return 'multipart';
  return type.startsWith('text/') || /^application\/(?:[\w.+-]+\+)?(?:xml|yaml|x-yaml|x-ndjson|graphql|javascript)$/.test(type) ? 'text' : 'other';
}

function reading(refs: LocalRefs, body: OperationBody, schema: unknown, words: string): BodyReading | { problem: string } {
  const resolved = refs.resolve(schema);
  const differences: string[] = [];
  let given = schema;
  if (body.kind === 'form' || body.kind === 'multipart') {
    const parts = withoutFiles(refs, resolved);
    if (parts.required.length > 0) return { problem: `It needs a file (${parts.required.slice(0, 3).map((name) => `“${oneLine(name, 40)}”`).join(', ')}), which agents cannot send.` };
    if (parts.optional.length > 0) differences.push(`Files (${parts.optional.slice(0, 3).map((name) => `“${oneLine(name, 40)}”`).join(', ')}) are not sent.`);
    given = parts.schema;
  }
  if (body.kind === 'text') {
    given = { type: 'string' };
    if (!body.mediaType.toLowerCase().startsWith('text/plain')) differences.push(`Its body is ${oneLine(body.mediaType, 60)}; whoever calls it writes that text.`);
  }
  const mediaType = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(?:; ?charset=[\w-]+)?$/.test(body.mediaType) ? body.mediaType : body.kind === 'json' ? 'application/json' : 'text/plain';
  return {
    body: { ...body, mediaType }, differences,
    schemaOf: (own, bounds) => {
      const read = toolSchema(given, own, bounds);
      return words === '' ? read : { ...read, description: plainText(words, bounds.description) };
    },
  };
}

/** A form's fields without its files, and which files were asked for. */
function withoutFiles(refs: LocalRefs, schema: unknown): { schema: unknown; required: string[]; optional: string[] } {
  const properties = Object.entries(readRecord(schema, 'properties') ?? {});
  const files = properties.filter(([, given]) => isFile(refs.resolve(given), refs)).map(([name]) => name);
  const needed = readList(schema, 'required');
  return {
    schema: isRecord(schema) ? { ...schema, properties: Object.fromEntries(properties.filter(([name]) => !files.includes(name))) } : schema,
    required: files.filter((name) => needed.includes(name)),
    optional: files.filter((name) => !needed.includes(name)),
  };
}

const isFile = (schema: unknown, refs: LocalRefs): boolean =>
  readText(schema, 'type') === 'file' || readText(schema, 'format') === 'binary' || readText(schema, 'contentMediaType') === 'application/octet-stream'
  || (readText(schema, 'type') === 'array' && isRecord(read(schema, 'items')) && readText(refs.resolve(read(schema, 'items')), 'format') === 'binary');

/** Swagger 2: one parameter `in: body`, or several `in: formData`. */
function swaggerBody({ refs, root }: Api, operation: RawOperation, argument: string): BodyReading | { problem: string } {
  const parameters = [...operation.shared, ...readList(operation.raw, 'parameters')].map((given) => refs.resolve(given)).filter(isRecord);
  const own = readList(operation.raw, 'consumes');
  const consumes = (own.length > 0 ? own : readList(root, 'consumes')).filter((type) => typeof type === 'string');
  const whole = parameters.findLast((parameter) => readText(parameter, 'in') === 'body');
  if (whole) {
    const types = consumes.length > 0 ? consumes : ['application/json'];
    const best = types.map((mediaType) => ({ mediaType, kind: kindOf(mediaType) })).toSorted((a, b) => RANK.indexOf(a.kind) - RANK.indexOf(b.kind))[0];
    if (!best || best.kind === 'other') return { problem: `Its body is ${oneLine(types[0] ?? '', 60)}, which cannot be written here.` };
    return reading(refs, { argument, required: readFlag(whole, 'required'), kind: best.kind, mediaType: best.mediaType }, whole['schema'], plainText(readText(whole, 'description') ?? '', 300));
  }
  const fields = parameters.filter((parameter) => readText(parameter, 'in') === 'formData');
  if (fields.length === 0) return none;
  const required = fields.filter((field) => readFlag(field, 'required')).flatMap((field) => readText(field, 'name') ?? []);
  // `required: true` of a parameter is no keyword of a schema, and would read as one.
  const properties = Object.fromEntries(fields.flatMap((field): [string, PlainRecord][] => {
    const name = readText(field, 'name') ?? '';
    return name === '' ? [] : [[name, { ...field, required: undefined }]];
  }));
  const multipart = consumes.includes('multipart/form-data') && !consumes.includes('application/x-www-form-urlencoded');
  return reading(refs, { argument, required: required.length > 0, kind: multipart ? 'multipart' : 'form', mediaType: multipart ? 'multipart/form-data' : 'application/x-www-form-urlencoded' },
    { type: 'object', properties, required }, '');
}
