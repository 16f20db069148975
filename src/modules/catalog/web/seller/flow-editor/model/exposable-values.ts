import type { FlowParameter } from '#modules/flows/contract.ts';
import { formModel, type FieldNode, type FormNode } from '#web/form/form-model.ts';
import { isRecord } from '#web/form/form-values.ts';

/** A value of a step that could be handed to buyers, as the parameter it would become. */
export type ExposableValue = Pick<FlowParameter, 'title' | 'description' | 'kind' | 'choices' | 'default' | 'path'>;

const DEPTH_MAX = 3;
const VALUES_MAX = 60;
/** Names that would reach an object's prototype, and names a dotted path cannot hold. */
const usable = (name: string): boolean => name !== '' && !name.includes('.') && !['__proto__', 'constructor', 'prototype'].includes(name);

/**
 * What of a step's settings buyers may be allowed to set: texts, numbers, switches, choices and lists of texts. `gaps`
 * are the names a template still asks for; a step that keeps texts by name (such as the variables of a prompt) offers
 * them too. Empty for a schema that is no object.
 */
export const exposableValues = (schema: Record<string, unknown>, config: Record<string, unknown>, gaps: readonly string[]): readonly ExposableValue[] => {
  if (!isRecord(schema.properties)) return [];
  const found: ExposableValue[] = [];
  const walk = (node: FormNode, value: unknown, path: readonly string[]) => {
    if (path.length > DEPTH_MAX || path.some((part) => !usable(part)) || found.length >= VALUES_MAX) return;
    if (node.kind === 'object') for (const child of node.children) walk(child, isRecord(value) ? value[child.name] : undefined, [...path, child.name]);
    else if (node.kind === 'map' && node.item.kind === 'field') {
      const own = isRecord(value) ? value : {};
      const names = node.item.type === 'string' ? [...new Set([...Object.keys(own), ...gaps])] : Object.keys(own);
      for (const name of names) walk({ ...node.item, name, title: name, description: '', hint: {} }, own[name] ?? '', [...path, name]);
    } else if (node.kind === 'field') {
      const exposable = fieldValue(node, value);
      if (exposable !== null) found.push({ ...exposable, title: node.title.slice(0, 120), description: node.description.slice(0, 500), path: path.join('.') });
    }
  };
  walk(formModel(schema), config, []);
  return found;
};

const textsOf = (value: unknown): string[] => (Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []);

const fieldValue = (node: FieldNode, given: unknown): Pick<ExposableValue, 'kind' | 'choices' | 'default'> | null => {
  const value = given ?? node.defaultValue;
  const text = typeof value === 'string' ? value : '';
  switch (node.type) {
    case 'string': return { kind: ['textarea', 'markdown'].includes(node.widget) ? 'long-text' : 'text', choices: [], default: text };
    case 'number': case 'integer': return { kind: 'number', choices: [], default: typeof value === 'number' ? value : null };
    case 'boolean': return { kind: 'boolean', choices: [], default: value === true };
    case 'choice': return node.choices.every((choice) => typeof choice.value === 'string') ? { kind: 'choice', choices: node.choices.map((choice) => String(choice.value)), default: text || null } : null;
    case 'strings': return { kind: 'list', choices: [], default: textsOf(value) };
    case 'choices': case 'json': case 'const': return null;
  }
};
