import { readableText } from './html-text.ts';

/** A value with what people call it. */
export interface Labelled { label: string; value: unknown }

/** Longer values, and those of several lines, get a section of their own. */
const LINE_CHARACTERS_MAX = 160;
const DEPTH_MAX = 6;
/** Items of one list; the rest is counted. */
const ITEMS_MAX = 1_000;

/**
 * Values as Markdown that reads like a form: `Label: value` lines, then the long values and what has fields of its own as
 * sections. Empty values are left out, HTML becomes text. The same values give the same text.
 */
export function labelledText(fields: readonly Labelled[]): string {
  return sections(fields, 2).join('\n\n');
}

/** A field's name as people write it: `unit_price` and `unitPrice` are both `Unit price`. */
export function labelOf(name: string): string {
  const words = name.replace(/([a-z\d])([A-Z])(?=[a-z])/g, (_match, before: string, capital: string) => `${before} ${capital.toLowerCase()}`).replace(/[_\-.\s]+/g, ' ').trim();
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

function sections(fields: readonly Labelled[], level: number): string[] {
  const lines: string[] = [];
  const long: string[] = [];
  for (const { label, value } of fields) {
    const own = fieldsIn(value);
    if (own && level < DEPTH_MAX) {
      const inside = sections(own, level + 1);
      if (inside.length > 0) long.push(`${'#'.repeat(level)} ${label}`, ...inside);
      continue;
    }
    const text = own ? inline(own, level) : Array.isArray(value) ? listText(value, level) : scalarText(value);
    if (text === '') continue;
    if (text.length > LINE_CHARACTERS_MAX || text.includes('\n')) long.push(`${'#'.repeat(Math.min(level, 6))} ${label}`, text);
    else lines.push(`${label}: ${text}`);
  }
  return [...(lines.length > 0 ? [lines.join('\n')] : []), ...long];
}

function fieldsIn(value: unknown): Labelled[] | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  return Object.entries(value).map(([name, field]: [string, unknown]) => ({ label: labelOf(name), value: field }));
}

/** A list of plain values is one line; a list of things has a line for each. */
function listText(list: readonly unknown[], depth: number): string {
  if (depth > DEPTH_MAX + 2) return '';
  const shown = list.slice(0, ITEMS_MAX).map((item) => {
    const own = fieldsIn(item);
    return own || Array.isArray(item) ? `- ${own ? inline(own, depth) : listText(Array.isArray(item) ? item : [], depth + 1).replace(/\s*\n\s*/g, ' ')}` : scalarText(item).replace(/\s*\n\s*/g, ' ');
  }).filter((text) => text !== '' && text !== '- ');
  const rest = list.length > ITEMS_MAX ? [`- and ${list.length - ITEMS_MAX} more`] : [];
  return [...shown, ...rest].join(shown.some((text) => text.startsWith('- ')) ? '\n' : ', ');
}

/** Fields of something deep inside, on one line. */
function inline(fields: readonly Labelled[], depth: number): string {
  if (depth > DEPTH_MAX + 2) return '';
  return fields.flatMap(({ label, value }) => {
    const own = fieldsIn(value);
    const text = own ? inline(own, depth + 1) : Array.isArray(value) ? (depth > DEPTH_MAX ? '' : listText(value, depth + 1)) : scalarText(value);
    return text === '' ? [] : [`${label}: ${text.replace(/\s*\n\s*/g, ' ')}`];
  }).join('; ');
}

/** One value as text; empty for what is no value. */
export function scalarText(value: unknown): string {
  switch (typeof value) {
    case 'string': return readableText(value);
    case 'number': return String(value);
    case 'boolean': return value ? 'yes' : 'no';
    default: return '';
  }
}
