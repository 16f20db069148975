/** What browser and server share. All of it is plain data and pure functions over zod. */
export { CATEGORIES, Category, ProductCapabilities, SUBCATEGORIES, subcategoryOf } from './contract/product-capabilities.ts';
export type { Subcategory } from './contract/product-capabilities.ts';
export { DeclaredCapabilities } from './contract/declared-capabilities.ts';
export { CHUNKING_STRATEGIES, REFRESH_INTERVALS, SEARCH_METHODS } from './contract/rag.ts';
export { EntitledPlan, Entitlements } from './contract/entitlements.ts';
export { Configuration, EffectiveConfiguration } from './contract/configuration/configuration.ts';
export { checkConfiguration, configurationSchema, configurationSections, defaultConfiguration } from './contract/configuration/configuration-schema.ts';
export type { Checked, ConfigurationContext, ConfigurationSection } from './contract/configuration/configuration-schema.ts';
export type { ConfigurationIssue } from './contract/configuration/issues.ts';
export type { FlowParameterShape, FlowShape, FlowTraits, ImportReportShape } from './contract/flow-shape.ts';
