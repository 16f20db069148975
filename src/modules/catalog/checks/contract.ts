import { z } from 'zod';
import { endpoint, Id, Timestamp } from '#platform/contract/endpoint.ts';

export const QUESTIONS_MAX = 50;

const phrases = (max: number, title: string, description = '') => z.array(z.string().trim().min(1).max(300)).max(max).default([]).meta({ title, description, ui: { widget: 'tags' } });

/** A question a seller checks a product with, and what its answer has to be like. Without an expectation any answer passes. */
export const CheckQuestion = z.strictObject({
  question: z.string().trim().min(1).max(2000).meta({ title: 'Question', ui: { widget: 'textarea' } }),
  mustContain: phrases(10, 'Must contain', 'Every one of these. Capital letters, spaces and marks of formatting do not count.'),
  mustNotContain: phrases(10, 'Must not contain'),
  /** A document by its title, or a part of it. */
  mustCite: phrases(5, 'Must cite', 'Titles of documents, or a part of them.'),
  mustRefuse: z.boolean().default(false).meta({ title: 'Must refuse', description: 'The knowledge has no answer, and the product has to say so.' }),
  /** Milliseconds from question to the end of the answer. */
  latencyMsMax: z.int().min(50).max(300_000).nullable().default(null).meta({ title: 'Answer within', description: 'Empty for any time.', ui: { unit: 'ms' } }),
  mustCallTools: phrases(5, 'Must call the tools', 'Names of tools of an agent, such as calculator.'),
});
export type CheckQuestion = z.infer<typeof CheckQuestion>;

/** What is expected, in the order it is told. `answers`: there is an answer at all. */
export const EXPECTATIONS = ['answers', 'contains', 'avoids', 'cites', 'refuses', 'in-time', 'calls-tools'] as const;
export const Expectation = z.enum(EXPECTATIONS);
export type Expectation = z.infer<typeof Expectation>;

const Tally = z.object({ kind: Expectation, passed: z.number().int(), total: z.number().int() });

/**
 * How a version did in its seller's own checks. `waiting` and `running` end by themselves. `stopped` says why not all were
 * asked; what was asked by then is counted.
 */
export const CheckScore = z.object({
  state: z.enum(['waiting', 'running', 'done', 'stopped']),
  total: z.number().int(), asked: z.number().int(), passed: z.number().int(),
  kinds: z.array(Tally), finishedAt: Timestamp.nullable(), reason: z.string().nullable(),
  /** How often the questions were asked, this time included, and when the last answer came. */
  runs: z.number().int(), movedAt: Timestamp,
});
export type CheckScore = z.infer<typeof CheckScore>;

/** What became of one question. */
export const CheckResult = z.object({
  position: z.number().int(), question: z.string(), passed: z.boolean(),
  failures: z.array(z.object({ kind: Expectation, message: z.string() })),
  answer: z.string(), cited: z.array(z.string()), tools: z.array(z.string()), refused: z.boolean(), latency_ms: z.number().int(),
});
export type CheckResult = z.infer<typeof CheckResult>;

const VersionChecks = z.object({
  score: CheckScore.nullable(),
  /** The score of the approved version before, for comparing. */
  before: z.object({ number: z.number().int(), passed: z.number().int(), total: z.number().int() }).nullable(),
  results: z.array(CheckResult),
});

const productParams = z.object({ productId: Id });

export const checkEndpoints = {
  /** Multipart field `file`: CSV with a column `question`, or JSON. Replaces the draft's questions. */
  uploadQuestions: endpoint({
    method: 'PUT', path: '/api/v1/provider/products/:productId/draft/questions', access: { member: 'member' }, summary: 'Upload the questions a draft is checked with', tags: ['Seller'],
    params: productParams, bodyKind: 'multipart', bodyBytesMax: 2 * 1024 * 1024, response: z.object({ questions: z.array(CheckQuestion) }),
  }),
  getChecks: endpoint({
    method: 'GET', path: '/api/v1/provider/products/:productId/versions/:versionId/checks', access: { member: 'member' }, summary: 'How a version did in its checks', tags: ['Seller'],
    params: productParams.extend({ versionId: Id }), response: VersionChecks,
  }),
  /** Asks all questions again, for example after a provider of models was down. 409 while they are being asked. */
  repeatChecks: endpoint({
    method: 'POST', path: '/api/v1/provider/products/:productId/versions/:versionId/checks', access: { member: 'member' }, summary: 'Check a version again', tags: ['Seller'],
    params: productParams.extend({ versionId: Id }), status: 202, response: VersionChecks,
  }),
  getReviewChecks: endpoint({
    method: 'GET', path: '/api/v1/operator/reviews/:versionId/checks', access: { operator: true }, summary: 'How a version did in its seller’s checks', tags: ['Operator'],
    params: z.object({ versionId: Id }), response: VersionChecks,
  }),
};
