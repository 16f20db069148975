import { jsonb, text, uuid } from 'drizzle-orm/pg-core';
import { tenantTable } from '#platform/db/tenant-table.ts';
import type { Flow, ImportReport } from './contract.ts';

/**
 * Flows as they were imported, never changed afterwards: a new import is a new row. A subscription runs a copy of its
 * own in the buyer's organization.
 */
export const flows = tenantTable('flows', {
  name: text('name').notNull(),
  definition: jsonb('definition').$type<Flow>().notNull(),
  report: jsonb('report').$type<ImportReport>().notNull(),
  /** The original file, byte for byte but for secrets that were removed; null for a flow made here. */
  fileKey: text('file_key'),
  fileName: text('file_name'),
  /** The seller's flow this one was copied from. */
  copiedFrom: uuid('copied_from'),
});
