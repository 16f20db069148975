import { linearRegex as compile, type LinearRegex } from '#platform/text/linear-regex.ts';
import { PatternError, type RegexOptions } from '#platform/text/regex-pattern.ts';
import { NodeError } from '../node-error.ts';

/** A regular expression of a step, linear in the text whatever the pattern. Throws NodeError, also when it is used. */
export function linearRegex(pattern: string, ignoreCase: boolean, options: RegexOptions = {}): LinearRegex {
  const regex = asNodeError(() => compile(pattern, ignoreCase, options));
  return {
    matchesStart: (text) => asNodeError(() => regex.matchesStart(text)),
    find: (text, from, spend) => asNodeError(() => regex.find(text, from, spend)),
  };
}

function asNodeError<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw error instanceof PatternError ? new NodeError('node-config-invalid', error.message, { cause: error }) : error;
  }
}
