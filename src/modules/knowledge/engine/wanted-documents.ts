import { and, asc, eq, gt, isNull, sql } from 'drizzle-orm';
import type { Ctx } from '#platform/context.ts';
import { knowledgeDocuments } from '../tables.ts';

export type WantedDocument = Awaited<ReturnType<typeof wantedDocuments>>[number];

/** What stands before an engine's own words in the warnings of a document; also how it is known that it failed there. */
const MARK = 'Found by our own index only. ';

export const failureWarning = (words: string): string => `${MARK}${words}`;
export const isFailureWarning = (warning: string): boolean => warning.startsWith(MARK);
export const hasFailed = ({ warnings }: { warnings: readonly string[] }): boolean => warnings.some(isFailureWarning);

/** What an engine is to hold: documents that can be searched here. Of several with the same content one is enough. */
const wanted = (knowledgeBaseId: string) => and(eq(knowledgeDocuments.knowledgeBaseId, knowledgeBaseId), gt(knowledgeDocuments.generation, 0), isNull(knowledgeDocuments.duplicateOf));

export const wantedDocuments = async ({ tx }: Ctx, knowledgeBaseId: string) => tx.select({
  id: knowledgeDocuments.id, kind: knowledgeDocuments.kind, sha256: knowledgeDocuments.sha256, contentType: knowledgeDocuments.contentType, fileName: knowledgeDocuments.fileName, fileKey: knowledgeDocuments.fileKey,
  question: knowledgeDocuments.question, answer: knowledgeDocuments.answer, metadata: knowledgeDocuments.metadata, engineRef: knowledgeDocuments.engineRef, warnings: knowledgeDocuments.warnings,
}).from(knowledgeDocuments).where(wanted(knowledgeBaseId)).orderBy(asc(knowledgeDocuments.id));

/** How many of them an engine has; the rest failed there or is on its way. */
export async function engineProgress({ tx }: Ctx, knowledgeBaseId: string): Promise<{ documents: number; ready: number; failed: number }> {
  const ready = sql`${knowledgeDocuments.engineRef} is not null`;
  const [row] = await tx.select({
    documents: sql<number>`count(*)::int`, ready: sql<number>`count(*) filter (where ${ready})::int`,
    failed: sql<number>`count(*) filter (where not ${ready} and exists (select 1 from jsonb_array_elements_text(${knowledgeDocuments.warnings}) warning where starts_with(warning, ${MARK})))::int`,
  }).from(knowledgeDocuments).where(wanted(knowledgeBaseId));
  return row ?? { documents: 0, ready: 0, failed: 0 };
}
