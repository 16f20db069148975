import type { CallResult } from '../../mcp/protocol.ts';
import { NodeError } from '../node-error.ts';
import { parseJson } from '../transform/json.ts';
import { isRow } from '../values.ts';

const TEXT_CHARS_MAX = 1_000_000;

/** What a tool answered, as text: its texts, else its structured content as JSON; other kinds are named. Throws NodeError where the tool says that it failed. */
export function answerText(tool: string, { content, structuredContent, isError }: CallResult): string {
  const text = content.map(partText).filter((part) => part !== '').join('\n').slice(0, TEXT_CHARS_MAX);
  if (isError) throw new NodeError('node-http-failed', `The tool “${tool}” failed${text === '' ? '.' : `: ${text.slice(0, 2_000)}`}`);
  return text === '' && structuredContent !== undefined ? (JSON.stringify(structuredContent) ?? '').slice(0, TEXT_CHARS_MAX) : text;
}

/** What a tool answered, as data: its structured content, else its text, read as JSON where it is JSON. */
export function answerData(text: string, { structuredContent }: CallResult): unknown {
  if (structuredContent !== undefined && structuredContent !== null) return structuredContent;
  return /^\s*[[{]/.test(text) ? parseJson(text) ?? text : text;
}

function partText(part: CallResult['content'][number]): string {
  const field = (name: string): string => (typeof part[name] === 'string' ? part[name] : '');
  switch (part.type) {
    case 'text': return field('text');
    case 'resource': return isRow(part['resource']) && typeof part['resource']['text'] === 'string' ? part['resource']['text'] : '(A resource that is no text was left out.)';
    case 'resource_link': return [field('title') || field('name'), field('uri')].filter((word) => word !== '').join(': ');
    case 'image': case 'audio': return `(${part.type === 'image' ? 'A picture' : 'Sound'} of the type ${field('mimeType').slice(0, 60)} was left out.)`;
    default: return `(An answer of the kind “${part.type.slice(0, 40)}” was left out.)`;
  }
}
