import { z } from 'zod';
import { defineNode, inputAt, json } from '../define-node.ts';
import { NodeError } from '../node-error.ts';
import { dataOf, textOf } from '../values.ts';

export const parseJsonNode = defineNode({
  type: 'transform.json',
  title: 'Parse JSON',
  description: 'Reads text as JSON.',
  family: 'transform',
  config: z.strictObject({}),
  inputs: [{ name: 'data' }],
  outputs: [{ name: 'json' }],
  run: async (_context, _config, inputs) => {
    const data = inputAt(inputs, 'data');
    if (data?.kind === 'json' && typeof data.json !== 'string') return { json: data };
    if (data?.kind === 'table' || data?.kind === 'passages') return { json: json(dataOf(data)) };
    const parsed = parseJson(textOf(data));
    if (parsed === undefined) throw new NodeError('node-input-invalid', 'The text is not JSON.');
    return { json: json(parsed) };
  },
});

/** Reads JSON, also inside a Markdown fence or between other text; undefined when there is none. */
export function parseJson(text: string): unknown {
  const fenced = /```(?:json)?[ \t]*\n([\s\S]*?)\n[ \t]*```/.exec(text)?.[1];
  for (const candidate of [text, fenced, between(text, '{', '}'), between(text, '[', ']')]) {
    if (candidate === undefined || candidate.trim() === '') continue;
    try {
      return JSON.parse(candidate, withoutProto);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  return undefined;
}

/** Drops `__proto__` keys, which could change what later copies inherit. */
function withoutProto(this: unknown, key: string, value: unknown): unknown {
  return key === '__proto__' ? undefined : value;
}

function between(text: string, open: string, close: string): string | undefined {
  const from = text.indexOf(open);
  const to = text.lastIndexOf(close);
  return from >= 0 && to > from ? text.slice(from, to + 1) : undefined;
}
