import { once } from 'node:events';
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
}

/** How often a silent stream says that it is alive; proxies cut silent connections. */
const KEEP_ALIVE_MS = 15_000;

/**
 * Streams an answer as OpenAI's chat completion chunks. The status is decided by the first piece: what fails before it
 * is an ordinary error answer; what fails later is an error event, so that a stream never ends as if it were complete.
 */
export async function streamAnswer(answering: Answering, { request, reply }: HttpExchange, options: StreamOptions): Promise<void> {
  const first = await answering.pieces.next();
  const { raw } = reply;
  reply.hijack();
  raw.writeHead(200, {
    ...definedHeaders(reply.getHeaders()), 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache, no-transform', 'x-accel-buffering': 'no',
  });
  const write = async (text: string): Promise<void> => {
    if (raw.destroyed || raw.write(text)) return;
    await Promise.race([once(raw, 'drain'), once(raw, 'close')]);
  };
  const base = {
    id: `chatcmpl-${answering.runId}`, object: 'chat.completion.chunk', created: options.created, model: options.model,
    conversation_id: answering.conversationId, run_id: answering.runId,
  };
  // The part of a chunk that never changes is made once; a piece only adds its own text.
  const head = `data: ${JSON.stringify(base).slice(0, -1)},"choices":[{"index":0,"delta":`;
  const chunk = (delta: string, finish = 'null') => `${head}${delta},"finish_reason":${finish}}]}\n\n`;
  const alive = setInterval(() => { raw.write(': keep-alive\n\n'); }, KEEP_ALIVE_MS);
  try {
    await write(chunk('{"role":"assistant","content":""}'));
    let step = first;
    while (!step.done) {
      await write(chunk(`{"content":${JSON.stringify(step.value)}}`));
      if (raw.destroyed) {
        await answering.pieces.return(undefined as never);
        return;
      }
      step = await answering.pieces.next();
    }
    const receipt = step.value;
    const last = { ...base, choices: [{ index: 0, delta: {}, finish_reason: 'stop' }], ...receiptMembers(answering, receipt), ...options.extra?.(receipt) };
    await write(`data: ${JSON.stringify(options.includeUsage ? last : { ...last, usage: usageMember(receipt) })}\n\n`);
    if (options.includeUsage) await write(`data: ${JSON.stringify({ ...base, choices: [], usage: usageMember(receipt) })}\n\n`);
    await write('data: [DONE]\n\n');
  } catch (error) {
    const problem = error instanceof Problem ? error : new Problem(kernel.internal);
    if (problem.type.status >= 500) request.log.error({ err: error }, 'stream failed');
    await write(`data: ${JSON.stringify({ error: { ...errorMember(problem, request.id), run_id: answering.runId } })}\n\n`);
  } finally {
    clearInterval(alive);
    raw.end();
  }
}

function errorMember(problem: Problem, requestId: string): object {
  const { error } = problemBody(problem, requestId, '/v1/');
  return { ...(typeof error === 'object' ? error : {}), request_id: requestId };
}

function definedHeaders(headers: Record<string, number | string | string[] | undefined>): Record<string, number | string | string[]> {
  return Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
