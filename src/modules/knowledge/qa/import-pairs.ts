import { and, eq } from 'drizzle-orm';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Ctx, Process } from '#platform/context.ts';
import { uuidv7 } from '#platform/crypto/ids.ts';
import { Problem, problems as kernel } from '#platform/http/problem.ts';
import { withinFileLimit } from '#platform/http/upload-limit.ts';
import { NewQaPair } from '../contract.ts';
import { chunkingOf, heldBy } from '../documents/admission.ts';
import { DOCUMENTS_PER_JOB, indexDocuments } from '../jobs.ts';
import { requireBase, sourceOf } from '../knowledge-bases.ts';
import type { KnowledgeParts } from '../parts.ts';
import { decodeText } from '../parse/encoding.ts';
import { ParseError } from '../parse/parsed-document.ts';
import { csvRows } from '../parse/read-csv.ts';
import { problems } from '../problems.ts';
import { requireMultipart } from '../read-multipart.ts';
import { knowledgeDocuments } from '../tables.ts';
import { pairColumns, type Pair } from './pairs.ts';

const FILE_BYTES_MAX = 10 * 1024 * 1024;
/** More errors than a person reads. */
const ERRORS_MAX = 200;
const ROWS_PER_TRANSACTION = 200;

/** `row` is the row of the file as a spreadsheet counts it, the header being the first; for JSON the entry, from 1. */
export interface ImportReport { added: number; errors: { row: number; message: string }[] }
interface ReadPair extends Pair { row: number }

/** Adds the pairs of a CSV or JSON file. What is wrong with a row does not stop the others. */
export async function importPairs({ owners }: KnowledgeParts, process: Process, subscriptionId: string, request: FastifyRequest): Promise<ImportReport> {
  // Before the file is read: whose it is.
  const { owner } = await process.run(async (ctx) => requireBase(ctx, owners, subscriptionId));
  if (!owner.entitlements.features.knowledgeSources.includes('qaPairs')) throw new Problem(problems['source-not-included'], 'This product does not take question and answer pairs.');
  const { pairs, errors } = readPairs(await withinFileLimit(async () => readFile(request), kernel['too-large'], 'A file of pairs may have at most 10 MB. Split it into smaller files.'));
  const report: ImportReport = { added: 0, errors };
  for (let from = 0; from < pairs.length; from += ROWS_PER_TRANSACTION) {
    const batch = pairs.slice(from, from + ROWS_PER_TRANSACTION);
    const result = await process.run(async (ctx) => addBatch(ctx, { owners }, subscriptionId, batch));
    report.added += result.added;
    report.errors.push(...result.errors);
  }
  report.errors = report.errors.sort((a, b) => a.row - b.row).slice(0, ERRORS_MAX);
  return report;
}

async function readFile(request: FastifyRequest): Promise<{ bytes: Uint8Array; json: boolean }> {
  requireMultipart(request);
  let file: { bytes: Uint8Array; json: boolean } | null = null;
  for await (const part of request.parts({ limits: { files: 1, fields: 5, fileSize: FILE_BYTES_MAX } })) {
    if (part.type === 'field') continue;
    const bytes = await part.toBuffer();
    if (part.fieldname === 'file') file = { bytes, json: /\.json$/i.test(part.filename) || part.mimetype === 'application/json' };
  }
  if (!file) throw new Problem(problems['file-missing']);
  return file;
}

/** The pairs of a file and what is wrong with its other rows. Throws 422 for a file that cannot be read at all. */
export function readPairs({ bytes, json }: { bytes: Uint8Array; json: boolean }): { pairs: ReadPair[]; errors: ImportReport['errors'] } {
  const pairs: ReadPair[] = [];
  const errors: ImportReport['errors'] = [];
  for (const { row, value } of json ? jsonRows(bytes) : csvPairs(bytes)) {
    const parsed = NewQaPair.safeParse(value);
    if (parsed.success) pairs.push({ row, question: storable(parsed.data.question), answer: storable(parsed.data.answer) });
    else errors.push({ row, message: parsed.error.issues.map((issue) => [issue.path.join('.'), issue.message].filter((part) => part !== '').join(': ')).slice(0, 3).join('; ') });
  }
  return { pairs, errors };
}

const storable = (text: string): string => text.replaceAll('\0', '').toWellFormed();

function jsonRows(bytes: Uint8Array): { row: number; value: unknown }[] {
  try {
    const entries = z.union([z.array(z.unknown()), z.object({ pairs: z.array(z.unknown()) }).transform(({ pairs }) => pairs)]).parse(JSON.parse(decodeText(bytes).text));
    return entries.map((value, index) => ({ row: index + 1, value }));
  } catch (error) {
    throw new Problem(kernel.invalid, 'This is not a list of pairs. Send JSON like [{"question": "…", "answer": "…"}].', { cause: error });
  }
}

function csvPairs(bytes: Uint8Array): { row: number; value: unknown }[] {
  let rows: string[][];
  try {
    rows = csvRows(decodeText(bytes).text).rows;
  } catch (error) {
    if (error instanceof ParseError) throw new Problem(kernel.invalid, error.message, { cause: error });
    throw error;
  }
  const header = rows[0]?.map((cell) => cell.trim().toLowerCase()) ?? [];
  const question = header.indexOf('question');
  const answer = header.indexOf('answer');
  if (question < 0 || answer < 0) throw new Problem(kernel.invalid, 'The first row must name the columns "question" and "answer".');
  return rows.slice(1).map((cells, index) => ({ row: index + 2, value: { question: plainCell(cells[question]), answer: plainCell(cells[answer]) } }));
}

/** Undoes the quote that exports put before a cell a spreadsheet would take for a formula. */
const plainCell = (cell = ''): string => cell.replace(/^'(?=[=+\-@\t\r])/, '');

async function addBatch(ctx: Ctx, { owners }: Pick<KnowledgeParts, 'owners'>, subscriptionId: string, batch: readonly ReadPair[]): Promise<ImportReport> {
  const owned = await requireBase(ctx, owners, subscriptionId, 'update');
  const { base, owner: { entitlements: { qaPairsMax } } } = owned;
  const known = new Set((await ctx.tx.select({ question: knowledgeDocuments.question }).from(knowledgeDocuments)
    .where(and(eq(knowledgeDocuments.knowledgeBaseId, base.id), eq(knowledgeDocuments.kind, 'qa')))).map((row) => row.question));
  let room = qaPairsMax - (await heldBy(ctx, base.id)).pairs;
  const errors: ImportReport['errors'] = [];
  const sourceId = await sourceOf(ctx, base.id, 'qa');
  const rows = batch.flatMap(({ row, question, answer }) => {
    if (known.has(question)) errors.push({ row, message: 'There is already a pair with this question.' });
    else if (room <= 0) errors.push({ row, message: `All ${qaPairsMax} pairs included are used.` });
    else {
      known.add(question);
      room -= 1;
      return [{ id: uuidv7(), knowledgeBaseId: base.id, sourceId, kind: 'qa' as const, chunking: chunkingOf(owned), ...pairColumns({ question, answer }) }];
    }
    return [];
  });
  if (rows.length > 0) await ctx.tx.insert(knowledgeDocuments).values(rows);
  for (let from = 0; from < rows.length; from += DOCUMENTS_PER_JOB) await ctx.enqueue(indexDocuments, { documentIds: rows.slice(from, from + DOCUMENTS_PER_JOB).map((row) => row.id) });
  return { added: rows.length, errors };
}
