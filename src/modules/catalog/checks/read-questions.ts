import { parse as parseCsv } from 'csv-parse/sync';
import { z } from 'zod';
import { Problem, problems as kernel } from '#platform/http/problem.ts';
import { cleanText } from '../storable.ts';
import { CheckQuestion, QUESTIONS_MAX } from './contract.ts';

/** Several phrases in one cell of a CSV file. */
const BETWEEN_PHRASES = '|';

type Field = keyof CheckQuestion;

/** Columns of a CSV file, and names in a JSON file beside those of the API. */
const COLUMNS: Readonly<Record<string, Field>> = {
  question: 'question', must_contain: 'mustContain', must_not_contain: 'mustNotContain', must_cite: 'mustCite', must_refuse: 'mustRefuse',
  latency_ms_max: 'latencyMsMax', must_call_tools: 'mustCallTools',
};

/**
 * Reads the questions of a CSV or JSON file. The content decides which it is. Throws 422 with every fault and where it
 * is (`3.mustContain`, counted from 1 without the header), so that a file is taken whole or not at all.
 */
export function readQuestions(bytes: Uint8Array): CheckQuestion[] {
  const text = cleanText(new TextDecoder('utf-8').decode(bytes)).replace(/^\uFEFF/, '');
  const rows = /^\s*[[{]/.test(text) ? jsonRows(text) : csvRows(text);
  if (rows.length === 0) throw new Problem(kernel.invalid, 'There is no question in this file.');
  if (rows.length > QUESTIONS_MAX) throw new Problem(kernel.invalid, `At most ${QUESTIONS_MAX} questions; this file has ${rows.length}.`);
  const questions: CheckQuestion[] = [];
  const issues: { path: string; message: string }[] = [];
  for (const [index, row] of rows.entries()) {
    const parsed = CheckQuestion.safeParse(row);
    if (parsed.success) questions.push(parsed.data);
    else issues.push(...parsed.error.issues.map(({ path, message }) => ({ path: [index + 1, ...path].join('.'), message })));
  }
  if (issues.length > 0) throw new Problem(kernel.invalid, issues.slice(0, 3).map(({ path, message }) => `${path}: ${message}`).join('; '), { issues: issues.slice(0, 50) });
  return questions;
}

const Rows = z.array(z.record(z.string(), z.unknown()));

function jsonRows(text: string): Record<string, unknown>[] {
  try {
    const rows = z.union([Rows, z.object({ questions: Rows }).transform(({ questions }) => questions)]).parse(JSON.parse(text));
    return rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [COLUMNS[name] ?? name, value])));
  } catch (error) {
    throw new Problem(kernel.invalid, 'This is not a list of questions. Send JSON like [{"question": "…", "must_contain": ["…"]}].', { cause: error });
  }
}

function csvRows(text: string): Record<string, unknown>[] {
  let records: Record<string, string>[];
  try {
    records = z.array(z.record(z.string(), z.string())).parse(parseCsv(text, {
      columns: (header: string[]) => header.map((name) => name.trim().toLowerCase().replaceAll(/[\s-]+/g, '_')), skip_empty_lines: true, trim: true, relax_column_count_less: true,
      delimiter: [',', ';', '\t'],
    }));
  } catch (error) {
    throw new Problem(kernel.invalid, `This CSV file cannot be read: ${error instanceof Error ? error.message : 'it is damaged'}.`, { cause: error });
  }
  const unknown = Object.keys(records[0] ?? {}).filter((name) => !Object.hasOwn(COLUMNS, name));
  if (records[0] && !Object.hasOwn(records[0], 'question')) throw new Problem(kernel.invalid, 'The first row must name a column "question".');
  if (unknown.length > 0) throw new Problem(kernel.invalid, `There is no column "${unknown[0]}". Columns are ${Object.keys(COLUMNS).join(', ')}.`);
  return records.map((record) => Object.fromEntries(Object.entries(record).flatMap(([name, cell]): [string, unknown][] => {
    const field = COLUMNS[name];
    return field === undefined || cell === '' ? [] : [[field, valueOf(field, cell)]];
  })));
}

const YES = new Set(['yes', 'true', '1', 'x']);

/** A cell as its field takes it; what is none of it is left for the schema to refuse. */
function valueOf(field: Field, cell: string): unknown {
  switch (field) {
    case 'question': return cell;
    case 'mustRefuse': return YES.has(cell.toLowerCase()) ? true : ['no', 'false', '0'].includes(cell.toLowerCase()) ? false : cell;
    case 'latencyMsMax': return /^\d+$/.test(cell) ? Number(cell) : cell;
    case 'mustContain': case 'mustNotContain': case 'mustCite': case 'mustCallTools': return cell.split(BETWEEN_PHRASES).map((phrase) => phrase.trim()).filter((phrase) => phrase !== '');
  }
}
