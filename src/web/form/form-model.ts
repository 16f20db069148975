import { isRecord } from './form-values.ts';
import { readHint, type Hint, type Widget } from './ui-hint.ts';

/** A value to choose from. */
export interface Choice { value: string | number | boolean; label: string; description?: string }

interface NodeBase {
  /** Property name inside its parent; empty for the root and for the item of a list. */
  name: string;
  title: string;
  description: string;
  hint: Hint;
  required: boolean;
  nullable: boolean;
  /** What the schema fills in when nothing is given; undefined if nothing. */
  defaultValue: unknown;
}

export interface FieldNode extends NodeBase {
  kind: 'field';
  type: 'string' | 'number' | 'integer' | 'boolean' | 'choice' | 'choices' | 'strings' | 'json' | 'const';
  widget: Widget;
  choices: readonly Choice[];
  format: string | null;
  /** Of a number's value, a text's length or a list's length. */
  min: number | null;
  max: number | null;
}
export interface ObjectNode extends NodeBase {
  kind: 'object';
  children: readonly FormNode[];
  /** True if it has a boolean `enabled`, which then sits in its heading. */
  switchable: boolean;
  /** True if it holds nothing but yes/no fields, which are then drawn as one grid. */
  flags: boolean;
}
export interface ListNode extends NodeBase { kind: 'list'; item: FormNode; min: number; max: number | null }
/** Free names, each with a value of one kind. */
export interface MapNode extends NodeBase { kind: 'map'; item: FormNode }
/** One of several shapes, told apart by a fixed property. */
export interface VariantNode extends NodeBase { kind: 'variant'; tag: string; variants: readonly { value: string; label: string; node: ObjectNode }[] }
export type FormNode = FieldNode | ObjectNode | ListNode | MapNode | VariantNode;

/** Carried along and sent, but never drawn. */
export const isHidden = (node: FormNode): boolean => (node.kind === 'field' ? node.widget : node.hint.widget) === 'hidden';

type JsonSchema = Record<string, unknown>;

/** Schemas nested deeper than this (a schema that contains itself) are edited as JSON text. */
const DEPTH_MAX = 12;

/** Words that are written in capitals. */
const ACRONYMS: ReadonlyMap<string, string> = new Map([
  'AI', 'API', 'APIs', 'CSS', 'CSV', 'DOCX', 'GPU', 'CPU', 'HR', 'HTML', 'HTTP', 'ID', 'IDs', 'IP', 'JSON', 'JWT', 'MB', 'MCP', 'PDF', 'Q&A', 'RAG', 'REST', 'S3', 'SLA', 'SMS', 'SQL', 'SSO',
  'TTL', 'TXT', 'UI', 'URL', 'URLs', 'VIP', 'XLSX', 'XML', 'OAuth', 'OAuth2', 'GraphQL', 'WebSocket', 'OpenAI', 'WhatsApp',
].map((word) => [word.toLowerCase(), word]));

/** `maxSizeMB` to `Max size MB`, `api_key` to `API key`. */
export const words = (name: string): string => {
  const spaced = name.replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2').replaceAll(/[_\-.]+/g, ' ').trim();
  const cased = spaced.split(' ').map((word) => {
    const known = ACRONYMS.get(word.toLowerCase());
    return known ?? (/^[A-Z0-9]{2,}s?$/.test(word) ? word : word.toLowerCase());
  }).join(' ');
  return cased.charAt(0).toUpperCase() + cased.slice(1);
};

const num = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) && Math.abs(value) < Number.MAX_SAFE_INTEGER ? value : null);
const str = (value: unknown): string => (typeof value === 'string' ? value : '');
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** The form of a JSON Schema whose root is an object. */
export const formModel = (schema: JsonSchema): ObjectNode => {
  const root = new Reader(isRecord(schema.$defs) ? schema.$defs : {}, schema).node('', schema, true, 0);
  if (root.kind !== 'object') throw new TypeError('A form needs a schema of an object');
  return root;
};

