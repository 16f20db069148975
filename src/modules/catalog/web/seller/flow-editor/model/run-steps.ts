import type { StepTrace } from '#modules/catalog/preview-contract.ts';

/** What a step did in a test run, all its passes taken together. */
export interface RunStep {
  node: string;
  /** Of the last pass; one that failed counts for the step. */
  status: string;
  durationMs: number;
  tokens: number;
  passes: number;
  error: string | null;
  notes: readonly string[];
  preview: string;
}

/** The steps of a run in the order they began. */
export const runSteps = (trace: readonly StepTrace[]): readonly RunStep[] => {
  const steps = new Map<string, RunStep>();
  for (const entry of trace.toSorted((a, b) => a.startedAt.localeCompare(b.startedAt))) {
    const before = steps.get(entry.nodeId);
    const failed = before?.status === 'failed';
    steps.set(entry.nodeId, {
      node: entry.nodeId, status: failed ? 'failed' : entry.status, durationMs: (before?.durationMs ?? 0) + entry.durationMs,
      tokens: (before?.tokens ?? 0) + entry.tokens.inputTokens + entry.tokens.outputTokens, passes: (before?.passes ?? 0) + 1,
      error: failed ? before.error : entry.error?.message ?? null, notes: [...(before?.notes ?? []), ...(entry.notes ?? [])], preview: entry.outputPreview || (before?.preview ?? ''),
    });
  }
  return [...steps.values()];
};
