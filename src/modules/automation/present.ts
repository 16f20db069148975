import { z } from 'zod';
import type { DurableRun, DurableStep } from './contract.ts';
import type { durableRuns } from './tables.ts';

type RunRow = typeof durableRuns.$inferSelect;

export function presentRun(row: RunRow): DurableRun {
  const { answer } = row;
  return {
    object: 'run', id: row.id, subscription_id: row.subscriptionId, status: row.state, created_at: row.createdAt.toISOString(), ended_at: row.endedAt?.toISOString() ?? null,
    output: answer?.text ?? null, data: answer?.data ?? null, citations: answer?.citations ?? [], conversation_id: answer?.conversationId ?? null,
    error: row.errorCode === null ? null : { code: row.errorCode, message: row.errorMessage ?? '' },
    usage: answer && { prompt_tokens: answer.tokensIn, completion_tokens: answer.tokensOut, total_tokens: answer.tokensIn + answer.tokensOut },
    credits: answer?.credits ?? null, lives: row.lives,
  };
}

/** What a kept trace says; steps are kept as the engine wrote them. */
const Trace = z.object({
  nodeId: z.string(), type: z.string(), startedAt: z.string(), durationMs: z.number(), status: z.enum(['succeeded', 'failed', 'skipped', 'cancelled']),
  outputPreview: z.string(), notes: z.array(z.string()).default([]),
});

export function presentStep({ path, trace }: { path: string; trace: unknown }): DurableStep {
  const { nodeId, type, startedAt, durationMs, status, outputPreview, notes } = Trace.parse(trace);
  return { path, node_id: nodeId, type, status, started_at: startedAt, duration_ms: durationMs, output_preview: outputPreview, notes };
}
