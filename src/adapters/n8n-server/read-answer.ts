import { z } from 'zod';
import { bodyLines, type ServerAnswer } from '#platform/egress/server-call.ts';
import { RemoteError, type RemoteEvent } from '#modules/runtime/ports.ts';

const LINE_CHARS_MAX = 1024 * 1024;
const ANSWER_CHARS_MAX = 4 * 1024 * 1024;
const SERVER = 'The n8n server';

/** A line of a chat trigger that streams: each agent of the workflow begins, says items, and ends. */
const Chunk = z.looseObject({ type: z.enum(['begin', 'item', 'end', 'error']), content: z.string().optional() });
const Row = z.record(z.string(), z.unknown());

/** Reads what a webhook answers: lines of a stream, JSON (`output`, `text`, `message`, …), or plain text. */
export async function* readAnswer(answer: ServerAnswer, clean: (text: string) => string): AsyncGenerator<RemoteEvent> {
  if ((answer.headers.get('content-type') ?? '').includes('html')) throw new RemoteError('bad-answer', `${SERVER} sent a page instead of an answer. Is this the address of the webhook itself?`);
  let whole = '';
  let open = 0;
  let streamed = false;
  for await (const line of bodyLines(answer.body, LINE_CHARS_MAX)) {
    const chunk = whole === '' ? Chunk.safeParse(jsonOf(line)).data : undefined;
    if (chunk) {
      streamed = true;
      if (chunk.type === 'begin') open += 1;
      if (chunk.type === 'end') open -= 1;
      if (chunk.type === 'error') throw new RemoteError('flow-failed', `The workflow failed on the n8n server: ${clean(chunk.content ?? '')}`);
      if (chunk.type === 'item' && chunk.content !== undefined && chunk.content !== '') yield { type: 'text', text: chunk.content };
    } else if (streamed && line.trim() !== '') throw new RemoteError('bad-answer', `${SERVER} sent a line that cannot be read.`);
    else if (!streamed && (whole !== '' || line.trim() !== '')) whole += `${line}\n`;
    if (whole.length > ANSWER_CHARS_MAX) throw new RemoteError('bad-answer', `${SERVER} sent too long an answer.`);
  }
  if (streamed ? open > 0 : whole === '') throw new RemoteError('bad-answer', `${SERVER} ended its answer ${streamed ? 'in the middle' : 'without a word'}.`);
  if (!streamed) yield { type: 'text', text: wordsOf(whole, answer) };
  yield { type: 'finish', usage: null };
}

function wordsOf(whole: string, answer: ServerAnswer): string {
  const json = jsonOf(whole);
  if (json === undefined) {
    if ((answer.headers.get('content-type') ?? '').includes('json')) throw new RemoteError('bad-answer', `${SERVER} sent JSON that cannot be read.`);
    return whole.trim();
  }
  const words = STARTED.test(whole) ? '' : textIn(json);
  if (words === '') throw new RemoteError('bad-answer', 'The workflow answered without a text. End it with a "Respond to Webhook" node that returns {"output": "…"}.');
  return words;
}

/** What a webhook that "responds immediately" says: the workflow has begun, and its answer will never come. */
const STARTED = /^\s*\{\s*"message"\s*:\s*"Workflow was started"\s*\}\s*$/;

/** The answer inside the JSON of a workflow: the first of the usual names, in the item or the list of items. */
function textIn(json: unknown): string {
  if (typeof json === 'string') return json;
  if (Array.isArray(json)) return json.map(textIn).filter((one) => one !== '').join('\n\n');
  const row = Row.safeParse(json).data ?? {};
  for (const name of ['output', 'text', 'message', 'answer', 'response', 'content', 'json', 'data']) {
    const value = row[name];
    const words = value === undefined || value === null ? '' : textIn(value);
    if (words !== '') return words;
  }
  return '';
}

/** JSON, or undefined for anything else. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Whether that is wrong depends on what was promised, which the caller knows.
    return undefined;
  }
}
