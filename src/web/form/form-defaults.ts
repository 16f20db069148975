import { isHidden, type FormNode, type ObjectNode } from './form-model.ts';
import { isRecord, type Path, getAt, parsePath, sameValue } from './form-values.ts';

/** What a form starts with: what was saved, and the schema's defaults where nothing was. */
export const startValue = (node: FormNode, given: unknown): unknown => {
  switch (node.kind) {
    case 'object': {
      const base = isRecord(given) ? given : isRecord(node.defaultValue) ? node.defaultValue : {};
      // Without anything given, an optional group stays absent until one of its fields is filled in.
      if (given === null) return null;
      if (given === undefined && !node.required && node.defaultValue === undefined) return undefined;
      const known = node.children.map((child): [string, unknown] => [child.name, startValue(child, Object.hasOwn(base, child.name) ? base[child.name] : undefined)]);
      return { ...base, ...Object.fromEntries(known.filter(([, value]) => value !== undefined)) };
    }
    case 'variant': {
      const value = isRecord(given) ? given : isRecord(node.defaultValue) ? node.defaultValue : undefined;
      const variant = node.variants.find((option) => option.value === value?.[node.tag]) ?? (node.required ? node.variants[0] : undefined);
      return variant === undefined ? value : { ...recordOf(startValue(variant.node, value)), [node.tag]: variant.value };
    }
    case 'list': {
      const items = Array.isArray(given) ? given : Array.isArray(node.defaultValue) ? node.defaultValue : node.required ? [] : undefined;
      return items?.map((item) => startValue(node.item, item));
    }
    case 'map': return given ?? node.defaultValue ?? (node.required ? {} : undefined);
    case 'field': {
      if (given !== undefined) return given;
      if (node.defaultValue !== undefined) return node.defaultValue;
      if (node.type === 'boolean' && node.required) return false;
      if (node.required && (node.type === 'choices' || node.type === 'strings')) return [];
      return undefined;
    }
  }
};

const recordOf = (value: unknown): Record<string, unknown> => (isRecord(value) ? value : {});

/** What is sent: emptied optional fields are left out (or null where the schema has null), unknown names stay. */
export const sentValue = (node: FormNode, value: unknown): unknown => {
  if (value === undefined || value === null) return value;
  switch (node.kind) {
    case 'object': {
      const result: Record<string, unknown> = { ...recordOf(value) };
      for (const child of node.children) {
        const sent = sentValue(child, result[child.name]);
        if (sent === undefined) delete result[child.name];
        else result[child.name] = sent;
      }
      return !node.required && node.defaultValue === undefined && Object.keys(result).length === 0 ? undefined : result;
    }
    case 'variant': {
      const chosen = node.variants.find((option) => option.value === recordOf(value)[node.tag]);
      if (chosen === undefined) return value;
      // Only the chosen shape's own fields: what another shape left behind must not be sent.
      const names = new Set(chosen.node.children.map((child) => child.name));
      const own = Object.fromEntries(Object.entries(recordOf(value)).filter(([name]) => names.has(name)));
      return sentValue(chosen.node, own);
    }
    case 'list': return Array.isArray(value) ? value.map((item) => sentValue(node.item, item)) : value;
    case 'map': return Object.fromEntries(Object.entries(recordOf(value)).map(([name, item]) => [name, sentValue(node.item, item)]));
    case 'field':
      if (value !== '') return value;
      if (node.nullable) return null;
      // Left out, a field with a default would silently get it back: emptied is not the same as untouched.
      return node.type === 'string' && (node.required || typeof node.defaultValue === 'string') ? '' : undefined;
  }
};

/** A fresh item for a list. */
export const newItem = (node: FormNode): unknown => startValue({ ...node, required: true }, undefined) ?? (node.kind === 'field' && node.type === 'string' ? '' : undefined);

/** Whether a node's `when` holds. The path is looked up beside the node first, then from the root. */
export const isShown = (node: FormNode, root: unknown, parent: Path): boolean => {
  if (isHidden(node)) return false;
  const when = node.hint.when;
  if (when === undefined) return true;
  const path = parsePath(when.path);
  const beside = getAt(root, [...parent, ...path]);
  const value = beside === undefined ? getAt(root, path) : beside;
  return Array.isArray(when.equals) && !Array.isArray(value) ? when.equals.some((option) => sameValue(option, value)) : sameValue(value, when.equals);
};

/** The node that describes `path`, for words about a problem; null if the schema has none. */
export const nodeAt = (root: ObjectNode, path: Path): FormNode | null => {
  let node: FormNode = root;
  for (const part of path) {
    if (node.kind === 'list' || node.kind === 'map') { node = node.item; continue; }
    const children: readonly FormNode[] = node.kind === 'object' ? node.children : node.kind === 'variant' ? node.variants.flatMap((option) => option.node.children) : [];
    const child = children.find((candidate) => candidate.name === part);
    if (child === undefined) return null;
    node = child;
  }
  return node;
};
