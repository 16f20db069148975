import { ExpressionError } from './expression-error.ts';
import { DATA_DEPTH_MAX } from './limits.ts';
import type { Scope } from './scope.ts';
import { evaluate, isTemplate, templateOf } from './template.ts';

type Resolver = (scope: Scope) => unknown;

/** Configurations are compiled once and run many times. */
const resolvers = new WeakMap<object, Resolver | null>();

/**
 * A value in which every text that is a template is replaced by what it evaluates to, at any depth. Parts without
 * templates are handed on as they are. The value must not change afterwards: how it is resolved is remembered.
 */
export function resolve(value: unknown, scope: Scope): unknown {
  if (typeof value === 'string') return isTemplate(value) ? evaluate(templateOf(value), scope) : value;
  if (typeof value !== 'object' || value === null) return value;
  let resolver = resolvers.get(value);
  if (resolver === undefined) resolvers.set(value, resolver = resolverOf(value, 0));
  return resolver === null ? value : resolver(scope);
}

/** How to resolve a value; null when there is nothing in it to resolve. */
function resolverOf(value: unknown, depth: number): Resolver | null {
  if (depth > DATA_DEPTH_MAX) throw new ExpressionError(`The settings are nested deeper than ${DATA_DEPTH_MAX} levels`);
  if (typeof value === 'string') {
    if (!isTemplate(value)) return null;
    const template = templateOf(value);
    return (scope) => evaluate(template, scope);
  }
  if (typeof value !== 'object' || value === null) return null;
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => ({ item, resolver: resolverOf(item, depth + 1) }));
    if (items.every(({ resolver }) => resolver === null)) return null;
    return (scope) => items.map(({ item, resolver }) => (resolver ? resolver(scope) : item));
  }
  const fields = Object.entries(value).map(([name, field]: [string, unknown]) => ({ name, field, resolver: resolverOf(field, depth + 1) }));
  if (fields.every(({ resolver }) => resolver === null)) return null;
  return (scope) => {
    const resolved: Record<string, unknown> = {};
    for (const { name, field, resolver } of fields) if (name !== '__proto__') resolved[name] = resolver ? resolver(scope) : field;
    return resolved;
  };
}

/**
 * The ids of the steps that templates anywhere in a value name, each once. A text that is no valid template names none:
 * its error belongs to the step that runs it.
 */
export function references(value: unknown): readonly string[] {
  const steps = new Set<string>();
  collect(value, steps, 0);
  return [...steps];
}

function collect(value: unknown, steps: Set<string>, depth: number): void {
  if (typeof value === 'string') {
    if (isTemplate(value) && value.includes('steps')) for (const step of stepsOf(value)) steps.add(step);
  } else if (typeof value === 'object' && value !== null && depth <= DATA_DEPTH_MAX) {
    for (const part of Object.values(value)) collect(part, steps, depth + 1);
  }
}

function stepsOf(source: string): readonly string[] {
  try {
    return templateOf(source).steps;
  } catch (error) {
    if (error instanceof ExpressionError) return [];
    throw error;
  }
}
