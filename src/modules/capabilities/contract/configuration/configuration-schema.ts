import { z } from 'zod';
import { Configuration, EffectiveConfiguration } from './configuration.ts';
import { configurationIssues } from './issues.ts';
import type { ConfigurationIssue } from './issues.ts';
import { parameterFields } from './parameters.ts';
import { openFields } from './section.ts';
import { SECTIONS } from './sections.ts';
import type { SectionKey } from './sections.ts';
import type { ProductCapabilities } from '../product-capabilities.ts';
import type { FlowParameterShape } from '../flow-shape.ts';

/** The parameters of the product's flow; only exposed ones count. */
export interface ConfigurationContext {
  parameters?: readonly FlowParameterShape[];
}

/** A part of the configuration as a place to go to. */
export interface ConfigurationSection {
  key: SectionKey | 'parameters';
  title: string;
  description: string;
  /** False where this product leaves nothing in it to the buyer; then it must not be shown. */
  enabled: boolean;
}

export type Checked<Value> = { ok: true; value: Value } | { ok: false; issues: readonly ConfigurationIssue[] };

/**
 * The strict schema of what the buyers of this product may configure, for validation and, through `z.toJSONSchema` with
 * `io: 'input'`, for the form. Sections and fields the product does not open are absent, so setting them is refused.
 * Missing fields take their initial value; missing parameters stay missing and keep the flow's value.
 */
export const configurationSchema = (capabilities: ProductCapabilities, { parameters = [] }: ConfigurationContext = {}) => {
  const sections = Object.values(SECTIONS).map((declared) => ({ ...declared, open: openFields(declared, capabilities) }));
  const all = [...sections, { ...PARAMETERS, open: parameterFields(parameters) }];
  return z.strictObject(Object.fromEntries(all
    .filter(({ open }) => Object.keys(open).length > 0)
    .map(({ key, title, description, open }) => [key, z.strictObject(open).prefault({}).meta({ title, description })])));
};

/** All sections in the order buyers see them, with whether this product has them: what navigation is made of. */
export const configurationSections = (capabilities: ProductCapabilities, context: ConfigurationContext = {}): readonly ConfigurationSection[] => {
  const { shape } = configurationSchema(capabilities, context);
  return [...Object.values(SECTIONS), PARAMETERS].map(({ key, title, description }) => ({ key, title, description, enabled: Object.hasOwn(shape, key) }));
};

/** The configuration a fresh subscription starts with: every field that is open, at its initial value. */
export const defaultConfiguration = (capabilities: ProductCapabilities): Configuration =>
  Configuration.parse(configurationSchema(capabilities).parse({}));

/**
 * Checks what a buyer sent as a whole. On success the value is complete: every open field is present. Otherwise each
 * fault has its path, and what the product does not open reads "This product does not let you set …".
 */
export const checkConfiguration = (
  capabilities: ProductCapabilities, parameters: readonly FlowParameterShape[], candidate: unknown,
): Checked<Configuration> => {
  const parsed = configurationSchema(capabilities, { parameters }).safeParse(candidate);
  return parsed.success
    ? { ok: true, value: Configuration.parse(parsed.data) }
    : { ok: false, issues: configurationIssues(parsed.error) };
};

/**
 * What holds at run time: the buyer's value where the field is open, else the one fixed by the product. A stored value
 * that the product no longer admits is ignored. Whether a section applies at all is for `entitlements` to say.
 */
export const effectiveConfiguration = (
  capabilities: ProductCapabilities, parameters: readonly FlowParameterShape[], configured: Configuration,
): EffectiveConfiguration => {
  const sections = Object.values(SECTIONS).map((declared) =>
    [declared.key, { ...declared.initial(capabilities), ...admitted(openFields(declared, capabilities), configured[declared.key]) }] as const);
  return EffectiveConfiguration.parse({
    ...Object.fromEntries(sections),
    parameters: admitted(parameterFields(parameters), configured.parameters),
  });
};

/** Those of the values that have a field and satisfy it. */
const admitted = (fields: Readonly<Record<string, z.ZodType>>, values: Readonly<Record<string, unknown>> = {}) =>
  Object.fromEntries(Object.entries(values).flatMap(([key, value]) => {
    if (value === undefined || !Object.hasOwn(fields, key)) return [];
    const parsed = fields[key]?.safeParse(value);
    return parsed?.success ? [[key, parsed.data]] : [];
  }));

const PARAMETERS = { key: 'parameters', title: 'Settings', description: 'Settings that belong to this product alone.' } as const;
