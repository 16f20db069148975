import { z } from 'zod';
import { sameJson } from '#platform/json/leaf-changes.ts';
import type { LostSetting } from './changes-contract.ts';
import { Configuration } from './contract/configuration/configuration.ts';
import { configurationSchema, defaultConfiguration } from './contract/configuration/configuration-schema.ts';
import { configurationIssues } from './contract/configuration/issues.ts';
import type { FlowParameterShape } from './contract/flow-shape.ts';
import type { ProductCapabilities } from './contract/product-capabilities.ts';

/** What decides about a configuration: the declaration, and the flow's parameters. */
export interface ConfigurationGround { capabilities: ProductCapabilities; parameters: readonly FlowParameterShape[] }

export interface Migrated {
  /** Complete for the version moved to. */
  configuration: Configuration;
  /** What the buyer had set and keeps, by path. */
  kept: string[];
  /** What the buyer had set and cannot keep. */
  lost: LostSetting[];
}

/**
 * Takes a buyer's configuration from one version of a product to another. A value the buyer set is kept where the other
 * version opens its field and takes the value. One that only repeats what the old version began with follows the new
 * version's own. Pure; the same in both directions.
 */
export function migrateConfiguration(from: ConfigurationGround, to: ConfigurationGround, configured: Configuration): Migrated {
  const initial = new Map<string, unknown>(Object.entries(defaultConfiguration(from.capabilities)));
  const begun = new Map<string, unknown>(Object.entries(defaultConfiguration(to.capabilities)));
  const schema = configurationSchema(to.capabilities, { parameters: to.parameters });
  const kept: string[] = [];
  const lost: LostSetting[] = [];
  for (const [section, values] of Object.entries(configured)) {
    const [before, after] = [entriesOf(initial.get(section)), entriesOf(begun.get(section))];
    for (const [field, value] of entriesOf(values)) {
      if (value === undefined || (before.has(field) && sameJson(before.get(field), value))) continue;
      const issue = issueWith(schema, section, field, value);
      if (issue === null) {
        after.set(field, value);
        kept.push(`${section}.${field}`);
      } else lost.push({ path: `${section}.${field}`, title: titleOf(from, section, field), value, reason: issue });
    }
    if (after.size > 0) begun.set(section, Object.fromEntries(after));
  }
  return { configuration: Configuration.parse(Object.fromEntries(begun)), kept, lost };
}

/** Own entries, in a map, so that a name from outside never meets a prototype. */
const entriesOf = (value: unknown): Map<string, unknown> => new Map(typeof value === 'object' && value !== null ? Object.entries(value) : []);

/** Why the product does not take this value; null when it does. */
function issueWith(schema: ReturnType<typeof configurationSchema>, section: string, field: string, value: unknown): string | null {
  if (fieldIn(schema, section, field) === undefined) return 'It can no longer be set.';
  const parsed = schema.safeParse({ [section]: { [field]: value } });
  return parsed.success ? null : configurationIssues(parsed.error)[0]?.message ?? 'This value is not possible.';
}

function titleOf({ capabilities, parameters }: ConfigurationGround, section: string, field: string): string {
  const declared = fieldIn(configurationSchema(capabilities, { parameters }), section, field);
  // The words stand on the field itself, under its default.
  return (declared instanceof z.ZodDefault ? z.globalRegistry.get(declared.unwrap()) : declared?.meta())?.title ?? field;
}

function fieldIn({ shape }: ReturnType<typeof configurationSchema>, section: string, field: string): z.ZodType | undefined {
  const fields = Object.hasOwn(shape, section) ? shape[section]?.unwrap().shape : undefined;
  return fields && Object.hasOwn(fields, field) ? fields[field] : undefined;
}
