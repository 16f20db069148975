import type { FlowParameter } from '#modules/flows/contract.ts';

const TYPES: Readonly<Record<FlowParameter['kind'], Record<string, unknown>>> = {
  text: { type: 'string', maxLength: 500, ui: { widget: 'text' } }, 'long-text': { type: 'string', maxLength: 4000, ui: { widget: 'textarea' } }, number: { type: 'number' }, boolean: { type: 'boolean' }, choice: { type: 'string' }, list: { type: 'array', items: { type: 'string' } },
};

/** The JSON Schema of what buyers may set of a flow, for showing its form; the configuration a buyer saves is checked by the product's own. */
export const buyerSchema = (parameters: readonly FlowParameter[], exposed: readonly string[]): Record<string, unknown> => ({
  type: 'object',
  properties: Object.fromEntries(parameters.filter(({ name }) => exposed.includes(name)).map(({ name, title, description, kind, choices, default: value }) => [name, {
    ...TYPES[kind], ...(kind === 'choice' && choices.length > 0 ? { enum: [...new Set(choices)] } : {}), title: title || name, description, ...(value === null ? {} : { default: value }),
  }])),
});
