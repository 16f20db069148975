import { sql } from 'drizzle-orm';
import { bigint, boolean, customType, index, integer, jsonb, smallint, text, timestamp, uniqueIndex, uuid, type AnyPgColumn } from 'drizzle-orm/pg-core';
import { z } from 'zod';
import { tenantTable } from '#platform/db/tenant-table.ts';
import type { ChunkOptions } from './chunk/chunk-contract.ts';
import type { DocumentState } from './contract.ts';
import type { RefreshInterval, SourceKind, SyncProgress, SyncResult } from './sources/contract.ts';

/** A vector without a fixed length: knowledge bases may use different models. Kept inside the row by `after.sql`. */
export const anyVector = customType<{ data: Float32Array; driverData: string | Buffer }>({
  dataType: () => 'vector',
  toDriver: (vector) => wireVector(vector),
  fromDriver: (value) => Float32Array.from(z.array(z.number()).parse(JSON.parse(value.toString()))),
});

/** In the form the database keeps it: a count, two empty bytes, then the numbers. Half as long as text, and nothing to parse. */
export function wireVector(vector: Float32Array): Buffer {
  const bytes = Buffer.alloc(4 + vector.length * 4);
  bytes.writeInt16BE(vector.length, 0);
  for (let i = 0; i < vector.length; i++) bytes.writeFloatBE(vector[i] ?? 0, 4 + i * 4);
  return bytes;
}

/** Vector lengths that have an approximate index. Others are searched exactly. */
export const INDEXED_DIMENSIONS = [256, 384, 512, 768, 1024, 1536, 3072] as const;

/**
 * The type approximate search compares vectors of a length as. Of half the precision, which orders them alike: the index is half
 * as large and faster, and past 2,000 numbers there is no other.
 */
export const nearType = (dimensions: number): string => `halfvec(${dimensions})`;

/** What an organization knows: of one subscription, or a seller's own that buyers get a copy of. */
export const knowledgeBases = tenantTable('knowledge_bases', {
  subscriptionId: uuid('subscription_id').unique(),
  name: text('name').notNull(),
  /** Of the edition that is searched: vectors of different models cannot be compared. */
  embeddingModel: text('embedding_model').notNull(),
  dimensions: integer('dimensions').notNull(),
  /** The set of chunks that is searched. A change of the model builds the next one beside it. */
  edition: integer('edition').notNull().default(1),
  /** The model of the edition under construction; null where none is. */
  nextModel: text('next_model'),
  nextDimensions: integer('next_dimensions'),
  /** Its number, or that of the last one: numbers are not used again. */
  nextEdition: integer('next_edition').notNull().default(1),
  /** Where chunks are searched: here, or in a server of its own. */
  engine: text('engine', { enum: ['builtin', 'ragflow'] }).notNull().default('builtin'),
  /** The data set of that server. */
  engineRef: text('engine_ref'),
  /** Chunks that are searched, and the index terms in all of them together; kept with every change. */
  chunks: integer('chunks').notNull().default(0),
  length: bigint('length', { mode: 'number' }).notNull().default(0),
});

/**
 * Where documents come from. Uploads, pairs and texts sent by API have one source each in a knowledge base; of those that
 * are read from elsewhere there may be many.
 */
export const knowledgeSources = tenantTable('knowledge_sources', {
  knowledgeBaseId: uuid('knowledge_base_id').notNull().references(() => knowledgeBases.id, { onDelete: 'cascade' }),
  kind: text('kind').$type<SourceKind>().notNull(),
  name: text('name').notNull().default(''),
  /** As its kind's schema says it; without secrets. */
  config: jsonb('config').$type<Record<string, unknown>>().notNull().default({}),
  /** Its secrets by name as JSON, sealed for tenant and source. */
  secrets: text('secrets'),
  secretNames: jsonb('secret_names').$type<string[]>().notNull().default([]),
  refresh: text('refresh').$type<RefreshInterval>().notNull().default('never'),
  paused: boolean('paused').notNull().default(false),
  state: text('state', { enum: ['idle', 'queued', 'syncing', 'failed'] }).notNull().default('idle'),
  /** Number of the running or last reading; documents carry the one they were seen in. */
  sync: integer('sync').notNull().default(0),
  /** Set to end a reading before its time; the reader looks at it between two documents. */
  stopping: boolean('stopping').notNull().default(false),
  progress: jsonb('progress').$type<SyncProgress>(),
  result: jsonb('result').$type<SyncResult>(),
  /** Of the last reading, kept while the next is on its way. `since`: when the first of those that failed in a row did. */
  error: jsonb('error').$type<{ code: string; message: string; since?: string }>(),
  /** Readings that failed in a row. */
  failures: integer('failures').notNull().default(0),
  /** What its kind remembers from one reading to the next. */
  checkpoint: jsonb('checkpoint').$type<Record<string, unknown>>(),
  startedAt: timestamp('started_at', { withTimezone: true }),
  syncedAt: timestamp('synced_at', { withTimezone: true }),
  nextSyncAt: timestamp('next_sync_at', { withTimezone: true }),
  updatedAt: timestamp('updated_at', { withTimezone: true }).notNull().defaultNow(),
}, (table) => [
  uniqueIndex('knowledge_sources_kind').on(table.knowledgeBaseId, table.kind).where(sql`kind in ('upload', 'qa', 'api')`),
  index('knowledge_sources_base').on(table.knowledgeBaseId),
  index('knowledge_sources_due').on(table.nextSyncAt).where(sql`next_sync_at is not null`),
]);

