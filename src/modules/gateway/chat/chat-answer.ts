import { once } from 'node:events';
import type { FastifyRequest } from 'fastify';
import type { HttpExchange } from '#platform/http/serve.ts';
import { problemBody } from '#platform/http/answer-problem.ts';
import { Problem, problems as kernel } from '#platform/http/problem.ts';
import type { Answering, Receipt } from '#modules/runtime/index.ts';

/** The whole answer at once. */
export async function collect(answering: Answering): Promise<Receipt> {
  for (;;) {
    const step = await answering.pieces.next();
    if (step.done) return step.value;
  }
}

/** The members every answer of ours carries beside OpenAI's. */
export const receiptMembers = (answering: Answering, receipt: Receipt) => ({
  conversation_id: answering.conversationId, run_id: answering.runId, citations: receipt.citations,
  ...(receipt.credits ? { credits: receipt.credits } : {}),
  ...(receipt.notices.length > 0 ? { notices: [...receipt.notices] } : {}),
  ...(receipt.followUps ? { follow_ups: [...receipt.followUps] } : {}),
});

export const usageMember = (receipt: Receipt) => ({
  prompt_tokens: receipt.tokensIn, completion_tokens: receipt.tokensOut, total_tokens: receipt.tokensIn + receipt.tokensOut,
});

export interface StreamOptions {
  model: string;
  created: number;
  /** A last chunk without choices carries the usage, as OpenAI's `stream_options.include_usage` asks. */
  includeUsage: boolean;
  /** Further members of the last chunk. */
  extra?: (receipt: Receipt) => Record<string, unknown>;
  /** Members of the last chunk however the answer ends. With it the stream begins at once, so that every failure is inside it. */
  always?: () => Record<string, unknown>;
}

/** The end mark of a stream, as OpenAI writes it. */
export const DONE = '[DONE]';

/**
 * An answer as OpenAI's chat completion chunks, each a JSON text, closed by {@link DONE}. What fails is one last chunk
 * with an `error` member, so that a stream never ends as if it were complete. `first` is the step that was taken already; null for none.
 */
export async function* answerEvents(answering: Answering, first: IteratorResult<string, Receipt> | null, options: StreamOptions, failed: (error: unknown) => object): AsyncGenerator<string> {
  const base = {
    id: `chatcmpl-${answering.runId}`, object: 'chat.completion.chunk', created: options.created, model: options.model,
    conversation_id: answering.conversationId, run_id: answering.runId,
  };
  // The part of a chunk that never changes is made once; a piece only adds its own text.
  const head = `${JSON.stringify(base).slice(0, -1)},"choices":[{"index":0,"delta":`;
  const chunk = (delta: string) => `${head}${delta},"finish_reason":null}]}`;
  try {
    yield chunk('{"role":"assistant","content":""}');
    let step = first ?? await answering.pieces.next();
    for (; !step.done; step = await answering.pieces.next()) yield chunk(`{"content":${JSON.stringify(step.value)}}`);
    const receipt = step.value;
    const last = { ...base, choices: [{ index: 0, delta: {}, finish_reason: 'stop' }], ...receiptMembers(answering, receipt), ...options.extra?.(receipt), ...options.always?.() };
    yield JSON.stringify(options.includeUsage ? last : { ...last, usage: usageMember(receipt) });
    if (options.includeUsage) yield JSON.stringify({ ...base, choices: [], usage: usageMember(receipt) });
    yield DONE;
  } catch (error) {
    yield JSON.stringify({ error: { ...failed(error), run_id: answering.runId }, ...options.always?.() });
  } finally {
    // A reader that went away in the middle ends the run, which is then recorded as cancelled.
    await answering.pieces.return(undefined as never);
  }
}

/** How often a silent stream says that it is alive; proxies cut silent connections. */
const KEEP_ALIVE_MS = 15_000;

/**
 * Streams an answer as server-sent events. The status is decided by the first piece: what fails before it is an ordinary
 * error answer.
 */
export async function streamAnswer(answering: Answering, { request, reply }: HttpExchange, options: StreamOptions): Promise<void> {
  const first = options.always ? null : await answering.pieces.next();
  const { raw } = reply;
  reply.hijack();
  raw.writeHead(200, {
    ...definedHeaders(reply.getHeaders()), 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache, no-transform', 'x-accel-buffering': 'no',
  });
  const alive = setInterval(() => { raw.write(': keep-alive\n\n'); }, KEEP_ALIVE_MS);
  try {
    for await (const event of answerEvents(answering, first, options, (error) => failure(error, request))) {
      if (raw.destroyed) return;
      if (!raw.write(`data: ${event}\n\n`)) await Promise.race([once(raw, 'drain'), once(raw, 'close')]);
    }
  } finally {
    clearInterval(alive);
    raw.end();
  }
}

/** The `error` member for whatever was thrown; what is a bug is logged and not explained. */
export function failure(error: unknown, request: Pick<FastifyRequest, 'id' | 'log'>): object {
  const problem = error instanceof Problem ? error : new Problem(kernel.internal);
  if (problem.type.status >= 500) request.log.error({ err: error }, 'answer failed');
  return errorMember(problem, request.id);
}

function errorMember(problem: Problem, requestId: string): object {
  const { error } = problemBody(problem, requestId, '/v1/');
  return { ...(typeof error === 'object' ? error : {}), request_id: requestId };
}

function definedHeaders(headers: Record<string, number | string | string[] | undefined>): Record<string, number | string | string[]> {
  return Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
