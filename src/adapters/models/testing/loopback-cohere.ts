import type { ServerResponse } from 'node:http';
import { z } from 'zod';
import { embedLexically } from '#modules/models/index.ts';
import { sendJson, type SeenCall } from './loopback-wire.ts';

const DIMENSIONS = 1024;
const EmbedBody = z.object({ texts: z.array(z.string().min(1)).min(1).max(96), input_type: z.enum(['search_document', 'search_query']), embedding_types: z.tuple([z.literal('float')]) });
const RerankBody = z.object({ model: z.string(), query: z.string().min(1), documents: z.array(z.string()).min(1), top_n: z.number().int().min(1) });

/** Cohere's `/v2/embed`: vectors by shared words, as long as its multilingual model's. */
export function sendCohereEmbeddings(call: SeenCall, response: ServerResponse): void {
  const body = EmbedBody.safeParse(call.body);
  if (!body.success) { sendJson(response, 400, { message: `invalid request: ${body.error.issues[0]?.message ?? ''}` }); return; }
  sendJson(response, 200, { id: 'e', texts: body.data.texts, embeddings: { float: body.data.texts.map((text) => [...embedLexically(text), ...Array.from({ length: DIMENSIONS - 512 }, () => 0)]) }, meta: { api_version: { version: '2' } } });
}

/** `/rerank` as Cohere, Jina and vLLM answer it, best first: a text that says "answer:" is the best there is. */
export function sendRerank(call: SeenCall, response: ServerResponse): void {
  const body = RerankBody.safeParse(call.body);
  if (!body.success) { sendJson(response, 400, { message: `invalid request: ${body.error.issues[0]?.message ?? ''}` }); return; }
  const results = body.data.documents.map((text, index) => ({ index, relevance_score: /answer:/i.test(text) ? 0.99 : 0.1 / (index + 1) }));
  sendJson(response, 200, { id: 'r', results: results.toSorted((a, b) => b.relevance_score - a.relevance_score).slice(0, body.data.top_n), meta: { api_version: { version: '2' } } });
}
