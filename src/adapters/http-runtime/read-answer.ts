import { z } from 'zod';
import { bodyLines, bodyText, type ServerAnswer } from '#platform/egress/server-call.ts';
import type { TokenUsage } from '#modules/models/ports.ts';
import { RemoteError, type RemoteEvent } from '#modules/runtime/ports.ts';

const LINE_CHARS_MAX = 1024 * 1024;
const ANSWER_BYTES_MAX = 4 * 1024 * 1024;

const count = z.int().min(0).max(1_000_000_000);
/** As the usage endpoint names the figures, and as OpenAI does. */
const Usage = z.union([
  z.looseObject({ tokens_input: count, tokens_output: count }).transform((usage): TokenUsage => ({ inputTokens: usage.tokens_input, outputTokens: usage.tokens_output })),
  z.looseObject({ prompt_tokens: count, completion_tokens: count }).transform((usage): TokenUsage => ({ inputTokens: usage.prompt_tokens, outputTokens: usage.completion_tokens })),
]);
const Choice = z.looseObject({ delta: z.looseObject({ content: z.string().nullish() }).nullish(), message: z.looseObject({ content: z.string().nullish() }).nullish(), finish_reason: z.string().nullish() });
/** One piece of an answer, or a whole one: our own words for it, and those of a chat completion. */
const Piece = z.looseObject({
  type: z.string().optional(), text: z.string().optional(), delta: z.string().optional(), output: z.string().optional(), message: z.string().optional(), answer: z.string().optional(), response: z.string().optional(),
  content: z.string().optional(), choices: z.array(Choice).optional(), error: z.union([z.string(), z.looseObject({ message: z.string() })]).nullish(), usage: Usage.nullish().catch(null),
});
type Piece = z.infer<typeof Piece>;

/**
 * Reads what an endpoint answers to `run`:
 * - `application/json`: `{output}` (or `text`, `answer`, `response`, `message`), optionally `usage`; or a chat completion;
 * - `text/event-stream`: events with such JSON, ended by `{"type":"finish"}`, a `finish_reason` or `[DONE]`;
 * - `application/x-ndjson`: the same, a line each.
 * A stream without its end, HTML, and anything else that cannot be read is a bad answer.
 */
export async function* readAnswer(answer: ServerAnswer): AsyncGenerator<RemoteEvent> {
  const type = (answer.headers.get('content-type') ?? '').split(';')[0]?.trim() ?? '';
  if (type === 'text/event-stream' || type.endsWith('ndjson') || type === 'application/jsonl') yield* readStream(answer, type === 'text/event-stream');
  else if (type === 'application/json') yield* readWhole(await bodyText(answer.body, ANSWER_BYTES_MAX));
  else throw new RemoteError('bad-answer', `The endpoint answered with ${type === '' ? 'no content type' : type}; it must be JSON, JSON lines or an event stream.`);
}

function* readWhole(text: string): Generator<RemoteEvent> {
  const piece = pieceOf(text);
  const said = piece.output ?? piece.text ?? piece.answer ?? piece.response ?? piece.message ?? piece.content ?? piece.choices?.[0]?.message?.content ?? '';
  if (said === '') throw new RemoteError('bad-answer', 'The endpoint answered without a text: {"output": "…"} is expected.');
  yield { type: 'text', text: said };
  yield { type: 'finish', usage: piece.usage ?? null };
}

async function* readStream(answer: ServerAnswer, isEvents: boolean): AsyncGenerator<RemoteEvent> {
  let usage: TokenUsage | null = null;
  let ended = false;
  for await (const line of bodyLines(answer.body, LINE_CHARS_MAX)) {
    // Of an event only its data counts; comments and names are left aside.
    const data = isEvents ? (line.startsWith('data:') ? line.slice(5).trim() : '') : line.trim();
    if (data === '') continue;
    if (data === '[DONE]') { ended = true; break; }
    const piece = pieceOf(data);
    const [choice] = piece.choices ?? [];
    const text = piece.delta ?? piece.text ?? piece.content ?? choice?.delta?.content ?? '';
    if (text !== '') yield { type: 'text', text };
    usage = piece.usage ?? usage;
    // After its finish reason a chat completion may still send its usage.
    ended ||= piece.type === 'finish' || piece.type === 'end' || (choice?.finish_reason ?? null) !== null;
    if (piece.type === 'finish' || piece.type === 'end') break;
  }
  if (!ended) throw new RemoteError('bad-answer', 'The endpoint ended its answer in the middle.');
  yield { type: 'finish', usage };
}

function pieceOf(text: string): Piece {
  const parsed = Piece.safeParse(jsonOf(text));
  if (!parsed.success) throw new RemoteError('bad-answer', 'The endpoint sent something that is not the JSON of an answer.');
  const { error, type, message } = parsed.data;
  if (error !== undefined && error !== null) throw failed(typeof error === 'string' ? error : error.message);
  if (type === 'error') throw failed(message ?? '');
  return parsed.data;
}

const failed = (words: string) => new RemoteError('flow-failed', `The endpoint failed: ${words.replace(/\s+/g, ' ').trim().slice(0, 300) || 'it does not say why'}`);

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new RemoteError('bad-answer', 'The endpoint sent something that is not JSON.', { cause: error });
  }
}
