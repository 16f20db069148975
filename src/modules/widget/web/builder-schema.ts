import { isRecord } from '#web/form/form-values.ts';
import type { WidgetMode } from '#modules/widget/embed-contract.ts';

/** The shapes of a widget, in the words of the buyer. */
export const MODE_NAMES: Readonly<Record<WidgetMode, string>> = { floating: 'Floating', inline: 'Inside the page', popup: 'Dialog', fullpage: 'Whole page' };

type JsonSchema = Record<string, unknown>;

/** In the order people decide: how it looks, the button, what it does. What is not named here comes last. */
const ARRANGED: readonly { field: string; section: string; labels?: Readonly<Record<string, string>> }[] = [
  { field: 'theme', section: 'Look', labels: { auto: 'As the visitor’s device', custom: 'Light, with your colour on top' } },
  { field: 'primaryColor', section: 'Look' },
  { field: 'size', section: 'Look' },
  { field: 'avatar', section: 'Look' },
  { field: 'position', section: 'On the page' },
  { field: 'launcher', section: 'On the page' },
  { field: 'greeting', section: 'On the page' },
  { field: 'autoOpen', section: 'Behaviour' },
  { field: 'sound', section: 'Behaviour' },
  { field: 'types', section: 'Behaviour', labels: MODE_NAMES },
];

/** Edited on its own, since it takes effect at once and belongs to the installation rather than to the look. */
const ELSEWHERE: readonly string[] = ['allowedDomains'];

/** The fields of the widget that this product leaves to its buyer. */
export const widgetFields = (schema: JsonSchema): readonly string[] => Object.keys(propertiesOf(widgetOf(schema)));

/**
 * The form of the builder: the widget's part of the configuration's schema, put in order. Only what the server offers is in
 * it; null if that is nothing.
 */
export const builderSchema = (schema: JsonSchema): JsonSchema | null => {
  const widget = widgetOf(schema);
  const offered = propertiesOf(widget);
  const names = Object.keys(offered).filter((name) => !ELSEWHERE.includes(name));
  if (names.length === 0) return null;
  const rank = (name: string) => { const at = ARRANGED.findIndex(({ field }) => field === name); return at < 0 ? ARRANGED.length : at; };
  const ordered = names.toSorted((a, b) => rank(a) - rank(b));
  const properties = Object.fromEntries(ordered.map((name) => [name, arranged(name, offered[name])]));
  const required = Array.isArray(widget.required) ? widget.required.filter((name) => !ELSEWHERE.includes(String(name))) : [];
  return { ...schema, required: [], properties: { widget: { ...widget, title: 'Design', properties, required, ui: { ...hintOf(widget), columns: 1 } } } };
};

const widgetOf = (schema: JsonSchema): JsonSchema => {
  const { widget } = propertiesOf(schema);
  return isRecord(widget) ? widget : {};
};
const propertiesOf = (schema: JsonSchema): JsonSchema => (isRecord(schema.properties) ? schema.properties : {});
const hintOf = (schema: JsonSchema): JsonSchema => (isRecord(schema.ui) ? schema.ui : {});

/** A field with its place and its words. The words of a list stand with its items; what holds fields holds them one below the other. */
const arranged = (name: string, schema: unknown): unknown => {
  const place = ARRANGED.find(({ field }) => field === name);
  if (!isRecord(schema) || place === undefined) return schema;
  const worded = (one: JsonSchema): JsonSchema => (place.labels === undefined ? one : { ...one, ui: { ...hintOf(one), labels: place.labels } });
  const words = isRecord(schema.items) ? { ...schema, items: worded(schema.items) } : worded(schema);
  return { ...words, ui: { ...hintOf(words), section: place.section, ...(isRecord(schema.properties) ? { columns: 1 } : {}) } };
};
