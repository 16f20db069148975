import { z } from 'zod';
import { ApiProblem } from '#web/api/problem.ts';
import type { ServerEvent } from '#web/api/stream-events.ts';
import type { Citation } from '../citations.tsx';
import type { ChatDelta } from './chat.ts';

/** What a page shows of a source; the server sends more. */
const Source = z.looseObject({
  id: z.number().int().positive(), title: z.string(), page: z.number().int().positive().nullable(), url: z.string().nullable(), snippet: z.string(),
  document_id: z.string().optional(), chunk_id: z.string().optional(), quotes: z.array(z.looseObject({ verified: z.boolean() })).default([]), state: z.enum(['current', 'changed', 'deleted']).default('current'),
});

/** The members of a chunk this page reads: OpenAI's, and those every answer of ours carries beside them. */
const Chunk = z.looseObject({
  conversation_id: z.string().nullish(),
  run_id: z.string().nullish(),
  choices: z.array(z.looseObject({ delta: z.looseObject({ content: z.string().nullish() }).optional() })).default([]),
  citations: z.array(Source).optional(),
  credits: z.object({ used: z.number().int(), balance: z.number().int() }).optional(),
  follow_ups: z.array(z.string()).optional(),
  notices: z.array(z.string()).optional(),
  error: z.looseObject({ message: z.string().default('The answer broke off'), code: z.string().nullish(), request_id: z.string().nullish() }).optional(),
});

/** A citation of the server as the chips show it: its number is the `[n]` of the text. */
export const shownCitation = ({ id, title, page, url, snippet, document_id: documentId, chunk_id: chunkId, quotes = [], state = 'current' }: z.input<typeof Source>): Citation => ({
  number: id, title, page, url, snippet, documentId: documentId ?? null, chunkId: chunkId ?? null, inexact: quotes.some(({ verified }) => !verified), state,
});

/**
 * The pieces of an answer, from the stream of chunks our chat endpoints send. `onConversation` learns, once, which
 * conversation the answer belongs to.
 * @throws {ApiProblem} for an error inside the stream, or when it ends before the answer does.
 */
export async function* answerDeltas(events: AsyncIterable<ServerEvent>, onConversation?: (id: string) => void): AsyncGenerator<ChatDelta> {
  let begun = false;
  for await (const { data } of events) {
    if (data === '[DONE]') return;
    let json: unknown;
    // What is not JSON is not for this page: a later version may send more kinds of event.
    try { json = JSON.parse(data); } catch { continue; }
    const parsed = Chunk.safeParse(json);
    if (!parsed.success) throw new ApiProblem({ kind: 'answer', status: 0, title: 'The answer could not be read', detail: 'Reload the page and ask again.' });
    const { conversation_id, run_id, choices, citations, credits, follow_ups, notices, error } = parsed.data;
    if (error !== undefined) throw new ApiProblem({ kind: 'problem', status: 0, title: error.message, code: error.code ?? '', requestId: error.request_id });
    if (!begun) {
      begun = true;
      if (run_id != null) yield { type: 'message', id: run_id };
      if (conversation_id != null) onConversation?.(conversation_id);
    }
    const text = choices.map(({ delta }) => delta?.content ?? '').join('');
    if (text !== '') yield { type: 'text', text };
    if (citations !== undefined) yield { type: 'citations', citations: citations.map(shownCitation) };
    if (notices !== undefined) yield { type: 'notices', notices };
    if (follow_ups !== undefined) yield { type: 'follow-ups', questions: follow_ups };
    if (credits !== undefined) yield { type: 'cost', credits: credits.used, balance: credits.balance };
  }
  throw new ApiProblem({ kind: 'network', status: 0, title: 'The answer broke off', detail: 'The connection ended before the answer did. Try again.' });
}
