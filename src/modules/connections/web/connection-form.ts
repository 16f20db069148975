import type { ConnectorSummary } from '../contract.ts';

/** What the form of a connection holds. */
export interface ConnectionValues { name: string; base_url: string | null; fields: Record<string, string> }

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The JSON Schema of a connection's form, with the fields of its connector. Where a secret is stored already, leaving it
 * empty keeps it, so nothing of it is required.
 */
export function connectionSchema(connector: ConnectorSummary, stored: readonly string[] = []): Record<string, unknown> {
  const { properties } = connector.form;
  const required = Array.isArray(connector.form.required) ? connector.form.required : [];
  const fields = Object.fromEntries(Object.entries(isRecord(properties) ? properties : {}).map(([name, field]) => {
    if (!stored.includes(name) || !isRecord(field)) return [name, field];
    const { minLength: _, pattern: _pattern, ...rest } = field;
    return [name, { ...rest, description: 'Stored. Leave it empty to keep it.' }];
  }));
  const hasFields = Object.keys(fields).length > 0;
  return {
    type: 'object',
    properties: {
      name: { type: 'string', title: 'Name', description: 'For yourself, e.g. Support desk.', minLength: 1, maxLength: 80, default: connector.title },
      ...(connector.own_address === 'no' ? {} : {
        base_url: {
          type: 'string', title: 'Address', maxLength: 500, ui: { placeholder: 'https://' },
          description: connector.own_address === 'required' ? 'Where the system is reached.' : 'Only for an installation of your own; empty for the usual address.',
        },
      }),
      ...(hasFields ? { fields: { type: 'object', title: 'Credentials', properties: fields, required: required.filter((name) => typeof name === 'string' && !stored.includes(name)) } } : {}),
    },
    required: ['name', ...(connector.own_address === 'required' ? ['base_url'] : []), ...(hasFields ? ['fields'] : [])],
  };
}

/** The form's value as the API takes it: empty texts are no value. */
export function connectionValues(value: unknown): ConnectionValues {
  const form = isRecord(value) ? value : {};
  const text = (given: unknown) => (typeof given === 'string' ? given.trim() : '');
  const fields = Object.entries(isRecord(form.fields) ? form.fields : {}).flatMap(([name, given]): [string, string][] => (text(given) === '' ? [] : [[name, text(given)]]));
  return { name: text(form.name), base_url: text(form.base_url) || null, fields: Object.fromEntries(fields) };
}
