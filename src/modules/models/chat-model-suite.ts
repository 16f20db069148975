import { describe, expect, test } from 'vitest';
import type { ChatEvent, ChatModel, ChatRequest } from './ports.ts';

/** What the suite needs from an implementation of {@link ChatModel}. */
export interface ChatModelHarness {
  model: ChatModel;
  /** A request whose answer contains this text. */
  requestFor(text: string): ChatRequest;
}

/** What every chat model must do, whoever provides it. Call it from a test file with a way to make the model. */
export function chatModelContract(name: string, make: () => Promise<ChatModelHarness>): void {
  const all = async (model: ChatModel, request: ChatRequest, signal = new AbortController().signal) => {
    const events: ChatEvent[] = [];
    for await (const event of model.stream(request, signal)) events.push(event);
    return events;
  };
  const textOf = (events: readonly ChatEvent[]) => events.map((event) => (event.type === 'text' ? event.text : '')).join('');

  describe(`chat model contract: ${name}`, () => {
    test('an answer comes in pieces and ends with exactly one finish, which counts tokens', async () => {
      const { model, requestFor } = await make();
      const events = await all(model, requestFor('The parcel leaves the warehouse on Tuesday.'));
      expect(textOf(events)).toContain('The parcel leaves the warehouse on Tuesday.');
      expect(events.filter((event) => event.type === 'text').length).toBeGreaterThan(1);
      const finishes = events.filter((event) => event.type === 'finish');
      expect(finishes).toHaveLength(1);
      expect(events.at(-1)).toBe(finishes[0]);
      expect(finishes[0]?.reason).toBe('stop');
      expect(finishes[0]?.usage.inputTokens).toBeGreaterThan(0);
      expect(finishes[0]?.usage.outputTokens).toBeGreaterThan(0);
    });

    test('text of every script survives, also when a character is cut between packets', async () => {
      const { model, requestFor } = await make();
      const text = 'Größe 退款政策 استرجاع 🚚 नमस्ते.';
      expect(textOf(await all(model, requestFor(text)))).toContain(text);
    });

    test('concurrent answers do not mix', async () => {
      const { model, requestFor } = await make();
      const words = ['alpha', 'bravo', 'charlie', 'delta'];
      const answers = await Promise.all(words.map(async (word) => textOf(await all(model, requestFor(`The word is ${word}.`)))));
      for (const [i, answer] of answers.entries()) expect(words.filter((word) => answer.includes(word))).toEqual([words[i]]);
    });

    test('an aborted signal stops the answer before and in the middle', async () => {
      const { model, requestFor } = await make();
      await expect(all(model, requestFor('Never said.'), AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
      const controller = new AbortController();
      let pieces = 0;
      const started = performance.now();
      await expect(async () => {
        for await (const event of model.stream(requestFor('One two three four five six seven eight nine ten eleven twelve thirteen fourteen.'), controller.signal)) {
          if (event.type === 'text' && ++pieces === 1) controller.abort();
        }
      }).rejects.toMatchObject({ name: 'AbortError' });
      expect(performance.now() - started).toBeLessThan(1_000);
    });

    test('a consumer that stops reading ends the call without an error', async () => {
      const { model, requestFor } = await make();
      for await (const event of model.stream(requestFor('One two three four five six seven.'), new AbortController().signal)) if (event.type === 'text') break;
    });

    test('tools in the request do not hinder a text answer', async () => {
      const { model, requestFor } = await make();
      const tools = [{ name: 'calculator', description: 'Works out arithmetic.', parameters: { type: 'object', properties: {} } }];
      expect(textOf(await all(model, { ...requestFor('Plain words.'), tools }))).toContain('Plain words.');
    });
  });
}