class Reader {
  readonly #defs: Record<string, unknown>;
  readonly #root: JsonSchema;
  constructor(defs: Record<string, unknown>, root: JsonSchema) { this.#defs = defs; this.#root = root; }

  /** Follows `$ref` and folds `allOf` and "or null" into one plain schema; the outer words win over the referenced ones. */
  #plain(schema: JsonSchema, hops = 0): { schema: JsonSchema; nullable: boolean } {
    if (typeof schema.$ref === 'string' && hops < DEPTH_MAX) {
      const name = decodeURIComponent(schema.$ref.replace(/^#\/(\$defs|definitions)\//, ''));
      const target = schema.$ref === '#' ? this.#root : Object.hasOwn(this.#defs, name) ? this.#defs[name] : undefined;
      const { $ref: _, ...own } = schema;
      return this.#plain({ ...(isRecord(target) ? target : {}), ...own }, hops + 1);
    }
    const all = list(schema.allOf).filter(isRecord);
    if (all.length > 0 && hops < DEPTH_MAX) {
      const { allOf: _, ...own } = schema;
      const parts = all.map((part) => this.#plain(part, hops + 1).schema);
      const properties = Object.assign({}, ...parts.map((part) => part.properties ?? {}), own.properties ?? {});
      const required = parts.flatMap((part) => list(part.required)).concat(list(own.required));
      return this.#plain({ ...Object.assign({}, ...parts), ...own, ...(Object.keys(properties).length > 0 ? { properties, required } : {}) }, hops + 1);
    }
    const options = list(schema.anyOf ?? schema.oneOf).filter(isRecord);
    const solid = options.filter((option) => option.type !== 'null');
    if (options.length > 0 && solid.length === 1 && hops < DEPTH_MAX) {
      const { anyOf: _a, oneOf: _b, ...own } = schema;
      return { schema: this.#plain({ ...solid[0], ...own }, hops + 1).schema, nullable: solid.length < options.length };
    }
    if (Array.isArray(schema.type) && schema.type.length === 2 && schema.type.includes('null')) {
      return { schema: { ...schema, type: schema.type.find((type) => type !== 'null') }, nullable: true };
    }
    return { schema, nullable: solid.length < options.length };
  }

  node(name: string, given: JsonSchema, required: boolean, depth: number): FormNode {
    const { schema, nullable } = this.#plain(given);
    const base: NodeBase = {
      name, required, nullable,
      title: str(schema.title) || words(name),
      description: str(schema.description),
      hint: readHint(schema.ui),
      defaultValue: schema.default,
    };
    if (depth > DEPTH_MAX) return field(base, schema, 'json');
    if (isRecord(schema.properties)) return this.#object(base, schema, schema.properties, depth);
    const variants = list(schema.oneOf ?? schema.anyOf).filter(isRecord).map((option) => this.#plain(option).schema);
    if (variants.length > 1) return this.#union(base, schema, variants, depth);
    if (schema.type === 'array') return this.#array(base, schema, depth);
    if (schema.type === 'object') {
      return isRecord(schema.additionalProperties) && Object.keys(schema.additionalProperties).length > 0
        ? { ...base, kind: 'map', item: this.node('', schema.additionalProperties, true, depth + 1) }
        : field(base, schema, 'json');
    }
    return scalar(base, schema);
  }

  #object(base: NodeBase, schema: JsonSchema, properties: Record<string, unknown>, depth: number): ObjectNode {
    const required = new Set(list(schema.required));
    const children = Object.entries(properties)
      .flatMap(([name, child]) => (isRecord(child) ? [this.node(name, child, required.has(name), depth + 1)] : []))
      .map((node, index) => ({ node, order: node.hint.order ?? 1000 + index }))
      .sort((a, b) => a.order - b.order)
      .map(({ node }) => node);
    const booleans = children.filter((child) => child.kind === 'field' && child.type === 'boolean');
    const switchable = booleans.some((child) => child.name === 'enabled');
    const flags = children.length > 2 && booleans.length === children.length && !switchable;
    return { ...base, kind: 'object', children, switchable, flags };
  }

  #union(base: NodeBase, schema: JsonSchema, options: JsonSchema[], depth: number): FormNode {
    const literals = options.map((option) => option.const);
    if (literals.every((value) => typeof value === 'string' || typeof value === 'number')) {
      return scalar(base, { ...schema, enum: literals });
    }
    const tag = Object.keys(isRecord(options[0]?.properties) ? options[0].properties : {})
      .find((name) => options.every((option) => isRecord(option.properties) && isRecord(option.properties[name]) && typeof option.properties[name].const === 'string'));
    if (tag === undefined) return field(base, schema, 'json');
    const variants = options.flatMap((option) => {
      const node = this.node('', option, true, depth + 1);
      const value = isRecord(option.properties) && isRecord(option.properties[tag]) ? str(option.properties[tag].const) : '';
      return node.kind === 'object' ? [{ value, label: str(option.title) || words(value), node }] : [];
    });
    return { ...base, kind: 'variant', tag, variants };
  }

  #array(base: NodeBase, schema: JsonSchema, depth: number): FormNode {
    const item = this.node('', isRecord(schema.items) ? schema.items : {}, true, depth + 1);
    const min = num(schema.minItems) ?? 0;
    const max = num(schema.maxItems);
    if (item.kind === 'field' && item.type === 'choice') {
      return { ...field(base, schema, 'choices', item.choices), min, max };
    }
    if (item.kind === 'field' && item.type === 'string' && base.hint.widget !== 'list') return { ...field(base, schema, 'strings'), min, max };
    return { ...base, kind: 'list', item, min, max };
  }
}

const DEFAULT_WIDGET: Readonly<Record<FieldNode['type'], Widget>> = {
  string: 'text', number: 'number', integer: 'number', boolean: 'switch', choice: 'select', choices: 'multiselect', strings: 'tags', json: 'code', const: 'hidden',
};

const field = (base: NodeBase, schema: JsonSchema, type: FieldNode['type'], choices: readonly Choice[] = []): FieldNode => {
  const max = num(schema.maxLength) ?? num(schema.maximum) ?? num(schema.exclusiveMaximum);
  const long = type === 'string' && (num(schema.maxLength) ?? 0) > 200 && schema.format === undefined;
  const few = type === 'choices' && choices.length <= 8;
  return {
    ...base, kind: 'field', type, choices,
    widget: base.hint.widget ?? (long ? 'textarea' : few ? 'chips' : DEFAULT_WIDGET[type]),
    format: str(schema.format) || null,
    min: base.hint.min ?? num(schema.minLength) ?? num(schema.minimum) ?? num(schema.exclusiveMinimum),
    max: base.hint.max ?? max,
  };
};

const scalar = (base: NodeBase, schema: JsonSchema): FieldNode => {
  const values = list(schema.enum).filter((value) => typeof value === 'string' || typeof value === 'number');
  if (values.length > 0) {
    const label = (value: string | number) => base.hint.labels?.[String(value)] ?? (typeof value === 'string' ? words(value) : String(value));
    return field(base, schema, 'choice', values.map((value) => ({ value, label: label(value), description: base.hint.descriptions?.[String(value)] })));
  }
  if (schema.const !== undefined) return field({ ...base, defaultValue: schema.const }, schema, 'const');
  if (schema.type === 'string' || schema.type === 'number' || schema.type === 'integer' || schema.type === 'boolean') return field(base, schema, schema.type);
  return field(base, schema, 'json');
};
