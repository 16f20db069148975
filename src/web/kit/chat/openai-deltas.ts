import { z } from 'zod';
import { ApiProblem } from '#web/api/problem.ts';
import type { ServerEvent } from '#web/api/stream-events.ts';
import type { ChatDelta } from './chat.ts';

/** The part of a chat-completion chunk this page reads, with our own additional members beside it. */
const Chunk = z.looseObject({
  id: z.string().optional(),
  choices: z.array(z.looseObject({ delta: z.looseObject({ content: z.string().nullish() }).optional() })).catch([]),
  citations: z.array(z.looseObject({
    number: z.number().int().optional(), id: z.number().int().optional().catch(undefined), title: z.string().catch('Source'), snippet: z.string().catch(''), page: z.number().nullish(), url: z.string().nullish(),
  })).optional().catch(undefined),
  status: z.string().optional().catch(undefined),
  suggested_prompts: z.array(z.string()).optional().catch(undefined),
  credits: z.looseObject({ used: z.number(), balance: z.number().optional().catch(undefined) }).nullish().catch(undefined),
  usage: z.looseObject({ credits: z.number().optional().catch(undefined), balance: z.number().optional().catch(undefined) }).nullish().catch(undefined),
  error: z.looseObject({ message: z.string().catch('The answer broke off'), code: z.string().nullish().catch(null) }).optional(),
});

/** Turns a stream in the shape of `/v1/chat/completions` into pieces of an answer. @throws {ApiProblem} for an error inside the stream. */
export async function* openAiDeltas(events: AsyncIterable<ServerEvent>): AsyncGenerator<ChatDelta> {
  let named = false;
  for await (const { data } of events) {
    if (data === '[DONE]') return;
    let json: unknown;
    try { json = JSON.parse(data); } catch { continue; }
    const parsed = Chunk.safeParse(json);
    if (!parsed.success) continue;
    const { id, choices, citations, status, suggested_prompts, credits, usage, error } = parsed.data;
    if (error !== undefined) throw new ApiProblem({ kind: 'problem', status: 0, title: error.message, code: error.code ?? '' });
    if (id !== undefined && !named) { named = true; yield { type: 'message', id }; }
    if (status !== undefined) yield { type: 'status', label: status };
    const text = choices.map(({ delta }) => delta?.content ?? '').join('');
    if (text !== '') yield { type: 'text', text };
    if (citations !== undefined) yield { type: 'citations', citations: citations.map((citation, index) => ({ ...citation, number: citation.number ?? citation.id ?? index + 1 })) };
    if (suggested_prompts !== undefined) yield { type: 'prompts', prompts: suggested_prompts };
    if (credits != null) yield { type: 'cost', credits: credits.used, balance: credits.balance };
    else if (usage?.credits !== undefined) yield { type: 'cost', credits: usage.credits, balance: usage.balance };
  }
  throw new ApiProblem({ kind: 'network', status: 0, title: 'The answer broke off', detail: 'The connection ended before the answer did. Try again.' });
}
