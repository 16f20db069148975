import { z } from 'zod';
import {
  foldCapabilities, SUBCATEGORIES, withCategoryDefaults, type Category, type ProductCapabilities, type Subcategory,
} from '#modules/capabilities/index.ts';
import { describeIssue } from './describe-issue.ts';

export interface CapabilitiesReading { capabilities: ProductCapabilities; issues: { path: string; message: string }[] }

/**
 * A seller's declaration, complete: over the defaults of its category. What the schema refuses is named in `issues` and
 * left out, so that there is always something to show and to go on editing.
 */
export function readCapabilities(category: Category, subcategory: string, declared: unknown): CapabilitiesReading {
  const kind = subcategoryOf(category, subcategory);
  try {
    return { capabilities: withCategoryDefaults(category, kind, declared), issues: [] };
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const issues = error.issues.map((issue) => ({ path: issue.path.join('.'), message: describeIssue(issue) }));
    return { capabilities: withoutRefused(category, kind, declared, error.issues), issues };
  }
}

/** The kind of product within its category; null for a word that is none. */
export const subcategoryOf = (category: Category, subcategory: string): Subcategory | null =>
  SUBCATEGORIES[category].find((kind) => kind === subcategory) ?? null;

function withoutRefused(category: Category, kind: Subcategory | null, declared: unknown, issues: readonly z.core.$ZodIssue[]): ProductCapabilities {
  const rest = issues.reduce<unknown>((value, issue) => {
    const paths = issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];
    return paths.reduce<unknown>(without, value);
  }, foldCapabilities(declared));
  try {
    return withCategoryDefaults(category, kind, rest);
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    return withCategoryDefaults(category, kind, {});
  }
}

/** A copy without what is at the path. Below a list the whole list goes: its places would shift. */
function without(value: unknown, path: readonly PropertyKey[]): unknown {
  const [key, ...rest] = path;
  if (typeof value !== 'object' || value === null || Array.isArray(value) || key === undefined) return value;
  return Object.fromEntries(Object.entries(value).flatMap(([name, inner]): [string, unknown][] => {
    if (name !== String(key)) return [[name, inner]];
    return rest.length === 0 || Array.isArray(inner) || typeof inner !== 'object' ? [] : [[name, without(inner, rest)]];
  }));
}