/** One document and how far it has come. */
export const knowledgeDocuments = tenantTable('knowledge_documents', {
  knowledgeBaseId: uuid('knowledge_base_id').notNull().references(() => knowledgeBases.id, { onDelete: 'cascade' }),
  sourceId: uuid('source_id').notNull().references(() => knowledgeSources.id, { onDelete: 'cascade' }),
  kind: text('kind').$type<SourceKind>().notNull(),
  /** The caller's own name for it; unique in its source. */
  externalId: text('external_id'),
  title: text('title').notNull(),
  /** Only ever shown; never part of a path. */
  fileName: text('file_name'),
  contentType: text('content_type').notNull(),
  /** Where the original is; null for pairs, whose text is in `question` and `answer`. */
  fileKey: text('file_key'),
  bytes: integer('bytes').notNull(),
  sha256: text('sha256').notNull(),
  url: text('url'),
  /** How the place it comes from tells versions apart (an ETag, a revision); opaque. */
  fingerprint: text('fingerprint'),
  /** The reading of its source it was last seen in. */
  seen: integer('seen').notNull().default(0),
  /** Of the text as it was read, under whatever name or address it came; null before. */
  textHash: text('text_hash'),
  /** The document that has the same text and keeps the chunks for both. */
  duplicateOf: uuid('duplicate_of').references((): AnyPgColumn => knowledgeDocuments.id, { onDelete: 'set null' }),
  /** Its id in the server that searches instead of us. */
  engineRef: text('engine_ref'),
  metadata: jsonb('metadata').$type<Record<string, string | number | boolean>>().notNull().default({}),
  category: text('category'),
  question: text('question'),
  answer: text('answer'),
  state: text('state').$type<DocumentState>().notNull().default('queued'),
  percent: integer('percent').notNull().default(0),
  error: jsonb('error').$type<{ code: string; message: string }>(),
  warnings: jsonb('warnings').$type<string[]>().notNull().default([]),
  author: text('author'),
  language: text('language'),
  pages: integer('pages'),
  /** When its author made it, as the file says. */
  authoredAt: timestamp('authored_at', { withTimezone: true }),
  /** Chunks that are searched. */
  chunks: integer('chunks').notNull().default(0),
  /** Index terms in those chunks together. */
  length: integer('length').notNull().default(0),
  /** The generation of chunks that is searched; 0 before the first. The next one is built beside it. */
  generation: integer('generation').notNull().default(0),
  building: integer('building').notNull().default(1),
  /** How the generation under construction is cut; fixed, so that a resumed job cuts alike. */
  chunking: jsonb('chunking').$type<ChunkOptions>().notNull(),
  /** Whether the generation under construction is to be paid for. */
  charge: text('charge', { enum: ['none', 'due', 'reserved'] }).notNull().default('none'),
  startedAt: timestamp('started_at', { withTimezone: true }),
  indexedAt: timestamp('indexed_at', { withTimezone: true }),
  updatedAt: timestamp('updated_at', { withTimezone: true }).notNull().defaultNow(),
}, (table) => [
  index('knowledge_documents_base').on(table.knowledgeBaseId, table.id),
  uniqueIndex('knowledge_documents_external').on(table.sourceId, table.externalId),
  index('knowledge_documents_same').on(table.knowledgeBaseId, table.textHash),
  index('knowledge_documents_duplicates').on(table.duplicateOf).where(sql`duplicate_of is not null`),
  uniqueIndex('knowledge_documents_content').on(table.knowledgeBaseId, table.sha256).where(sql`kind = 'upload'`),
  index('knowledge_documents_file').on(table.fileKey),
  index('knowledge_documents_unfinished').on(table.id).where(sql`state not in ('indexed', 'failed')`),
]);

/**
 * A piece of a document as it is searched and quoted. `terms` are hashes of (knowledge base, index term), so that one
 * index serves all and no list in it mixes knowledge bases; `counts` says how often each occurs.
 */
export const knowledgeChunks = tenantTable('knowledge_chunks', {
  knowledgeBaseId: uuid('knowledge_base_id').notNull(),
  documentId: uuid('document_id').notNull().references(() => knowledgeDocuments.id, { onDelete: 'cascade' }),
  generation: integer('generation').notNull(),
  /** The edition of the knowledge base it belongs to. */
  edition: integer('edition').notNull().default(1),
  position: integer('position').notNull(),
  content: text('content').notNull(),
  /** Headings and table head above the content; for pairs the question. Searched with it, not quoted. */
  context: text('context').notNull(),
  heading: text('heading').notNull(),
  page: integer('page'),
  tokens: integer('tokens').notNull(),
  start: integer('start').notNull(),
  end: integer('end').notNull(),
  terms: bigint('terms', { mode: 'bigint' }).array().notNull(),
  counts: smallint('counts').array().notNull(),
  /** Index terms of content and context with repetitions. */
  length: integer('length').notNull(),
  embedding: anyVector('embedding').notNull(),
  dimensions: integer('dimensions').notNull(),
  /** Found through the approximate index. Only what a knowledge base holds past the exact bound is. */
  approximate: boolean('approximate').notNull(),
}, (table) => [
  uniqueIndex('knowledge_chunks_position').on(table.documentId, table.generation, table.edition, table.position),
  index('knowledge_chunks_base').on(table.knowledgeBaseId, table.edition, table.approximate),
  // Without fast update: nothing cleans the list of pending entries in the embedded database, and every search reads it.
  index('knowledge_chunks_terms').using('gin', table.terms).with({ fastupdate: false }),
  ...INDEXED_DIMENSIONS.map((dimensions) => index(`knowledge_chunks_near_${dimensions}`)
    .using('hnsw', sql.raw(`(embedding::${nearType(dimensions)}) halfvec_ip_ops`))
    .where(sql.raw(`approximate and dimensions = ${dimensions}`))),
]);
