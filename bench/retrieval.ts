/**
 * Search quality on question sets in the BEIR layout (corpus.jsonl, queries.jsonl, qrels.tsv or qrels/test.tsv), through the
 * product's own ingestion and search with the offline models, scored by an independent program. Needs python3.
 *   node bench/retrieval.ts <set or folder of sets> [--methods=hybrid,hybrid-plain,keyword,vector] [--scorer=score_run.py] [--database=url]
 * `hybrid` is with reranking, `hybrid-plain` without. Sets whose queries carry `metadata.conversation` are asked with and without it.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { RagCapabilities } from '#modules/capabilities/contract/rag.ts';
import type { SearchRequest } from '#modules/knowledge/index.ts';
import { uuidv7 } from '#platform/crypto/ids.ts';
import { systemProcess } from '#platform/process.ts';
import { CACHE, ROOT } from './machine.ts';
import { openSearch, type SearchBench } from './product-search.ts';
import { optionsOf, report, shown, table } from './report.ts';

const given = process.argv.slice(2).filter((arg) => !arg.startsWith('--'));
const options = optionsOf(process.argv.slice(2).filter((arg) => arg.startsWith('--')));
const shared = path.join(process.env.CMP_SHARED_DATA ?? path.resolve(ROOT, '../shared/data'), 'retrieval');
const scorer = path.resolve(options.get('scorer') ?? path.join(shared, 'score_run.py'));
const methods = (options.get('methods') ?? 'hybrid,hybrid-plain,keyword,vector').split(',');
/** Below this an answer is refused, unless a product says otherwise. */
const THRESHOLD = RagCapabilities.parse({}).generation.grounding.confidenceThreshold;
/** Chunks asked for: more than ten, since several may be of one document. */
const TOP_K = 20;

/** nDCG@10 of a plain BM25, as the README of the sets gives it. */
const bm25: Readonly<Record<string, number>> = { 'xquad-en': 0.9645, 'xquad-es': 0.9533, 'xquad-de': 0.9273, 'xquad-zh': 0.9669, 'xquad-ar': 0.8833, 'mtragun-govt-fiqa': 0.739 };

const Turn = z.object({ role: z.enum(['user', 'assistant']).catch('assistant'), content: z.string() });
type Turn = z.infer<typeof Turn>;
const Line = z.object({ _id: z.coerce.string(), title: z.string().default(''), text: z.string() });
const Query = z.object({ _id: z.coerce.string(), text: z.string(), metadata: z.object({ conversation: z.array(Turn).default([]), answerability: z.array(z.string()).default([]) }).prefault({}) });
const Score = z.object({ 'nDCG@10': z.number(), 'recall@5': z.number(), 'MRR@10': z.number(), queries: z.number() });

interface Set { name: string; folder: string; documents: z.infer<typeof Line>[]; queries: { id: string; text: string; before: Turn[]; kind: string }[] }

const linesOf = <T>(file: string, schema: z.ZodType<T>): T[] => readFileSync(file, 'utf8').split('\n').filter((line) => line.trim() !== '').map((line) => schema.parse(JSON.parse(line)));

/** A set as the scorer reads it: some keep their judgements in a folder. */
function scored(folder: string): string {
  if (existsSync(path.join(folder, 'qrels.tsv'))) return folder;
  const beside = path.join(CACHE, `qrels-${path.basename(folder)}`);
  mkdirSync(beside, { recursive: true });
  copyFileSync(path.join(folder, 'qrels/test.tsv'), path.join(beside, 'qrels.tsv'));
  return beside;
}

function readSet(folder: string): Set {
  const judged = new Set(readFileSync(path.join(scored(folder), 'qrels.tsv'), 'utf8').split('\n').slice(1).map((line) => line.split('\t')[0]));
  const queries = linesOf(path.join(folder, 'queries.jsonl'), Query).map(({ _id: id, text, metadata: { conversation, answerability } }) => ({
    id, text, before: conversation.at(-1)?.content === text ? conversation.slice(0, -1) : conversation, kind: answerability[0] ?? (judged.has(id) ? 'ANSWERABLE' : ''),
  }));
  return { name: path.basename(folder), folder, documents: linesOf(path.join(folder, 'corpus.jsonl'), Line), queries: queries.filter(({ id, kind }) => judged.has(id) || kind !== '') };
}

interface Outcome { set: string; method: string; conversation: string; score: z.infer<typeof Score>; refused: Map<string, { refused: number; asked: number }>; msEach: number }

