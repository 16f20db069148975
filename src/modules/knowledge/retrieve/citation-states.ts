import { eq, inArray, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Ctx } from '#platform/context.ts';
import { isUuid } from '#platform/crypto/ids.ts';
import type { Citation, CitationState } from '../citation-contract.ts';
import { knowledgeBases, knowledgeDocuments } from '../tables.ts';

/** A citation as it was kept, with the moment its run began. */
export interface CitedThen { citation: Citation; at: Date }

/** Chunks looked at for one citation of a document that was indexed anew. */
const CHUNKS_MAX = 20;
const PROBE_CHARACTERS = 12;

/**
 * Whether the documents still say what was cited, in the order asked. A document that was not indexed since is current
 * without being read; otherwise its text is searched for the snippet, so that cutting it anew alone changes nothing.
 */
export async function citationStates(ctx: Ctx, cited: readonly CitedThen[]): Promise<CitationState[]> {
  const ids = [...new Set(cited.map(({ citation }) => citation.document_id))].filter(isUuid);
  const documents = ids.length === 0 ? [] : await ctx.tx.select({ id: knowledgeDocuments.id, indexedAt: knowledgeDocuments.indexedAt, generation: knowledgeDocuments.generation, edition: knowledgeBases.edition })
    .from(knowledgeDocuments).innerJoin(knowledgeBases, eq(knowledgeBases.id, knowledgeDocuments.knowledgeBaseId)).where(inArray(knowledgeDocuments.id, ids));
  const known = new Map(documents.map((document) => [document.id, document]));
  const again = cited.flatMap(({ citation, at }, index) => {
    const document = known.get(citation.document_id);
    return document && document.indexedAt !== null && document.indexedAt > at ? [{ index, document, snippet: citation.snippet }] : [];
  });
  const saidStill = await findSnippets(ctx, again);
  return cited.map(({ citation }, index) => (!known.has(citation.document_id) ? 'deleted' : again.some((one) => one.index === index) && !saidStill.has(index) ? 'changed' : 'current'));
}

interface Again { index: number; document: { id: string; generation: number; edition: number }; snippet: string }

/** The places in the list whose snippet is in their document's text as it is now. */
async function findSnippets({ tx }: Ctx, again: readonly Again[]): Promise<ReadonlySet<number>> {
  const asked = again.flatMap(({ index, document, snippet }) => {
    const probe = probeOf(snippet);
    return probe === '' ? [] : [{ index, document: document.id, generation: document.generation, edition: document.edition, probe }];
  });
  if (asked.length === 0) return new Set();
  // A word of the snippet brings few chunks; what is written between words is compared here.
  const { rows } = await tx.execute(sql`select asked.index, chunk.content from jsonb_to_recordset(${JSON.stringify(asked)}::jsonb) as asked(index int, document uuid, generation int, edition int, probe text)
    cross join lateral (select content from knowledge_chunks where document_id = asked.document and generation = asked.generation and edition = asked.edition
      and position(asked.probe in content) > 0 order by position limit ${CHUNKS_MAX}) as chunk`);
  const snippets = new Map(again.map(({ index, snippet }) => [index, partsOf(snippet)]));
  return new Set(z.array(z.object({ index: z.number(), content: z.string() })).parse(rows).flatMap(({ index, content }) => {
    const text = squeezed(content);
    return (snippets.get(index) ?? []).every((part) => text.includes(part)) ? [index] : [];
  }));
}

/** A snippet collapses spaces and marks with `…` what it leaves out. */
const squeezed = (text: string): string => text.normalize('NFC').replace(/\s+/g, '');
const partsOf = (snippet: string): string[] => snippet.split('…').map(squeezed).filter((part) => part !== '');

/** The beginning of the longest word. */
const probeOf = (snippet: string): string =>
  (snippet.match(/[\p{L}\p{N}]+/gu) ?? []).reduce((longest, word) => (word.length > longest.length ? word : longest), '').slice(0, PROBE_CHARACTERS).toWellFormed();
