import type { z } from 'zod';

/** What is wrong with a field, in words for the person who fills it in. */
export function describeIssue(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type': return issue.input === undefined || issue.input === null ? 'This is missing.' : `This must be ${articled(issue.expected)}.`;
    case 'too_small': return `At least ${issue.minimum}${unit(issue.origin, issue.minimum)}.`;
    case 'too_big': return `At most ${issue.maximum}${unit(issue.origin, issue.maximum)}.`;
    case 'unrecognized_keys': return `There is no field ${issue.keys.map((key) => `"${key}"`).join(', ')}.`;
    case 'invalid_value': return issue.input === undefined ? 'This is missing.' : `Choose one of ${issue.values.map(String).join(', ')}.`;
    default: return issue.message;
  }
}

const unit = (origin: string, amount: number | bigint): string => {
  if (origin !== 'string' && origin !== 'array') return '';
  const [single, several] = origin === 'string' ? [' character', ' characters'] : [' entry', ' entries'];
  return Number(amount) === 1 ? single : several;
};
const NAMES: Readonly<Record<string, string>> = { string: 'a text', number: 'a number', int: 'a whole number', boolean: 'yes or no', array: 'a list', object: 'an object' };
const articled = (type: string): string => NAMES[type] ?? type;
