import type { z } from 'zod';

export interface ConfigurationIssue {
  /** Dotted path of the field, e.g. `persona.avatar`; empty for the whole. */
  path: string;
  message: string;
}

/** The faults of a configuration, in words for the person who made them. Bounded, however much was wrong. */
export const configurationIssues = (error: z.ZodError): readonly ConfigurationIssue[] => error.issues.flatMap(issuesOf).slice(0, ISSUES_MAX);

const ISSUES_MAX = 50;
const KEY_SHOWN_MAX = 80;

const issuesOf = (issue: z.core.$ZodIssue): readonly ConfigurationIssue[] => {
  if (issue.code !== 'unrecognized_keys') return [{ path: dotted(issue.path), message: wordsFor(issue) }];
  return issue.keys.slice(0, ISSUES_MAX).map((key) => {
    const path = dotted([...issue.path, key]);
    return { path, message: `This product does not let you set ${path}.` };
  });
};

const dotted = (path: readonly PropertyKey[]): string => path.map((part) => String(part).slice(0, KEY_SHOWN_MAX)).join('.');

const wordsFor = (issue: z.core.$ZodIssue): string => {
  switch (issue.code) {
    case 'too_big': return amountWords(issue.origin, 'at most', issue.maximum);
    case 'too_small': return amountWords(issue.origin, 'at least', issue.minimum);
    case 'invalid_type': return TYPE_WORDS[issue.expected] ?? issue.message;
    case 'invalid_value': return `Choose one of: ${issue.values.map(String).join(', ')}.`;
    // Patterns and refinements carry their own words.
    default: return issue.message;
  }
};

const amountWords = (origin: string, bound: 'at most' | 'at least', amount: number | bigint): string => {
  if (origin === 'string') return `Use ${bound} ${amount} ${amount === 1 ? 'character' : 'characters'}.`;
  if (origin === 'array') return `Use ${bound} ${amount} ${amount === 1 ? 'entry' : 'entries'}.`;
  return `Enter ${bound} ${amount}.`;
};

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'Enter text.', number: 'Enter a number.', int: 'Enter a whole number.', boolean: 'Choose yes or no.', array: 'Send a list.', object: 'Send an object with fields.',
};
