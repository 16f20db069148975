import { and, eq, gt, inArray, isNull, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Ctx } from '#platform/context.ts';
import { analyze } from '#modules/models/index.ts';
import { termKey, termScope } from '../ingest/index-terms.ts';
import type { BaseRow } from '../knowledge-bases.ts';
import type { EnginePassage } from '../ports.ts';
import type { FoundPassage } from '../retrieve/knowledge-search.ts';
import { queryTerms } from '../retrieve/query-terms.ts';
import { knowledgeDocuments } from '../tables.ts';

/** Terms of a passage that our chunks are looked up by; long ones, which are rarely common. */
const KEYS_MAX = 12;
/** Chunks of a document that are compared word by word with a passage. */
const CANDIDATES = 4;
/** The share of words that passage and chunk must have in common, measured on the shorter of the two. */
const COMMON_MIN = 0.4;
/** Chunks that have nearly as much in common; among them the question decides. */
const NEARLY = 0.85;
const TEXT_CHARACTERS_MAX = 20_000;

/**
 * An engine's passages as our own chunks, best first: for each the chunk of the same document that has most words in
 * common. Read in the tenant's door, so what the engine says of a document that is not in this knowledge base is dropped,
 * and so is what does not stand in our text: whatever an engine answers, only words of this knowledge base leave here.
 */
export async function matchPassages(ctx: Ctx, base: BaseRow, query: string, passages: readonly EnginePassage[]): Promise<FoundPassage[]> {
  const documents = await documentsOf(ctx, base.id, [...new Set(passages.map(({ document }) => document))]);
  const known = passages.flatMap((passage) => {
    const document = documents.get(passage.document);
    return document ? [{ passage, document, terms: new Set(analyze(passage.text.slice(0, TEXT_CHARACTERS_MAX).toWellFormed())) }] : [];
  });
  const candidates = await candidatesOf(ctx, base, known.map(({ document, terms }) => ({ document: document.id, terms })));
  const asked = queryTerms(query);
  const found = new Map<string, FoundPassage>();
  known.forEach(({ passage, document, terms }, index) => {
    const chunk = bestChunk(candidates.filter(({ n }) => n === index), terms, asked);
    if (!chunk || found.has(chunk.id)) return;
    found.set(chunk.id, { chunkId: chunk.id, documentId: document.id, title: document.title, page: chunk.page ?? passage.page, url: document.url, text: chunk.content, externalId: document.externalId, score: passage.similarity });
  });
  return [...found.values()];
}

/** Which of these documents no engine has. */
export async function missingThere({ tx }: Ctx, knowledgeBaseId: string, documentIds: readonly string[]): Promise<ReadonlySet<string>> {
  if (documentIds.length === 0) return new Set();
  const rows = await tx.select({ id: knowledgeDocuments.id }).from(knowledgeDocuments)
    .where(and(eq(knowledgeDocuments.knowledgeBaseId, knowledgeBaseId), inArray(knowledgeDocuments.id, [...documentIds]), isNull(knowledgeDocuments.engineRef)));
  return new Set(rows.map(({ id }) => id));
}

interface OwnDocument { id: string; title: string; url: string | null; externalId: string | null }

async function documentsOf({ tx }: Ctx, knowledgeBaseId: string, engineRefs: readonly string[]): Promise<Map<string, OwnDocument>> {
  if (engineRefs.length === 0) return new Map();
  const rows = await tx.select({ id: knowledgeDocuments.id, title: knowledgeDocuments.title, url: knowledgeDocuments.url, externalId: knowledgeDocuments.externalId, engineRef: knowledgeDocuments.engineRef })
    .from(knowledgeDocuments).where(and(eq(knowledgeDocuments.knowledgeBaseId, knowledgeBaseId), inArray(knowledgeDocuments.engineRef, [...engineRefs]), gt(knowledgeDocuments.generation, 0)));
  return new Map(rows.flatMap(({ engineRef, ...row }) => (engineRef === null ? [] : [[engineRef, row]])));
}

const Candidate = z.object({ n: z.number(), id: z.string(), content: z.string(), page: z.number().nullable() });
type Candidate = z.infer<typeof Candidate>;

/** For each passage the chunks of its document that share most of its terms. One statement for all of them. */
async function candidatesOf({ tx }: Ctx, base: BaseRow, passages: readonly { document: string; terms: ReadonlySet<string> }[]): Promise<Candidate[]> {
  if (passages.length === 0) return [];
  const scope = termScope(base);
  const asked = passages.map(({ document, terms }, n) => ({ n, document, keys: [...terms].toSorted((a, b) => b.length - a.length).slice(0, KEYS_MAX).map((term) => termKey(scope, term).toString()) }));
  const { rows } = await tx.execute(sql`
    select asked.n, near.id, near.content, near.page
    from jsonb_to_recordset(${JSON.stringify(asked)}::jsonb) as asked(n int, document uuid, keys bigint[])
    cross join lateral (
      select chunk.id, chunk.content, chunk.page, (select count(*) from unnest(chunk.terms) term where term = any(asked.keys)) as shared
      from knowledge_chunks chunk join knowledge_documents document on document.id = chunk.document_id
      where chunk.document_id = asked.document and chunk.knowledge_base_id = ${base.id} and chunk.generation = document.generation and chunk.edition = ${base.edition}
      order by shared desc, chunk.position limit ${CANDIDATES}
    ) near`);
  return z.array(Candidate).parse(rows);
}

function bestChunk(candidates: readonly Candidate[], terms: ReadonlySet<string>, asked: readonly (readonly string[])[]): Candidate | null {
  const measured = candidates.map((chunk) => {
    const own = new Set(analyze(chunk.content.slice(0, TEXT_CHARACTERS_MAX)));
    const common = [...own].filter((term) => terms.has(term)).length / Math.max(1, Math.min(own.size, terms.size));
    return { chunk, common, answers: asked.filter((group) => group.some((term) => own.has(term))).length };
  });
  const most = Math.max(0, ...measured.map(({ common }) => common));
  if (most < COMMON_MIN) return null;
  const close = measured.filter(({ common }) => common >= most * NEARLY).toSorted((a, b) => b.answers - a.answers || b.common - a.common);
  return close[0]?.chunk ?? null;
}
