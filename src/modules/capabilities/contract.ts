/** What browser and server share. All of it is plain data and pure functions over zod. */
export { CATEGORIES, Category, ProductCapabilities, SUBCATEGORIES, TAGS, subcategoryOf } from './contract/product-capabilities.ts';
export type { Subcategory } from './contract/product-capabilities.ts';
export { DeclaredCapabilities } from './contract/declared-capabilities.ts';
export { API_PROTOCOLS, CHAT_MODES, INTEGRATION_PLATFORMS, WIDGET_TYPES } from './contract/interfaces.ts';
export { CITATION_FORMATS, CHUNKING_STRATEGIES, DOCUMENT_FORMATS, GROUNDING_FALLBACKS, REFRESH_INTERVALS, RagCapabilities, SEARCH_METHODS } from './contract/rag.ts';
export { WorkflowCapabilities } from './contract/workflow-advanced.ts';
export { ALERT_TYPES, USAGE_METRICS } from './contract/analytics.ts';
export { EntitledPlan, Entitlements, KNOWLEDGE_SOURCES, WORKFLOW_TRIGGERS } from './contract/entitlements.ts';
export { Configuration, EffectiveConfiguration } from './contract/configuration/configuration.ts';
export { FONTS } from './contract/configuration/branding.ts';
export { OUTPUT_FORMATS, OUTPUT_LENGTHS, OUTPUT_QUALITIES, OUTPUT_STYLES } from './contract/configuration/output.ts';
export { TONES } from './contract/configuration/persona.ts';
export { WIDGET_POSITIONS, WIDGET_SIZES, WIDGET_THEMES } from './contract/configuration/widget.ts';
export { checkConfiguration, configurationSchema, configurationSections, defaultConfiguration } from './contract/configuration/configuration-schema.ts';
export type { Checked, ConfigurationContext, ConfigurationSection } from './contract/configuration/configuration-schema.ts';
export type { ConfigurationIssue } from './contract/configuration/issues.ts';
export { Finding } from './contract/finding.ts';
export type { FlowParameterShape, FlowShape, FlowTraits, ImportReportShape } from './contract/flow-shape.ts';
