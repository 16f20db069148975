import type { Process } from '#platform/context.ts';
import { Problem } from '#platform/http/problem.ts';
import type { VersionAnswers } from '#modules/catalog/ports.ts';
import type { NodeTrace } from '#modules/flows/index.ts';
import type { Citation } from '#modules/knowledge/citation-contract.ts';
import type { Receipt, Runtime } from './question.ts';
import type { Subject } from './subject.ts';
import type { Subjects } from './subjects.ts';

/** A whole answer of something that is only tried. */
export interface Asked { text: string; citations: Citation[]; refused: boolean; tools: string[]; latencyMs: number; /** Why there is no answer, in words; null when there is. */ error: string | null }

/** One question of a seller's checks is given up after this. */
const CHECK_TIMEOUT_MS = 120_000;

/**
 * Asks a subject that keeps and charges nothing, and waits for the end. What the caller may know of a failure is part of
 * the answer; a bug is thrown. `dryRun` lets no step change anything outside.
 */
export async function askOnce(runtime: Runtime, subject: Subject, text: string, options: { channel: string; dryRun: boolean; signal: AbortSignal }): Promise<Asked> {
  if (subject.subscriptionId !== null) throw new Error('only what is tried is asked without a record');
  const started = performance.now();
  let said = '';
  let trace = (): readonly NodeTrace[] => [];
  const asked = (receipt: Pick<Receipt, 'text' | 'citations' | 'refused'>, error: string | null): Asked => ({ ...receipt, tools: toolsIn(trace()), latencyMs: Math.round(performance.now() - started), error });
  try {
    const answering = await runtime.answer({
      subject, channel: options.channel, keyId: null, text, images: [], history: [], conversation: null, visitor: null, generation: { temperature: null, outputTokensMax: null },
      dryRun: options.dryRun, signal: options.signal,
    });
    trace = answering.trace;
    for (;;) {
      const step = await answering.pieces.next();
      if (step.done) return asked(step.value, null);
      said += step.value;
    }
  } catch (error) {
    if (error instanceof Problem) return asked({ text: said, citations: [], refused: false }, error.message);
    throw error;
  }
}

/** The tools that agents called, as the trace remarks it. */
const toolsIn = (trace: readonly NodeTrace[]): string[] => [...new Set(trace.flatMap(({ notes = [] }) => notes.flatMap((note) => /^Called (\S+)\.$/.exec(note)?.[1] ?? [])))];

/** Fills the catalog's port: a version answers its own seller's questions. */
export const versionAnswers = (runtime: Runtime, subjects: Pick<Subjects, 'forVersion'>): VersionAnswers => ({
  async ask(process: Process, versionId, question) {
    try {
      const subject = await subjects.forVersion(process, versionId);
      const { text, citations, refused, tools, latencyMs, error } = await askOnce(runtime, subject, question, { channel: 'check', dryRun: false, signal: AbortSignal.timeout(CHECK_TIMEOUT_MS) });
      return { text, cited: [...new Set(citations.map(({ title }) => title))], refused, tools, latencyMs, error };
    } catch (error) {
      // A flow that cannot be prepared fails the question, not the whole check.
      if (error instanceof Problem) return { text: '', cited: [], refused: false, tools: [], latencyMs: 0, error: error.message };
      throw error;
    }
  },
});
