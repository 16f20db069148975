import { readFileSync } from 'node:fs';
import path from 'node:path';

/** Whose code it is: each home gives its code other names and takes its results in another way. */
export const JAVASCRIPT_DIALECTS = ['plain', 'n8n', 'dify', 'flowise'] as const;
export const PYTHON_DIALECTS = ['plain', 'n8n', 'dify', 'langflow'] as const;
export type Dialect = (typeof JAVASCRIPT_DIALECTS)[number] | (typeof PYTHON_DIALECTS)[number];

const texts = new Map<string, string>();

/** What comes before the code of a dialect; see the files in `preludes/`. */
export function preludeOf(language: 'javascript' | 'python', dialect: Dialect): string {
  const file = `${dialect}.${language === 'python' ? 'py' : 'js'}`;
  let text = texts.get(file);
  if (text === undefined) texts.set(file, text = language === 'python' ? read(file) : expression(dialect, file));
  return text;
}

function expression(dialect: Dialect, file: string): string {
  const text = read(file).trim().replace(/;$/, '');
  return dialect === 'n8n' ? `(() => {${read('n8n-date-time.js')}\nreturn (${text}\n);})()` : text;
}

const read = (file: string): string => readFileSync(path.join(import.meta.dirname, 'preludes', file), 'utf8');
