import { expect, test } from 'vitest';
import { formModel } from '#web/form/form-model.ts';
import { builderSchema, widgetFields } from './builder-schema.ts';

const schema = (properties: Record<string, unknown>) => ({ type: 'object', properties: { persona: { type: 'object', properties: {} }, widget: { type: 'object', properties, additionalProperties: false } } });
const text = { type: 'string', default: '' };

const fieldsOf = (form: Record<string, unknown> | null) => {
  const [widget] = form === null ? [] : formModel(form).children;
  return widget?.kind === 'object' ? widget.children.map(({ name, hint }) => [name, hint.section]) : [];
};

test('the builder offers what the server offers, in its own order, and leaves the domains to their own editor', () => {
  const form = builderSchema(schema({ types: { type: 'array', items: { enum: ['floating'] } }, greeting: text, theme: { enum: ['light', 'dark'] }, later: text, allowedDomains: { type: 'array', items: text } }));
  expect(fieldsOf(form)).toEqual([['theme', 'Look'], ['greeting', 'On the page'], ['types', 'Behaviour'], ['later', undefined]]);
});

test('a product that leaves nothing but the domains to its buyer has no design form', () => {
  const only = schema({ allowedDomains: { type: 'array', items: text } });
  expect(builderSchema(only)).toBeNull();
  expect(widgetFields(only)).toEqual(['allowedDomains']);
  expect(builderSchema({})).toBeNull();
});
