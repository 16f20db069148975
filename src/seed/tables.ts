import { text, timestamp } from 'drizzle-orm/pg-core';
import { platformTable } from '#platform/db/tenant-table.ts';

/** What of the sample content was made, so that what people change or delete afterwards is never made again. */
export const sampleSteps = platformTable('sample_steps', {
  step: text('step').primaryKey(),
  doneAt: timestamp('done_at', { withTimezone: true }).notNull(),
});
