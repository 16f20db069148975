import { z } from 'zod';
import { bodyText, bodyLines, type ServerAnswer } from '#platform/egress/server-call.ts';
import { RemoteError, type RemoteEvent } from '#modules/runtime/ports.ts';

const LINE_CHARS_MAX = 8 * 1024 * 1024;
const ANSWER_BYTES_MAX = 32 * 1024 * 1024;

const Row = z.record(z.string(), z.unknown());
const Event = z.object({ event: z.string(), data: z.unknown() });
const Token = z.object({ chunk: z.string(), id: z.string().default('') });
const row = (value: unknown): Record<string, unknown> => Row.safeParse(value).data ?? {};
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/**
 * Reads the answer of `POST /api/v1/run/{id}?stream=true`: JSON lines `add_message`, `token`, `end`, `error`, or plain
 * JSON from servers that do not stream. What a message says is said once, however often the server repeats it.
 */
export async function* readRun(answer: ServerAnswer, clean: (text: string) => string): AsyncGenerator<RemoteEvent> {
  const type = answer.headers.get('content-type') ?? '';
  if (!type.includes('event-stream') && !type.includes('ndjson') && !type.includes('json')) {
    throw new RemoteError('bad-answer', 'The Langflow server sent an answer that is no run of a flow. Is this the address of Langflow itself?');
  }
  if (type.includes('application/json')) {
    yield* whole(await bodyText(answer.body, ANSWER_BYTES_MAX));
    return;
  }
  const spoken = new Spoken();
  for await (const { event, data } of eventsIn(answer)) {
    switch (event) {
      case 'token': {
        const { chunk, id } = Token.parse(data);
        yield* spoken.add(id, chunk);
        break;
      }
      case 'add_message':
        yield* spoken.message(row(data));
        break;
      case 'error': throw new RemoteError('flow-failed', `The flow failed on the Langflow server${wordsOf(data, clean)}`);
      case 'end': {
        const result = row(data)['result'];
        yield* spoken.rest(answerText(result));
        yield { type: 'finish', usage: usageOf(result) };
        return;
      }
      default: break;
    }
  }
  throw new RemoteError('bad-answer', 'The Langflow server ended its answer in the middle.');
}

/** The events of an answer as they come: one JSON line each, with or without the `data:` of an event stream. */
export async function* eventsIn({ body }: Pick<ServerAnswer, 'body'>): AsyncGenerator<z.infer<typeof Event>> {
  for await (const line of bodyLines(body, LINE_CHARS_MAX)) {
    if (line.trim() === '' || line.startsWith(':')) continue;
    yield parseEvent(line.startsWith('data:') ? line.slice(5) : line);
  }
}

function* whole(body: string): Generator<RemoteEvent> {
  const result: unknown = parseJson(body);
  const said = answerText(result);
  if (said !== '') yield { type: 'text', text: said };
  yield { type: 'finish', usage: usageOf(result) };
}

const parseEvent = (line: string): z.infer<typeof Event> => {
  const event = Event.safeParse(parseJson(line));
  if (!event.success) throw new RemoteError('bad-answer', 'The Langflow server sent an event that cannot be read.');
  return event.data;
};

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    throw new RemoteError('bad-answer', 'The Langflow server sent an answer that is not JSON.', { cause: error });
  }
}

/** What was said so far. Messages are repeated as they grow, once more when they are stored, and again in the result. */
class Spoken {
  readonly #byMessage = new Map<string, string>();
  #all = '';

  *add(id: string, piece: string): Generator<RemoteEvent> {
    if (piece === '') return;
    const known = this.#byMessage.get(id);
    const shown = known === undefined && this.#all !== '' ? `\n\n${piece}` : piece;
    this.#byMessage.set(id, (known ?? '') + piece);
    this.#all += shown;
    yield { type: 'text', text: shown };
  }

  /** A message of the product. One that is still being written comes in tokens as well, so only its end counts. */
  *message(data: Record<string, unknown>): Generator<RemoteEvent> {
    const message = { ...row(data['data']), ...data };
    const state = text(row(message['properties'])['state']);
    if (text(message['sender']) !== 'Machine' || state === 'partial') return;
    const id = text(message['id']);
    const said = this.#byMessage.get(id) ?? '';
    const now = text(message['text']);
    if (now.startsWith(said)) yield* this.add(id, now.slice(said.length));
  }

  /** The result's own text, for flows that answer without a message. */
  *rest(answer: string): Generator<RemoteEvent> {
    if (this.#all === '' && answer !== '') yield* this.add('', answer);
  }
}

/** What a run's result says: the texts of its outputs in their order. Finds them in the shapes of versions 1.0 to 1.13. */
export function answerText(result: unknown): string {
  const runs = row(result)['outputs'];
  const said = (Array.isArray(runs) ? runs : []).flatMap((run: unknown) => {
    const outputs = row(run)['outputs'];
    return (Array.isArray(outputs) ? outputs : []).map(outputText);
  }).filter((one) => one !== '');
  if (said.length > 0) return [...new Set(said)].join('\n\n');
  const { message, text: bare } = row(result);
  return text(message) || text(row(message)['text']) || text(bare);
}

function outputText(output: unknown): string {
  const { results, outputs, artifacts, messages } = row(output);
  for (const value of Object.values(row(results))) {
    const found = messageText(value);
    if (found !== '') return found;
  }
  for (const value of Object.values(row(outputs))) {
    const found = messageText(row(value)['message']);
    if (found !== '') return found;
  }
  const [first] = Array.isArray(messages) ? messages : [];
  return messageText(artifacts) || messageText(first);
}

const messageText = (value: unknown): string => {
  if (typeof value === 'string') return value;
  const one = row(value);
  return text(one['text']) || text(row(one['data'])['text']) || text(one['message']) || text(row(one['message'])['text']);
};

const Usage = z.looseObject({ input_tokens: z.int().min(0), output_tokens: z.int().min(0) });

/** Tokens as the messages of the result count them; null where no message does. */
function usageOf(result: unknown): { inputTokens: number; outputTokens: number } | null {
  const total = { inputTokens: 0, outputTokens: 0 };
  let found = false;
  const runs = row(result)['outputs'];
  for (const run of Array.isArray(runs) ? runs : []) {
    const outputs = row(run)['outputs'];
    for (const output of Array.isArray(outputs) ? outputs : []) {
      for (const value of Object.values(row(row(output)['results']))) {
        const message = { ...row(row(value)['data']), ...row(value) };
        const usage = Usage.safeParse(row(message['properties'])['usage']);
        if (!usage.success) continue;
        found = true;
        total.inputTokens += usage.data.input_tokens;
        total.outputTokens += usage.data.output_tokens;
      }
    }
  }
  return found ? total : null;
}

/** `: words` of an error event, which is a message, a message of red text, or an error text. */
export function wordsOf(data: unknown, clean: (text: string) => string): string {
  const one = { ...row(row(data)['data']), ...row(data) };
  const words = text(one['error']) || text(one['text']) || text(one['message']) || text(one['detail']);
  const line = words.replace(/\s+/g, ' ').trim();
  return line === '' ? '.' : `: ${clean(line)}`;
}
