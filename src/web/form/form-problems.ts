import type { z } from 'zod';
import type { ApiProblem } from '#web/api/problem.ts';
import { nodeAt } from './form-defaults.ts';
import type { ObjectNode } from './form-model.ts';
import { parsePath, pathKey } from './form-values.ts';

/** What is wrong, by dotted path; the empty path is the form as a whole. */
export type FormErrors = Readonly<Record<string, string>>;

type RawIssue = z.core.$ZodRawIssue;

const plural = (count: number | bigint, one: string, many: string) => `${count} ${Number(count) === 1 ? one : many}`;

const FORMATS: Readonly<Record<string, string>> = {
  email: 'Enter an e-mail address such as name@example.com',
  url: 'Enter a full address such as https://example.com',
  uuid: 'This is not a valid id',
  datetime: 'Enter a date and time',
  date: 'Enter a date such as 2026-11-20',
  time: 'Enter a time such as 09:30',
  regex: 'This does not have the expected form',
};

const tooSmall = (issue: RawIssue & { code: 'too_small' }): string => {
  if (issue.origin === 'string') return Number(issue.minimum) === 1 ? 'Fill this in' : `Use at least ${plural(issue.minimum, 'character', 'characters')}`;
  if (issue.origin === 'array' || issue.origin === 'set') return Number(issue.minimum) === 1 ? 'Choose at least one' : `Add at least ${issue.minimum}`;
  return issue.inclusive === false ? `Use a number above ${issue.minimum}` : `Use ${issue.minimum} or more`;
};

const tooBig = (issue: RawIssue & { code: 'too_big' }): string => {
  if (issue.origin === 'string') return `Use at most ${plural(issue.maximum, 'character', 'characters')}`;
  if (issue.origin === 'array' || issue.origin === 'set') return `Keep at most ${issue.maximum}`;
  return issue.inclusive === false ? `Use a number below ${issue.maximum}` : `Use ${issue.maximum} or less`;
};

/** Says in plain words what to do about an issue. A message written in the schema itself comes before this one. */
export const plainWords = (issue: RawIssue): string => {
  switch (issue.code) {
    case 'too_small': return tooSmall(issue);
    case 'too_big': return tooBig(issue);
    case 'invalid_type':
      if (issue.input === undefined || issue.input === null || issue.input === '') return issue.expected === 'array' ? 'Choose at least one' : 'Fill this in';
      return issue.expected === 'int' ? 'Use a whole number' : issue.expected === 'number' ? 'Enter a number' : 'This value does not fit here';
    case 'invalid_format': return FORMATS[issue.format] ?? 'This does not have the expected form';
    case 'invalid_value': return issue.values.length === 1 ? `This must be ${String(issue.values[0])}` : 'Choose one of the options';
    case 'not_multiple_of': return `Use a multiple of ${issue.divisor}`;
    case 'unrecognized_keys': return `Not allowed here: ${issue.keys.join(', ')}`;
    default: return 'This value does not fit here';
  }
};

/** Checks `value` against the schema; the first problem of each field, by path. */
export const checkValue = (schema: z.ZodType, value: unknown): { ok: true; value: unknown } | { ok: false; errors: FormErrors } => {
  const parsed = schema.safeParse(value, { error: plainWords });
  if (parsed.success) return { ok: true, value: parsed.data };
  const errors: Record<string, string> = {};
  for (const issue of parsed.error.issues) {
    const key = pathKey(issue.path.map(String));
    errors[key] ??= issue.message;
  }
  return { ok: false, errors };
};

/** A refusal of the server as errors beside fields; what belongs to no field of this form goes to the form as a whole. */
export const serverErrors = (problem: ApiProblem, model: ObjectNode): FormErrors => {
  const errors: Record<string, string> = {};
  const loose: string[] = [];
  for (const { path, message } of problem.errors) {
    const parts = parsePath(path);
    if (parts.length > 0 && nodeAt(model, parts) !== null) errors[pathKey(parts)] ??= message;
    else loose.push(parts.length > 0 ? `${parts.join(' › ')}: ${message}` : message);
  }
  const whole = loose.length > 0 ? loose.join('\n') : Object.keys(errors).length > 0 ? '' : problem.detail || problem.title;
  return whole === '' ? errors : { ...errors, '': whole };
};
