import { isRecord } from './plain.ts';
import type { PlainRecord } from './plain.ts';
import { looksLikePlaceholder, looksLikeVariableName, namesSecret, removeSecrets, REMOVED } from './secret-patterns.ts';

export interface FoundSecret {
  name: string;
  /** Id of the node, empty for what stands outside the nodes. */
  node: string;
  field: string;
  kind: 'required' | 'stripped';
}

export interface CleanDefinition {
  value: unknown;
  secrets: FoundSecret[];
  warnings: string[];
}

/** Keys that could reach an object's prototype if anything later merges or copies naively. */
const DANGEROUS_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

interface Place {
  node: string;
  field: string;
}

interface Findings {
  secrets: Map<string, FoundSecret>;
  keys: Set<string>;
  characters: boolean;
}

/**
 * A copy of the parsed file that is safe to keep: without credentials in any text, without keys that reach a prototype,
 * and without characters that Postgres refuses (NUL, lone surrogates). The nesting was bounded by `scanJson`.
 */
export function cleanDefinition(value: unknown): CleanDefinition {
  const findings: Findings = { secrets: new Map(), keys: new Set(), characters: false };
  const copy = cleanValue(value, { node: '', field: '' }, '', findings);
  const warnings = [...findings.keys].map((key) => `The file holds the key “${key}”, which is never needed and can be an attack. It was removed.`);
  if (findings.characters) warnings.push('Some text held characters that cannot be stored. They were removed.');
  return { value: copy, secrets: [...findings.secrets.values()], warnings };
}

function cleanValue(value: unknown, place: Place, key: string, findings: Findings): unknown {
  if (typeof value === 'string') return cleanText(value, place, key, findings);
  if (Array.isArray(value)) return value.map((item) => cleanValue(item, placeOfItem(item, place, key), '', findings));
  if (!isRecord(value)) return value;

  const copy: PlainRecord = {};
  const secretRow = typeof value['key'] === 'string' && namesSecret(value['key']);
  for (const [rawKey, item] of Object.entries(value)) {
    if (DANGEROUS_KEYS.has(rawKey)) {
      findings.keys.add(rawKey);
      continue;
    }
    const name = cleanCharacters(rawKey, findings);
    const field = key === 'template' && place.field === '' ? name : place.field;
    const cleaned = cleanValue(item, { node: place.node, field }, name, findings);
    const isSecret = (secretRow && rawKey === 'value') || (namesSecret(rawKey) && key !== 'template');
    copy[name] = isSecret ? stripNamed(cleaned, secretRow ? String(value['key']) : name, { node: place.node, field: field || name }, findings) : cleaned;
  }
  return copy;
}

/** Elements of a `nodes` list give their id to everything below them. */
function placeOfItem(item: unknown, place: Place, key: string): Place {
  if (key !== 'nodes' || !isRecord(item)) return place;
  const id = item['id'] ?? item['name'];
  return { node: typeof id === 'string' ? id.slice(0, 200) : '', field: '' };
}

function cleanText(text: string, place: Place, key: string, findings: Findings): string {
  const { text: clean, found } = removeSecrets(cleanCharacters(text, findings));
  const field = place.field || key;
  for (const name of found) note(findings, { name, node: place.node, field, kind: 'stripped' });
  return clean === REMOVED ? '' : clean;
}

function stripNamed(value: unknown, name: string, place: Place, findings: Findings): unknown {
  if (typeof value !== 'string' || value === '' || value.includes(REMOVED) || looksLikeVariableName(value) || looksLikePlaceholder(value)) return value;
  note(findings, { name, node: place.node, field: place.field, kind: 'stripped' });
  return '';
}

function note(findings: Findings, secret: FoundSecret): void {
  const key = `${secret.node}\n${secret.field}\n${secret.name}`;
  if (!findings.secrets.has(key)) findings.secrets.set(key, secret);
}

function cleanCharacters(text: string, findings: Findings): string {
  if (!text.includes('\u0000') && text.isWellFormed()) return text;
  findings.characters = true;
  return text.replaceAll('\u0000', '').toWellFormed();
}
