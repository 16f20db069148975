import { isReservedHeader } from '#platform/http/reserved-headers.ts';
import type { CredentialPlace } from '../../credential-contract.ts';
import type { OperationBody, OperationParameter } from '../../nodes/openapi/operation-config.ts';
import { isRecord, oneLine, read, readFlag, readRecord, readText } from '../plain.ts';
import type { PlainRecord } from '../plain.ts';
import type { LocalRefs } from '../tools/local-refs.ts';
import { boundedSchema, toolSchema } from '../tools/tool-schema.ts';
import type { SchemaBounds } from '../tools/tool-schema.ts';
import { plainText } from '../tools/tool-text.ts';
import { bodyOf } from './body.ts';
import type { Api, RawOperation } from './read-api.ts';

const PARAMETERS_MAX = 100;

export interface OperationArguments {
  parameters: OperationParameter[];
  body: OperationBody | null;
  /** JSON Schema of an object with one property for each argument. */
  schema: PlainRecord;
  /** What is left out or done otherwise, in words; empty when nothing is. */
  differences: string[];
}

/** The arguments of an operation: its parameters and its body under names that every model takes; or why it cannot be called. */
export function argumentsOf(api: Api, operation: RawOperation, credentials: readonly CredentialPlace[]): OperationArguments | { problem: string } {
  const differences: string[] = [];
  const taken = new Set<string>();
  const found = parametersOf(api, operation, credentials, differences).map((raw) => parameterOf(raw, taken));
  const body = bodyOf(api, operation, argumentName('body', '', taken));
  if ('problem' in body) return body;
  differences.push(...body.differences);
  const described = [...found, ...undeclared(operation.path, found, taken)];
  const schema = boundedSchema((bounds) => schemaOf(described, body, api.refs, bounds));
  return { parameters: described.map(({ parameter }) => parameter), body: body.body, schema, differences };
}

interface FoundParameter { parameter: OperationParameter; raw: PlainRecord; schema: unknown }

/** Parameters of the path and of the operation, the operation's own first where both describe one; without those nobody sends. */
function parametersOf({ refs }: Api, operation: RawOperation, credentials: readonly CredentialPlace[], differences: string[]): PlainRecord[] {
  const byPlace = new Map<string, PlainRecord>();
  const own: unknown = operation.raw['parameters'];
  for (const given of [...operation.shared, ...(Array.isArray(own) ? own : [])]) {
    const raw = refs.resolve(given);
    if (isRecord(raw)) byPlace.set(`${readText(raw, 'in') ?? ''} ${readText(raw, 'name') ?? ''}`, raw);
  }
  const taken = [...byPlace.values()].filter((raw) => {
    const name = readText(raw, 'name') ?? '';
    const where = readText(raw, 'in') ?? '';
    if (name === '' || name.length > 200) return false;
    if (where === 'cookie') {
      differences.push(`The cookie “${oneLine(name, 60)}” is not sent.`);
      return false;
    }
    if (where === 'header' && isReservedHeader(name)) return false;
    return ['path', 'query', 'header'].includes(where) && !credentials.some((credential) => credential.place === where && credential.name.toLowerCase() === name.toLowerCase());
  });
  if (taken.length > PARAMETERS_MAX) differences.push(`Only the first ${PARAMETERS_MAX} of its ${taken.length} parameters are offered.`);
  return taken.slice(0, PARAMETERS_MAX);
}

function parameterOf(raw: PlainRecord, taken: Set<string>): FoundParameter {
  const name = readText(raw, 'name') ?? '';
  const where = readText(raw, 'in') === 'path' ? 'path' : readText(raw, 'in') === 'header' ? 'header' : 'query';
  const content = Object.entries(readRecord(raw, 'content') ?? {})[0];
  const inline = isRecord(raw['schema']) || typeof raw['schema'] === 'boolean' ? raw['schema'] : content ? read(content[1], 'schema') : raw;
  const style = content ? 'json' as const : styleOf(raw, where);
  const explode = read(raw, 'explode');
  return {
    raw, schema: inline,
    parameter: {
      name, in: where, style, argument: argumentName(name, where, taken),
      required: where === 'path' || readFlag(raw, 'required'),
      explode: typeof explode === 'boolean' ? explode : readText(raw, 'collectionFormat') === 'multi' || (raw['type'] === undefined && (style === 'form' || style === 'deepObject')),
      allowReserved: readFlag(raw, 'allowReserved'),
    },
  };
}

const STYLES = ['simple', 'label', 'matrix', 'form', 'spaceDelimited', 'pipeDelimited', 'deepObject'] as const;
const COLLECTIONS: ReadonlyMap<string, OperationParameter['style']> = new Map([['ssv', 'spaceDelimited'], ['pipes', 'pipeDelimited']]);

function styleOf(raw: PlainRecord, where: OperationParameter['in']): OperationParameter['style'] {
  const written = STYLES.find((style) => style === readText(raw, 'style'));
  if (written) return written;
  return where === 'query' ? COLLECTIONS.get(readText(raw, 'collectionFormat') ?? '') ?? 'form' : 'simple';
}

/** Placeholders of the path that no parameter describes: texts. */
function undeclared(path: string, found: readonly FoundParameter[], taken: Set<string>): FoundParameter[] {
  const names = new Set([...path.matchAll(/\{([^{}/]{1,100})\}/g)].map((match) => match[1] ?? ''));
  return [...names].filter((name) => !found.some(({ parameter }) => parameter.in === 'path' && parameter.name === name)).slice(0, 20)
    .map((name) => parameterOf({ name, in: 'path', required: true, schema: { type: 'string' } }, taken));
}

function schemaOf(found: readonly FoundParameter[], body: { body: OperationBody | null; schemaOf(refs: LocalRefs, bounds: SchemaBounds): PlainRecord }, refs: LocalRefs, bounds: SchemaBounds): PlainRecord {
  const properties = found.map(({ parameter, raw, schema }): [string, PlainRecord] => [parameter.argument, described(toolSchema(schema, refs, bounds), raw, bounds)]);
  const required = found.filter(({ parameter }) => parameter.required).map(({ parameter }) => parameter.argument);
  if (body.body) {
    properties.push([body.body.argument, body.schemaOf(refs, bounds)]);
    if (body.body.required) required.push(body.body.argument);
  }
  return { type: 'object', properties: Object.fromEntries(properties), ...(required.length > 0 ? { required } : {}), additionalProperties: false };
}

/** What a parameter says about itself comes before what its schema says about all values of that kind. */
function described(schema: PlainRecord, raw: PlainRecord, bounds: SchemaBounds): PlainRecord {
  const words = plainText(readText(raw, 'description') ?? '', bounds.description);
  return words === '' ? schema : { ...schema, description: words };
}

/** `filter[name]` → `filter_name`: letters, digits, `_`, `-` and `.`, unique, never a name that reaches a prototype. */
export function argumentName(written: string, where: string, taken: Set<string>): string {
  const clean = written.replace(/[^a-zA-Z0-9_.-]+/g, '_').replace(/^_+|_+$/g, '').slice(0, 56) || 'value';
  const base = ['constructor', 'prototype', 'proto'].includes(clean) ? `${clean}_value` : clean;
  let name = taken.has(base) && where !== '' ? `${base}_${where}` : base;
  for (let count = 2; taken.has(name); count += 1) name = `${base}_${count}`;
  taken.add(name);
  return name;
}
