import { describe, expect, test } from 'vitest';
import { RemoteError, type RemoteEvent, type RemoteQuestion, type RemoteRuntime } from './ports.ts';

/** What the suite needs from an implementation of {@link RemoteRuntime}. */
export interface RemoteRuntimeHarness {
  runtime: RemoteRuntime;
  /** The same server with a credential it does not know; null where it takes any. */
  stranger: RemoteRuntime | null;
  /** A flow that repeats the question in its answer. */
  definition: unknown;
  /** Where the server keeps flows for us, a flow that was removed is missing there. */
  keepsFlows: boolean;
  /** Whether an answer comes in more than one piece. */
  streams: boolean;
}

export const remoteQuestion = (text: string, over: Partial<RemoteQuestion> = {}): RemoteQuestion => ({
  runId: crypto.randomUUID(), subscriptionId: null, text, sessionId: crypto.randomUUID(), inputNode: null, images: [], history: [], settings: [], instructions: '', passages: [], runToken: '', ...over,
});

export const allEvents = async (events: AsyncIterable<RemoteEvent>): Promise<RemoteEvent[]> => {
  const all: RemoteEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
};
export const saidIn = (events: readonly RemoteEvent[]): string => events.map((event) => (event.type === 'text' ? event.text : '')).join('');

/** The {@link RemoteError} a call ends with. */
export async function remoteFailure(call: Promise<unknown>): Promise<RemoteError> {
  const error = await call.then(() => null, (reason: unknown) => reason);
  if (!(error instanceof RemoteError)) throw new Error(`expected a RemoteError, got ${String(error)}`);
  return error;
}

/** What every remote runtime must do, whoever provides it. Call it from a test file with a way to reach one. */
export function remoteRuntimeContract(name: string, make: () => Promise<RemoteRuntimeHarness>): void {
  const never = () => new AbortController().signal;
  const deployed = async ({ runtime, definition }: RemoteRuntimeHarness, id: string = crypto.randomUUID()) =>
    runtime.deploy({ id, name: 'Echo', place: 'tenant_one_two', definition }, never());

  describe(`remote runtime contract: ${name}`, () => {
    test('a probe finds the server, and a wrong credential is told apart', async () => {
      const { runtime, stranger } = await make();
      const facts = await runtime.probe(never());
      expect(facts.version === null || /^\d+\.\d+/.test(facts.version)).toBe(true);
      if (stranger) expect((await remoteFailure(stranger.probe(never()))).code).toBe('unauthorized');
    });

    test('deploying the same flow twice keeps one, under one reference', async () => {
      const harness = await make();
      const id = crypto.randomUUID();
      expect(await deployed(harness, id)).toBe(await deployed(harness, id));
    });

    test('an answer repeats the question and ends with exactly one finish', async () => {
      const harness = await make();
      const events = await allEvents(harness.runtime.run(await deployed(harness), remoteQuestion('The parcel leaves the warehouse on Tuesday.'), never()));
      expect(saidIn(events)).toContain('The parcel leaves the warehouse on Tuesday.');
      expect(saidIn(events).match(/on Tuesday/g)).toHaveLength(1);
      expect(events.filter((event) => event.type === 'finish')).toHaveLength(1);
      expect(events.at(-1)?.type).toBe('finish');
      if (harness.streams) expect(events.length).toBeGreaterThan(2);
    });

    test('text of every script survives', async () => {
      const harness = await make();
      const text = 'Größe 退款政策 استرجاع 🚚 नमस्ते.';
      expect(saidIn(await allEvents(harness.runtime.run(await deployed(harness), remoteQuestion(text), never())))).toContain(text);
    });

    test('answers at the same time do not mix', async () => {
      const harness = await make();
      const reference = await deployed(harness);
      const words = ['alpha', 'bravo', 'charlie', 'delta'];
      const answers = await Promise.all(words.map(async (word) => saidIn(await allEvents(harness.runtime.run(reference, remoteQuestion(`The word is ${word}.`), never())))));
      for (const [i, answer] of answers.entries()) expect(words.filter((word) => answer.includes(word))).toEqual([words[i]]);
    });

    test('an aborted signal ends a run before it begins and in the middle', async () => {
      const harness = await make();
      const reference = await deployed(harness);
      await expect(allEvents(harness.runtime.run(reference, remoteQuestion('Never said.'), AbortSignal.abort()))).rejects.toMatchObject({ name: 'AbortError' });
      const controller = new AbortController();
      setTimeout(() => { controller.abort(); }, 5);
      await allEvents(harness.runtime.run(reference, remoteQuestion('One two three four five six seven eight nine ten.'.repeat(20)), controller.signal))
        .catch((error: unknown) => { expect(error).toMatchObject({ name: 'AbortError' }); });
    });

    test('a reader that stops ends the run without an error', async () => {
      const harness = await make();
      for await (const event of harness.runtime.run(await deployed(harness), remoteQuestion('One two three four five.'), never())) if (event.type === 'text') break;
    });

    test('what was removed is missing, and may be removed again', async () => {
      const harness = await make();
      const reference = await deployed(harness);
      await harness.runtime.remove(reference, never());
      await harness.runtime.remove(reference, never());
      if (harness.keepsFlows) expect((await remoteFailure(allEvents(harness.runtime.run(reference, remoteQuestion('Anybody?'), never())))).code).toBe('flow-missing');
    });
  });
}
