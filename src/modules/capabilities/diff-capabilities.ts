import { z } from 'zod';
import { leafChanges } from '#platform/json/leaf-changes.ts';
import type { LeafChange } from '#platform/contract/leaf-change.ts';
import type { CapabilityChange } from './changes-contract.ts';
import { ProductCapabilities } from './contract/product-capabilities.ts';

/**
 * What differs between two declarations, by path and with the words of each field. The block `knowledge` is left out: it
 * only mirrors `rag`. A block that is off on both sides promises nothing, so nothing in it is told. Pure.
 */
export function diffCapabilities(before: ProductCapabilities, after: ProductCapabilities): CapabilityChange[] {
  return leafChanges(before, after).changes
    .filter(({ path }) => !path.startsWith('configuration.knowledge.') && !(isOff(before, path) && isOff(after, path)))
    .map((change) => ({ ...change, title: titleOf(change.path), effect: effectOf(change) }));
}

/** Whether a block above this path is switched off. */
function isOff(capabilities: ProductCapabilities, path: string): boolean {
  const parts = path.split('.');
  let value: unknown = capabilities;
  for (const [index, part] of parts.entries()) {
    if (typeof value !== 'object' || value === null) return false;
    const block = new Map(Object.entries(value));
    if (block.get('enabled') === false && !(index === parts.length - 1 && part === 'enabled')) return true;
    value = block.get(part);
  }
  return false;
}

/** Numbers of which more is better for the buyer. */
const LIMIT = /(?:^|\.)limits\.|\.max[A-Z]\w*$/;

function effectOf({ path, before, after }: LeafChange): CapabilityChange['effect'] {
  if (typeof before === 'boolean' || typeof after === 'boolean') return after === true ? 'gain' : 'loss';
  if (typeof before === 'number' && typeof after === 'number' && LIMIT.test(path)) return after > before ? 'gain' : 'loss';
  if (Array.isArray(before) && Array.isArray(after)) {
    const [old, fresh] = [new Set<unknown>(before), new Set<unknown>(after)];
    if (before.every((item) => fresh.has(item))) return 'gain';
    if (after.every((item) => old.has(item))) return 'loss';
  }
  return 'change';
}

/** `interfaces.chat.features.fileUpload` as `Interfaces, Chat, File upload`: the words of the seller's form. */
function titleOf(path: string): string {
  const words: string[] = [];
  let schema: z.core.$ZodType | undefined = ProductCapabilities;
  for (const part of path.split('.')) {
    const shape: z.core.$ZodShape | undefined = objectIn(schema);
    schema = shape && Object.hasOwn(shape, part) ? shape[part] : undefined;
    const title = schema === undefined ? undefined : z.globalRegistry.get(schema)?.title;
    if (title !== undefined) words.push(title);
  }
  return words.length === 0 ? path : words.join(', ');
}

/** The shape of an object under defaults and optionality. */
function objectIn(schema: z.core.$ZodType | undefined): z.core.$ZodShape | undefined {
  if (schema instanceof z.ZodObject) return schema.shape;
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return objectIn(schema.unwrap());
  return undefined;
}
