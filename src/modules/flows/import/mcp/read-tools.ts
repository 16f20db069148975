import { effectOf, pinOf } from '../../mcp/pin-tool.ts';
import { McpTool, TOOLS_MAX } from '../../mcp/protocol.ts';
import { isRecord, oneLine, read, readList, readRecord, readText } from '../plain.ts';
import type { PlainRecord } from '../plain.ts';
import { plainText } from '../tools/tool-text.ts';
import type { ListedTool } from './mcp-entry.ts';

/** The tools of `{tools}`, of a saved answer `{result: {tools}}`, of a list, or a single tool; each name once. */
export function readTools(document: unknown): ListedTool[] {
  const given = Array.isArray(document) ? document : listIn(document);
  const byName = new Map<string, ListedTool>();
  for (const tool of given.slice(0, TOOLS_MAX).flatMap(readTool)) if (!byName.has(tool.name)) byName.set(tool.name, tool);
  return [...byName.values()];
}

function listIn(document: unknown): readonly unknown[] {
  for (const place of [document, read(document, 'result')]) {
    const tools = read(place, 'tools');
    if (Array.isArray(tools)) return tools;
  }
  return isTool(document) ? [document] : [];
}

/** Whether something is a tool: a name, and arguments in one of the forms files use. */
export const isTool = (value: unknown): boolean =>
  readText(value, 'name') !== null && (readRecord(value, 'inputSchema') !== null || readRecord(value, 'input_schema') !== null || (Array.isArray(read(value, 'arguments')) && readText(value, 'description') !== null));

function readTool(given: unknown): ListedTool[] {
  const name = oneLine(readText(given, 'name') ?? '', 200);
  if (name === '' || !isRecord(given)) return [];
  const whole = readRecord(given, 'inputSchema');
  const parsed = whole === null ? null : McpTool.safeParse(given);
  const title = plainText(readText(given, 'title') ?? readText(readRecord(given, 'annotations'), 'title') ?? '', 120) || name;
  const description = plainText(readText(given, 'description') ?? '', 1_000);
  if (parsed?.success) return [{ name: parsed.data.name, title, description, schema: parsed.data.inputSchema, effect: effectOf(parsed.data), pin: pinOf(parsed.data) }];
  return [{ name, title, description, schema: readRecord(given, 'input_schema') ?? fromArguments(readList(given, 'arguments')), effect: 'write', pin: null }];
}

/** The Docker registry lists arguments as `{name, type, desc}`. */
function fromArguments(list: readonly unknown[]): PlainRecord {
  const properties = list.slice(0, 100).flatMap((argument): [string, PlainRecord][] => {
    const name = oneLine(readText(argument, 'name') ?? '', 100);
    const type = readText(argument, 'type');
    return name === '' || name === '__proto__' ? [] : [[name, { ...(type === null ? {} : { type }), description: readText(argument, 'desc') ?? readText(argument, 'description') ?? '' }]];
  });
  return { type: 'object', properties: Object.fromEntries(properties) };
}
