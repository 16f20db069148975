import { isRecord, read, readFlag, readList, readText } from '../plain.ts';
import type { RawNode } from './raw-workflow.ts';
import { parseJson } from './step-builder.ts';
import type { WorkflowContext } from './workflow-context.ts';

const DEPTH_MAX = 12;

/** JSON Schema of the answer that a connected output parser asks for; null without one, `undefined` parts as any data. */
export function parserSchema(node: RawNode, context: WorkflowContext): Record<string, unknown> | null {
  const [parser] = context.attached(node.id, 'ai_outputParser');
  return parser === undefined ? null : schemaOfParser(parser, context, 0);
}

function schemaOfParser(parser: RawNode, context: WorkflowContext, depth: number): Record<string, unknown> | null {
  if (depth > 5) return null;
  if (parser.kind === 'langchain.outputParserAutofixing') {
    const [inner] = context.attached(parser.id, 'ai_outputParser');
    return inner === undefined ? { type: 'object' } : schemaOfParser(inner, context, depth + 1);
  }
  if (parser.kind === 'langchain.outputParserItemList') return { type: 'array', items: { type: 'string' } };
  return schemaOfSettings(parser);
}

/** The schema as the author wrote it, or as an example shows it. */
export function schemaOfSettings(node: RawNode): Record<string, unknown> {
  const { parameters } = node;
  const written = readText(parameters, 'inputSchema') ?? readText(parameters, 'jsonSchema') ?? '';
  const example = readText(parameters, 'jsonSchemaExample') ?? readText(parameters, 'specifyInputSchema') ?? '';
  const fromExample = readText(parameters, 'schemaType') === 'fromJson' || written === '';
  const data = parseJson((fromExample && example !== '' ? example : written).replace(/^=/, ''));
  if (data === undefined) return { type: 'object' };
  return fromExample && example !== '' ? schemaOfExample(data, 0) : closedSchema(data);
}

/** Only a schema that is an object counts; anything else allows any object. */
const closedSchema = (data: unknown): Record<string, unknown> => (isRecord(data) && (typeof data['type'] === 'string' || isRecord(data['properties'])) ? data : { type: 'object' });

/** What an example says about the form: all of its fields are expected. */
export function schemaOfExample(example: unknown, depth: number): Record<string, unknown> {
  if (depth > DEPTH_MAX) return {};
  if (Array.isArray(example)) return { type: 'array', ...(example.length === 0 ? {} : { items: schemaOfExample(example[0], depth + 1) }) };
  if (isRecord(example)) {
    const fields = Object.entries(example).slice(0, 200);
    return { type: 'object', properties: Object.fromEntries(fields.map(([name, one]) => [name, schemaOfExample(one, depth + 1)])), required: fields.map(([name]) => name) };
  }
  if (typeof example === 'number') return { type: 'number' };
  if (typeof example === 'boolean') return { type: 'boolean' };
  return example === null ? {} : { type: 'string' };
}

const TYPES: ReadonlyMap<string, string> = new Map([['string', 'string'], ['number', 'number'], ['boolean', 'boolean'], ['date', 'string']]);

/** The attributes of an information extractor: a list, an example or a schema. */
export function attributeSchema(node: RawNode, describe: (text: unknown) => string): Record<string, unknown> {
  const rows = readList(read(node.parameters, 'attributes'), 'attributes').filter(isRecord).slice(0, 200);
  if (rows.length === 0) return schemaOfSettings(node);
  return {
    type: 'object',
    properties: Object.fromEntries(rows.map((row) => {
      const description = describe(row['description']);
      return [readText(row, 'name') ?? '', { type: TYPES.get(readText(row, 'type') ?? 'string') ?? 'string', ...(description === '' ? {} : { description }) }];
    })),
    required: rows.filter((row) => readFlag(row, 'required')).map((row) => readText(row, 'name') ?? ''),
  };
}
