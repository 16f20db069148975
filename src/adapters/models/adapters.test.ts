import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { chatModelContract } from '#modules/models/chat-model-suite.ts';
import { embedLexically } from '#modules/models/index.ts';
import { ModelError } from '#modules/models/ports.ts';
import type { ChatEvent, ChatModel, ChatRequest, ModelProvider } from '#modules/models/ports.ts';
import { anthropicProvider } from './anthropic.ts';
import { cohereProvider } from './cohere.ts';
import { openaiCompatibleProvider } from './openai-compatible.ts';
import { startLoopbackModelServer } from './testing/loopback-model-server.ts';

const server = await startLoopbackModelServer();
afterAll(() => server.close());
beforeEach(() => {
  server.calls.length = 0;
  server.fail(null);
  server.delay(0);
  server.reply((call) => ({ text: JSON.stringify(call.body['messages']).match(/"(?:content|text)":"((?:[^"\\]|\\.)*)"/)?.[1] ?? '' }));
});

const timeouts = { firstByteMs: 400, idleMs: 400 };
const KEY = 'sk-test-0123456789abcdef';
const providers: Record<string, ModelProvider> = {
  openai: openaiCompatibleProvider({ baseUrl: `${server.url}/v1`, apiKey: KEY, fetch, timeouts, backoffMs: 10 }),
  anthropic: anthropicProvider({ baseUrl: `${server.url}/v1/`, apiKey: KEY, fetch, timeouts, backoffMs: 10 }),
};
const chatOf = (provider: string): ChatModel => {
  const model = providers[provider]?.chat?.({ id: 'm', remoteName: 'remote-m', features: { tools: true, images: true } });
  if (!model) throw new Error(`no ${provider}`);
  return model;
};
const hello: ChatRequest = { messages: [{ role: 'system', content: 'Be kind.' }, { role: 'user', content: 'Hello there, how are you today?' }] };
const all = async (model: ChatModel, request: ChatRequest = hello, signal = new AbortController().signal) => {
  const events: ChatEvent[] = [];
  for await (const event of model.stream(request, signal)) events.push(event);
  return events;
};
const failureOf = async (run: Promise<unknown>): Promise<ModelError> => {
  const error = await run.then(() => null, (reason: unknown) => reason);
  if (!(error instanceof ModelError)) throw new Error(`expected a ModelError, got ${String(error)}`);
  return error;
};

for (const provider of Object.keys(providers)) {
  chatModelContract(provider, async () => {
    server.delay(0, 1);
    return { model: chatOf(provider), requestFor: (text) => ({ messages: [{ role: 'user', content: text }] }) };
  });

  describe(provider, () => {
    test('tool calls arrive whole, and go back with their results', async () => {
      server.reply({ text: 'Let me see.', toolCalls: [{ id: 'c1', name: 'search', arguments: { query: 'refund "now"' } }, { id: 'c2', name: 'clock', arguments: {} }] });
      const events = await all(chatOf(provider), { ...hello, tools: [{ name: 'search', description: 'Searches.', parameters: { type: 'object', properties: { query: { type: 'string' } } } }] });
      expect(events.filter((event) => event.type === 'tool-call').map((event) => event.call)).toEqual([
        { id: 'c1', name: 'search', arguments: { query: 'refund "now"' } }, { id: 'c2', name: 'clock', arguments: {} },
      ]);
      expect(events.at(-1)).toMatchObject({ type: 'finish', reason: 'tool-calls' });
      server.reply({ text: 'Done.' });
      await all(chatOf(provider), { messages: [...hello.messages,
        { role: 'assistant', content: '', toolCalls: [{ id: 'c1', name: 'search', arguments: { query: 'x' } }] },
        { role: 'tool', toolCallId: 'c1', name: 'search', content: 'found it' }] });
      expect(JSON.stringify(server.calls[1]?.body)).toMatch(/c1.*found it/);
    });

    test('settings and images are sent as the protocol wants them', async () => {
      await all(chatOf(provider), { messages: [{ role: 'user', content: 'Look', images: ['data:image/png;base64,AAAA', 'https://example.com/a.png'] }], temperature: 0.3, outputTokensMax: 77 });
      expect(server.calls[0]?.body).toMatchObject({ model: 'remote-m', temperature: 0.3, max_tokens: 77, stream: true });
      const sent = JSON.stringify(server.calls[0]?.body['messages']);
      expect(sent).toContain('AAAA');
      expect(sent).toContain('https://example.com/a.png');
    });

    test.each([['length', 'length'], ['content-filter', 'content-filter']] as const)('an answer that ends by %s says so', async (finish, reason) => {
      server.reply({ text: 'Cut', finish });
      expect((await all(chatOf(provider))).at(-1)).toMatchObject({ reason });
    });

    test.each([
      [{ kind: 'status', status: 429 }, 'rate-limited', true, 3], [{ kind: 'status', status: 500 }, 'unavailable', true, 3], [{ kind: 'status', status: 529 }, 'unavailable', true, 3],
      [{ kind: 'status', status: 401 }, 'refused', false, 1], [{ kind: 'status', status: 400 }, 'refused', false, 1],
      [{ kind: 'status', status: 429, retryAfterSeconds: 60 }, 'rate-limited', true, 1],
      [{ kind: 'reset' }, 'unavailable', true, 3], [{ kind: 'invalid-json' }, 'bad-answer', true, 3], [{ kind: 'empty' }, 'unavailable', true, 3],
      [{ kind: 'hang' }, 'timeout', true, 1],
      [{ kind: 'error-event', after: 0 }, null, true, 3],
    ] as const)('%o before the first piece fails as %s (retryable %s) after %i calls', async (failure, code, retryable, calls) => {
      server.fail(failure);
      const error = await failureOf(all(chatOf(provider)));
      if (code) expect(error.code).toBe(code);
      expect(error.retryable).toBe(retryable);
      expect(server.calls).toHaveLength(calls);
    });

    test('a failure that passes is not noticed', async () => {
      server.fail({ kind: 'status', status: 503, times: 2 });
      server.reply({ text: 'Here I am.' });
      expect((await all(chatOf(provider))).map((event) => (event.type === 'text' ? event.text : '')).join('')).toBe('Here I am.');
      expect(server.calls).toHaveLength(3);
    });

    test.each(['end-early', 'cut', 'error-event', 'silence'] as const)('an answer that breaks off by %s gives its beginning, then an error, and is not begun again', async (kind) => {
      server.reply({ text: 'one two three four five six' });
      server.fail({ kind, after: 2 });
      const pieces: string[] = [];
      const error = await failureOf((async () => {
        for await (const event of chatOf(provider).stream(hello, new AbortController().signal)) if (event.type === 'text') pieces.push(event.text);
      })());
      expect(pieces.join('')).toBe('one two');
      expect(error.retryable).toBe(true);
      expect(error.code).toBe(kind === 'silence' ? 'timeout' : kind === 'error-event' && provider === 'anthropic' ? 'rate-limited' : 'unavailable');
      expect(server.calls).toHaveLength(1);
    });

    test('an abort closes the call upstream within a second, also while nothing comes', async () => {
      server.fail({ kind: 'hang' });
      const controller = new AbortController();
      const running = all(chatOf(provider), hello, controller.signal);
      setTimeout(() => { controller.abort(); }, 30);
      await expect(running).rejects.toMatchObject({ name: 'AbortError' });
      await expect.poll(() => server.calls[0]?.aborted, { timeout: 1_000 }).toBe(true);
    });

    test('no error shows the credential, even when the provider repeats it', async () => {
      server.fail({ kind: 'status', status: 400, body: JSON.stringify({ error: { message: `Bad key ${KEY} in Bearer ${KEY}` } }) });
      const error = await failureOf(all(chatOf(provider)));
      expect(`${error.message} ${error.stack} ${JSON.stringify(error)}`).not.toContain(KEY);
      expect(error.message).toContain('Bad key (hidden)');
    });

    test('a host that does not exist or refuses is "unavailable"', async () => {
      for (const baseUrl of ['http://127.0.0.1:9', 'http://does-not-exist.invalid/v1']) {
        const make = provider === 'openai' ? openaiCompatibleProvider : anthropicProvider;
        const model = make({ baseUrl, apiKey: KEY, fetch, retriesMax: 0 }).chat?.({ id: 'm', remoteName: 'm', features: { tools: true, images: true } });
        expect((await failureOf(all(model ?? chatOf(provider)))).code).toBe('unavailable');
      }
    });

    test('connections are used again', async () => {
      const own = await startLoopbackModelServer();
      const make = provider === 'openai' ? openaiCompatibleProvider : anthropicProvider;
      const model = make({ baseUrl: own.url, apiKey: KEY, fetch }).chat?.({ id: 'm', remoteName: 'm', features: { tools: true, images: true } });
      for (let i = 0; i < 20; i++) await all(model ?? chatOf(provider));
      await own.close();
      // Two, because a connection may be freed just after the next call begins.
      expect(new Set(own.calls.map((call) => call.port)).size).toBeLessThanOrEqual(2);
    });
  });
}

const cohere = cohereProvider({ baseUrl: `${server.url}/`, apiKey: KEY, fetch, timeouts, backoffMs: 10 });

describe('Cohere', () => {
  const embedding = (dimensions = 1024) => cohere.embedding?.({ id: 'e', remoteName: 'embed-multilingual-v3.0', dimensions, shortened: false });

  test('questions and what is searched are embedded for what they are, in order, over many batches', async () => {
    const texts = Array.from({ length: 100 }, (_, i) => (i === 5 ? '' : `text number ${i}`));
    const vectors = await embedding()?.embed(texts) ?? [];
    expect(vectors).toHaveLength(100);
    const expected = embedLexically('text number 99');
    expect(vectors[99]?.slice(0, 512).every((value, k) => Math.abs(value - (expected[k] ?? 0)) < 1e-5)).toBe(true);
    await embedding()?.embed(['a question'], undefined, 'query');
    expect(server.calls.map(({ path, body }) => [path, body['input_type']])).toEqual([['/v2/embed', 'search_document'], ['/v2/embed', 'search_document'], ['/v2/embed', 'search_query']]);
    expect(server.calls[0]?.headers['authorization']).toBe(`Bearer ${KEY}`);
  });

  test('vectors of another length than the catalogue says are refused', async () => {
    expect((await failureOf(embedding(512)?.embed(['x']) ?? Promise.resolve())).code).toBe('bad-answer');
  });
});

describe.each([
  ['Cohere', cohere, '/v2/rerank'],
  ['a server of one’s own', openaiCompatibleProvider({ baseUrl: `${server.url}/v1`, apiKey: KEY, reranks: true, fetch, timeouts, backoffMs: 10 }), '/v1/rerank'],
] as const)('reranking by %s', (_name, provider, path) => {
  const rerank = async (texts: readonly string[]) => provider.rerank?.({ id: 'r', remoteName: 'judge' }).rerank('Which?', texts, new AbortController().signal) ?? [];

  test('each text gets its score, in the order of the texts', async () => {
    const scores = await rerank(['no', 'maybe', 'The answer: this one']);
    expect(scores).toHaveLength(3);
    expect(scores[2]).toBeGreaterThan(Math.max(scores[0] ?? 1, scores[1] ?? 1));
    expect(server.calls[0]).toMatchObject({ path, body: { model: 'judge', query: 'Which?', documents: ['no', 'maybe', 'The answer: this one'], top_n: 3 } });
    expect(await rerank([])).toEqual([]);
  });

  test('a passing failure is retried, a refusal and a hang are not', async () => {
    server.fail({ kind: 'status', status: 500, times: 1 });
    expect(await rerank(['x'])).toHaveLength(1);
    server.fail({ kind: 'status', status: 400 });
    expect((await failureOf(rerank(['x']))).retryable).toBe(false);
    server.fail({ kind: 'hang' });
    expect((await failureOf(rerank(['x']))).code).toBe('timeout');
  });
});

test('a server without reranking is not asked for it', () => {
  expect(providers['openai']?.rerank).toBeUndefined();
});

describe('embeddings', () => {
  const embedding = (dimensions: number) => providers['openai']?.embedding?.({ id: 'e', remoteName: 'embed-x', dimensions, shortened: false });

  test('each text gets its unit vector, in order, over many batches', async () => {
    const texts = Array.from({ length: 200 }, (_, i) => (i === 5 ? '' : `text number ${i}`));
    const vectors = await embedding(512)?.embed(texts) ?? [];
    expect(vectors).toHaveLength(200);
    for (const i of [0, 95, 96, 199]) {
      const expected = embedLexically(texts[i] ?? '');
      expect(vectors[i]?.every((value, k) => Math.abs(value - (expected[k] ?? 0)) < 1e-5)).toBe(true);
    }
    expect(server.calls).toHaveLength(3);
  });

  test('vectors of another length than the catalogue says are refused', async () => {
    expect((await failureOf(embedding(1536)?.embed(['x']) ?? Promise.resolve())).code).toBe('bad-answer');
  });

  test('a shorter length is asked of the provider, the own length of a model is not', async () => {
    const short = providers['openai']?.embedding?.({ id: 'text-embedding-3-small@256', remoteName: 'text-embedding-3-small', dimensions: 256, shortened: true });
    expect(short).toMatchObject({ id: 'text-embedding-3-small@256', dimensions: 256 });
    const [vector] = await short?.embed(['where may visitors park']) ?? [];
    expect(vector).toHaveLength(256);
    expect(Math.hypot(...vector ?? [])).toBeCloseTo(1, 5);
    expect(server.calls[0]?.body).toMatchObject({ model: 'text-embedding-3-small', dimensions: 256 });
    await embedding(512)?.embed(['x']);
    expect(server.calls[1]?.body).not.toHaveProperty('dimensions');
  });

  test('a server that answers another length than asked is told of by both lengths', async () => {
    const deaf = providers['openai']?.embedding?.({ id: 'deaf@128', remoteName: 'deaf-model', dimensions: 128, shortened: true });
    const error = await failureOf(deaf?.embed(['x']) ?? Promise.resolve());
    expect(error).toMatchObject({ code: 'bad-answer', retryable: false, message: 'The embedding model deaf@128 gave vectors of 512 numbers where 128 were asked for.' });
    expect(server.calls).toHaveLength(1);
  });

  test('a passing failure is retried, a hang is not', async () => {
    server.fail({ kind: 'status', status: 500, times: 1 });
    expect(await embedding(512)?.embed(['x'])).toHaveLength(1);
    server.fail({ kind: 'hang' });
    expect((await failureOf(embedding(512)?.embed(['x']) ?? Promise.resolve())).code).toBe('timeout');
  });
});
