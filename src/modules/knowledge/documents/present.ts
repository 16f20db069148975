import type { KnowledgeDocument } from '../contract.ts';
import type { knowledgeDocuments } from '../tables.ts';

export type DocumentRow = typeof knowledgeDocuments.$inferSelect;

/** What callers see of a document. */
export function presentDocument(row: DocumentRow, now: Date): KnowledgeDocument {
  return {
    id: row.id, title: row.title, source: row.kind, source_id: row.sourceId, file_name: row.fileName, content_type: row.contentType, bytes: row.bytes, external_id: row.externalId,
    state: row.state, percent: row.percent, eta_seconds: etaSeconds(row, now), chunks: row.chunks, pages: row.pages, author: row.author, language: row.language, category: row.category, metadata: row.metadata,
    error: row.error, warnings: row.warnings, url: row.url, duplicate_of: row.duplicateOf,
    authored_at: row.authoredAt?.toISOString() ?? null, created_at: row.createdAt.toISOString(), indexed_at: row.indexedAt?.toISOString() ?? null,
  };
}

/** Below this nothing can be told from how far it has come. */
const TELLING_PERCENT = 10;

function etaSeconds({ state, percent, startedAt }: DocumentRow, now: Date): number | null {
  if (state === 'indexed' || state === 'failed' || state === 'queued' || !startedAt || percent < TELLING_PERCENT) return null;
  const spent = (now.getTime() - startedAt.getTime()) / 1000;
  return Math.max(1, Math.round((spent * (100 - percent)) / percent));
}

const NAME_CHARACTERS_MAX = 255;

/** A file's name as it may be shown: its last part, without control and direction characters. Never used as a path. */
export function displayName(name: string): string {
  const last = name.normalize('NFC').split(/[/\\]/).at(-1) ?? '';
  // oxlint-disable-next-line no-control-regex -- control characters are what is taken out
  const clean = last.replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, '').trim();
  if (clean === '' || /^\.+$/.test(clean)) return 'document';
  return (clean.length <= NAME_CHARACTERS_MAX ? clean : `${clean.slice(0, NAME_CHARACTERS_MAX - 12)}…${clean.slice(-10)}`).toWellFormed();
}
