import { offlineChatModel } from '#modules/models/index.ts';
import type { ChatEvent, ChatModel, ChatRequest, Passage } from '#modules/models/ports.ts';
import type { Flow } from '../../contract.ts';
import type { NodeContext } from '../../node-type.ts';

/** A context for tests: the offline model, a fixed clock, knowledge from a list; any part may be replaced. */
export function runContext(text: string, parts: Partial<NodeContext> & { knowledge?: readonly Passage[] } = {}): NodeContext {
  const found: Passage[] = [];
  const { knowledge = [], ...replaced } = parts;
  return {
    input: { text, images: [], history: [] },
    instructions: '',
    parameters: {},
    model: () => offlineChatModel,
    searchKnowledge: async () => {
      for (const passage of knowledge) if (!found.includes(passage)) found.push(passage);
      return knowledge;
    },
    grounding: () => found,
    generation: { modelId: null, temperature: null, outputTokensMax: null },
    fetch: async () => { throw new Error('no network in this test'); },
    now: () => new Date('2026-01-02T03:04:05Z'),
    countTokens: () => undefined,
    signal: new AbortController().signal,
    ...replaced,
  };
}

/** A passage with sensible fields. */
export const passage = (chunkId: string, text: string, parts: Partial<Passage> = {}): Passage =>
  ({ chunkId, documentId: `d-${chunkId}`, title: `Document ${chunkId}`, page: null, url: null, text, score: 0.5, ...parts });

/** A model that answers what `answer` makes of the request, word by word, and keeps the requests. */
export function scriptedModel(answer: (request: ChatRequest, call: number) => readonly ChatEvent[] | string, features = { tools: true, images: true }): ChatModel & { requests: ChatRequest[] } {
  const requests: ChatRequest[] = [];
  return {
    id: 'scripted', features, requests,
    async *stream(request) {
      requests.push(structuredClone(request));
      const events = answer(request, requests.length);
      if (typeof events !== 'string') { yield* events; return; }
      for (const text of events.match(/\S+\s*/g) ?? []) yield { type: 'text', text };
      yield { type: 'finish', reason: 'stop', usage: { inputTokens: 10, outputTokens: 5 } };
    },
  };
}

/** A flow from short notes: `[id, type, config?]` and `source.port -> target.port`. */
export function flowOf(nodes: readonly (readonly [string, string, Record<string, unknown>?])[], edges: readonly string[], parts: Partial<Flow> = {}): Flow {
  return {
    nodes: nodes.map(([id, type, config]) => ({ id, type, name: id, config: config ?? {} })),
    edges: edges.map((edge) => {
      const [, source = '', sourcePort = '', target = '', targetPort = ''] = /^(\S+?)\.(\S+) -> (\S+?)\.(.+)$/.exec(edge) ?? [];
      return { source, sourcePort, target, targetPort };
    }),
    parameters: [],
    requires: { models: [], connections: [], secrets: [], mcpServers: [] },
    origin: { format: 'cmp', version: null, sha256: '' },
    ...parts,
  };
}
