import type { FoundSecret } from '../clean-definition.ts';
import { isRecord, oneLine, read, readFlag, readList, readRecord, readText } from '../plain.ts';
import type { PlainRecord } from '../plain.ts';
import { looksLikePlaceholder, looksLikeVariableName, namesSecret } from '../secret-patterns.ts';
import { graphOf } from './read-flow.ts';

/**
 * Langflow's own marks of credentials. A field "loaded from the database" holds the name of a variable on the seller's
 * server: required. A password field with anything else holds the value itself: removed from the given copy.
 */
export function takeCredentials(copy: PlainRecord): FoundSecret[] {
  const secrets: FoundSecret[] = [];
  visitGraph(graphOf(copy) ?? {}, secrets);
  return secrets;
}

function visitGraph(data: PlainRecord, secrets: FoundSecret[]): void {
  for (const node of readList(data, 'nodes')) {
    const inner = readRecord(readRecord(node, 'data'), 'node');
    const template = readRecord(inner, 'template');
    const id = (readText(node, 'id') ?? '').slice(0, 200);
    for (const [name, field] of Object.entries(template ?? {})) {
      if (isRecord(field) && name !== 'code') visitField(field, name, id, secrets);
    }
    const group = readRecord(readRecord(inner, 'flow'), 'data');
    if (group !== null) visitGraph(group, secrets);
  }
}

function visitField(field: PlainRecord, name: string, node: string, secrets: FoundSecret[]): void {
  const value = read(field, 'value');
  if (typeof value !== 'string' || value.trim() === '') {
    if (Array.isArray(value) && readFlag(field, 'password') && value.some((item) => typeof item === 'string' && item !== '')) {
      field['value'] = [];
      secrets.push({ name, node, field: name, kind: 'stripped' });
    }
    return;
  }
  const isPassword = readFlag(field, 'password') || (readText(field, '_input_type') ?? '').includes('Secret') || namesSecret(readText(field, 'name') ?? name);
  const isVariable = looksLikeVariableName(value) || (readFlag(field, 'load_from_db') && looksLikeTitle(value));
  if (isVariable && (isPassword || readFlag(field, 'load_from_db'))) {
    secrets.push({ name: oneLine(value, 100), node, field: name, kind: 'required' });
  } else if (isPassword && !looksLikePlaceholder(value)) {
    field['value'] = '';
    secrets.push({ name, node, field: name, kind: 'stripped' });
  }
}

/** A name people give to a variable ("My OpenAI key"), rather than a long string of random characters. */
const looksLikeTitle = (value: string): boolean => value.length <= 60 && /^[\p{L}][\p{L}\p{N} _.-]*$/u.test(value) && !/[^\s_.-]{25}/.test(value);
