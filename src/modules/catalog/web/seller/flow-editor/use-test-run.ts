import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { z } from 'zod';
import { previewEndpoint, StepTrace } from '#modules/catalog/preview-contract.ts';
import { ApiProblem, asProblem, isAbort } from '#web/api/problem.ts';
import { streamEvents } from '#web/api/stream-events.ts';
import { runSteps, type RunStep } from './model/run-steps.ts';

/** The members of a preview's events this screen reads. */
const Event = z.looseObject({
  choices: z.array(z.looseObject({ delta: z.looseObject({ content: z.string().nullish() }).optional() })).default([]),
  trace: z.array(StepTrace).optional(),
  usage: z.looseObject({ total_tokens: z.number() }).optional(),
  error: z.looseObject({ message: z.string().default('The run broke off'), request_id: z.string().nullish() }).optional(),
});

export interface TestRun {
  state: 'none' | 'running' | 'done' | 'failed';
  answer: string;
  /** In the order they began; those already shown of a run that is being replayed. */
  steps: readonly RunStep[];
  problem: ApiProblem | null;
  tokens: number;
  /** From the question to the end of the answer. */
  durationMs: number;
  ask: (question: string) => Promise<void>;
  stop: () => void;
  /** Shows the steps once more, one after the other. */
  replay: () => void;
  clear: () => void;
}

interface Outcome { state: TestRun['state']; answer: string; steps: readonly RunStep[]; problem: ApiProblem | null; tokens: number; durationMs: number }

const NOTHING: Outcome = { state: 'none', answer: '', steps: [], problem: null, tokens: 0, durationMs: 0 };
/** Between two steps of a replay. */
const STEP_MS = 220;

/** Asks the draft a question and keeps what each step did. `before` stores what was edited last. */
export const useTestRun = (productId: string, before: () => Promise<void>): TestRun => {
  const [outcome, setOutcome] = useState<Outcome>(NOTHING);
  const [shown, setShown] = useState(0);
  const abort = useRef<AbortController | null>(null);
  useEffect(() => () => { abort.current?.abort(); }, []);

  const count = outcome.steps.length;
  useEffect(() => {
    if (shown >= count) return undefined;
    const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
    const timer = setTimeout(() => { setShown(still ? count : shown + 1); }, still ? 0 : STEP_MS);
    return () => { clearTimeout(timer); };
  }, [shown, count]);

  const ask = useCallback(async (question: string) => {
    abort.current?.abort();
    const controller = new AbortController();
    abort.current = controller;
    setShown(0);
    setOutcome({ ...NOTHING, state: 'running' });
    const started = performance.now();
    let result: Outcome = { ...NOTHING, state: 'running' };
    try {
      await before();
      for await (const { data } of streamEvents(previewEndpoint, { params: { productId }, body: { messages: [{ role: 'user', content: question }], trace: true } }, { signal: controller.signal })) {
        if (data === '[DONE]') break;
        const { choices, trace, usage, error } = Event.parse(JSON.parse(data));
        result = {
          ...result, answer: result.answer + choices.map(({ delta }) => delta?.content ?? '').join(''), steps: trace === undefined ? result.steps : runSteps(trace), tokens: usage?.total_tokens ?? result.tokens,
          ...(error === undefined ? {} : { state: 'failed' as const, problem: new ApiProblem({ kind: 'problem', status: 0, title: error.message, requestId: error.request_id }) }),
        };
        setOutcome(result);
      }
      setOutcome({ ...result, state: result.problem === null ? 'done' : 'failed', durationMs: performance.now() - started });
    } catch (error) {
      if (isAbort(error)) { if (abort.current === controller) setOutcome(NOTHING); return; }
      setOutcome({ ...result, state: 'failed', problem: asProblem(error), durationMs: performance.now() - started });
    }
  }, [productId, before]);

  return useMemo(() => ({
    ...outcome, steps: outcome.steps.slice(0, shown), ask,
    stop: () => { abort.current?.abort(); }, replay: () => { setShown(0); }, clear: () => { abort.current?.abort(); setOutcome(NOTHING); setShown(0); },
  }), [outcome, shown, ask]);
};
