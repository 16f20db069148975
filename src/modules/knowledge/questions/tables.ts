import { sql } from 'drizzle-orm';
import { boolean, index, integer, jsonb, real, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { tenantTable } from '#platform/db/tenant-table.ts';
import { anyVector, knowledgeBases, knowledgeDocuments } from '../tables.ts';
import type { AnswerOutcome } from '../grounding-contract.ts';
import type { ClosedBecause, QuestionProposal, QuestionReason, QuestionState, QuestionTest } from './contract.ts';

/** What people asked in different words and found no answer to, as one. */
export const knowledgeQuestionGroups = tenantTable('knowledge_question_groups', {
  knowledgeBaseId: uuid('knowledge_base_id').notNull().references(() => knowledgeBases.id, { onDelete: 'cascade' }),
  /** The wording that stands for all. */
  question: text('question').notNull(),
  state: text('state').$type<QuestionState>().notNull().default('open'),
  closedBecause: text('closed_because').$type<ClosedBecause>(),
  closedAt: timestamp('closed_at', { withTimezone: true }),
  /** How often; also what was asked so often that its wordings are no longer kept. */
  asked: integer('asked').notNull().default(0),
  languages: jsonb('languages').$type<string[]>().notNull().default([]),
  lastAskedAt: timestamp('last_asked_at', { withTimezone: true }).notNull(),
  /** Of the wording it began with; null where the model of the knowledge base was not there. */
  embedding: anyVector('embedding'),
  embeddingModel: text('embedding_model'),
  proposal: jsonb('proposal').$type<QuestionProposal>(),
  /** The pair that was made of the proposal. */
  pairId: uuid('pair_id').references(() => knowledgeDocuments.id, { onDelete: 'set null' }),
  test: jsonb('test').$type<QuestionTest>(),
  updatedAt: timestamp('updated_at', { withTimezone: true }).notNull().defaultNow(),
}, (table) => [
  index('knowledge_question_groups_base').on(table.knowledgeBaseId, table.state, table.asked, table.id),
  index('knowledge_question_groups_pair').on(table.pairId).where(sql`pair_id is not null`),
]);

/** One question of one person, as long as its conversation is kept. */
export const knowledgeQuestions = tenantTable('knowledge_questions', {
  groupId: uuid('group_id').notNull().references(() => knowledgeQuestionGroups.id, { onDelete: 'cascade' }),
  runId: uuid('run_id').notNull(),
  conversationId: uuid('conversation_id').notNull(),
  content: text('content').notNull(),
  language: text('language'),
  reason: text('reason').$type<QuestionReason>().notNull(),
  outcome: text('outcome').$type<AnswerOutcome>().notNull(),
  /** 0..1, of the search then; null where none was made. */
  confidence: real('confidence'),
  channel: text('channel').notNull(),
  askedAt: timestamp('asked_at', { withTimezone: true }).notNull(),
  /** Whether the knowledge answered it when it was asked again; null before. */
  answeredNow: boolean('answered_now'),
}, (table) => [
  uniqueIndex('knowledge_questions_run').on(table.runId),
  index('knowledge_questions_group').on(table.groupId, table.askedAt),
  index('knowledge_questions_conversation').on(table.conversationId),
]);
