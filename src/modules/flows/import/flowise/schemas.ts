import { parseExpressionAt } from 'acorn';
import type { CallExpression, Expression, ObjectExpression } from 'acorn';

const SOURCE_CHARS_MAX = 20_000;
const DEPTH_MAX = 20;

/**
 * A form written with Zod, as output parsers of Flowise keep it, as JSON Schema; null for what is more than a plain form.
 * The code is only read, never run.
 */
export function literalSchema(source: string): Record<string, unknown> | null {
  if (source.length > SOURCE_CHARS_MAX || source.trim() === '') return null;
  try {
    return schemaOf(parseExpressionAt(source, 0, { ecmaVersion: 'latest' }), 0);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return null;
    throw error;
  }
}

function schemaOf(node: Expression | CallExpression['arguments'][number], depth: number): Record<string, unknown> | null {
  if (depth > DEPTH_MAX || node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return null;
  const { callee, arguments: args } = node;
  const name = callee.property.type === 'Identifier' ? callee.property.name : '';
  const [first] = args;
  if (callee.object.type === 'Identifier' && callee.object.name === 'z') return basic(name, first, depth);
  if (callee.object.type === 'Super') return null;
  const inner = schemaOf(callee.object, depth + 1);
  if (inner === null) return null;
  if (name === 'describe' && first?.type === 'Literal' && typeof first.value === 'string') return { ...inner, description: first.value };
  if (name === 'int') return { ...inner, type: 'integer' };
  if (name === 'max' && inner['type'] === 'array' && first?.type === 'Literal' && typeof first.value === 'number') return { ...inner, maxItems: first.value };
  if (name === 'min' && inner['type'] === 'array' && first?.type === 'Literal' && typeof first.value === 'number') return { ...inner, minItems: first.value };
  return inner;
}

function basic(name: string, first: CallExpression['arguments'][number] | undefined, depth: number): Record<string, unknown> | null {
  switch (name) {
    case 'string': case 'number': case 'boolean': return { type: name };
    case 'date': return { type: 'string' };
    case 'any': case 'unknown': return {};
    case 'array': { const items = first === undefined ? null : schemaOf(first, depth + 1); return items === null ? null : { type: 'array', items }; }
    case 'enum': return first?.type === 'ArrayExpression' ? { type: 'string', enum: first.elements.flatMap((one) => (one?.type === 'Literal' && typeof one.value === 'string' ? [one.value] : [])) } : null;
    case 'object': return first?.type === 'ObjectExpression' ? objectOf(first, depth) : null;
    default: return null;
  }
}

function objectOf(node: ObjectExpression, depth: number): Record<string, unknown> | null {
  const properties: Record<string, unknown> = {};
  const required: string[] = [];
  for (const property of node.properties) {
    if (property.type !== 'Property') return null;
    const name = property.key.type === 'Identifier' ? property.key.name : property.key.type === 'Literal' ? String(property.key.value) : '';
    const inner = schemaOf(property.value, depth + 1);
    if (name === '' || name === '__proto__' || inner === null) return null;
    properties[name] = inner;
    if (!isOptional(property.value)) required.push(name);
  }
  return { type: 'object', properties, required };
}

const isOptional = (node: Expression): boolean =>
  node.type === 'CallExpression' && node.callee.type === 'MemberExpression' && ((node.callee.property.type === 'Identifier' && ['optional', 'nullish', 'nullable'].includes(node.callee.property.name)) || (node.callee.object.type !== 'Super' && isOptional(node.callee.object)));