/** Loads one set into a knowledge base of its own. */
async function load({ knowledge, platform }: SearchBench, { name, documents }: Set): Promise<{ tenant: string; knowledgeBaseId: string; chunksPerSecond: number }> {
  const tenant = uuidv7();
  const process = systemProcess(platform, 'measure search', tenant);
  const knowledgeBaseId = await knowledge.createKnowledgeBase(process, { subscriptionId: null, name });
  const started = performance.now();
  await knowledge.fillKnowledgeBase(process, knowledgeBaseId, { documents: documents.map(({ _id, title, text }) => ({ externalId: _id, title, text })), pairs: [] });
  return { tenant, knowledgeBaseId, chunksPerSecond: documents.length / ((performance.now() - started) / 1000) };
}

async function ask({ search }: SearchBench, set: Set, base: { tenant: string; knowledgeBaseId: string }, method: string, conversation: boolean): Promise<Outcome> {
  const run: Record<string, string[]> = {};
  const refused: Outcome['refused'] = new Map();
  const started = performance.now();
  for (const { id, text, before, kind } of set.queries) {
    const request: SearchRequest = {
      tenant: base.tenant, knowledgeBaseId: base.knowledgeBaseId, query: text, topK: TOP_K, reranking: method === 'hybrid', method: method === 'keyword' || method === 'vector' ? method : 'hybrid',
      ...(conversation ? { conversation: before } : {}),
    };
    const { passages, confidence } = await search.search(request);
    run[id] = [...new Set(passages.map(({ externalId }) => externalId ?? ''))];
    const count = refused.get(kind) ?? { refused: 0, asked: 0 };
    refused.set(kind, { refused: count.refused + (confidence < THRESHOLD || passages.length === 0 ? 1 : 0), asked: count.asked + 1 });
  }
  const msEach = (performance.now() - started) / set.queries.length;
  const file = path.join(CACHE, `run-${set.name}-${method}${conversation ? '-conversation' : ''}.json`);
  writeFileSync(file, JSON.stringify(run));
  const score = Score.parse(JSON.parse(execFileSync('python3', [scorer, scored(set.folder), file], { encoding: 'utf8' })));
  return { set: set.name, method, conversation: conversation ? 'yes' : 'no', score, refused, msEach };
}

const folders = (given.length > 0 ? given : [shared]).flatMap((place) => (existsSync(path.join(place, 'corpus.jsonl')) ? [place]
  : readdirSync(place).map((name) => path.join(place, name)).filter((folder) => statSync(folder).isDirectory() && existsSync(path.join(folder, 'corpus.jsonl'))))).toSorted();
if (folders.length === 0) throw new Error('name a folder that holds corpus.jsonl, queries.jsonl and qrels.tsv, or a folder of such folders');

const outcomes: Outcome[] = [];
const bench = await openSearch(options.get('database') ?? null);
try {
  for (const folder of folders) {
    const set = readSet(folder);
    const base = await load(bench, set);
    for (const method of methods) for (const conversation of set.queries.some(({ before }) => before.length > 0) ? [false, true] : [false]) outcomes.push(await ask(bench, set, base, method, conversation));
  }
} finally {
  await bench.close();
}

const share = (outcome: Outcome, kind: string): string => {
  const count = outcome.refused.get(kind);
  return count ? `${Math.round((100 * count.refused) / count.asked)} % of ${count.asked}` : '-';
};
report('retrieval', [table(
  ['set', 'method', 'conversation', 'nDCG@10', 'BM25', 'difference', 'recall@5', 'MRR@10', 'refused: answerable', 'partly', 'underspecified', 'unanswerable', 'ms a question'],
  outcomes.map((one) => {
    const plain = bm25[one.set];
    return [one.set, one.method, one.conversation, one.score['nDCG@10'].toFixed(4), plain?.toFixed(4) ?? '-', plain === undefined ? '-' : (one.score['nDCG@10'] - plain).toFixed(4), one.score['recall@5'].toFixed(4), one.score['MRR@10'].toFixed(4),
      ...['ANSWERABLE', 'PARTIAL', 'UNDERSPECIFIED', 'UNANSWERABLE'].map((kind) => share(one, kind)), shown(one.msEach)];
  }),
)], { outcomes: outcomes.map((one) => ({ ...one, refused: Object.fromEntries(one.refused) })) });
