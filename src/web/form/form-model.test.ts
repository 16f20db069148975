import { expect, test } from 'vitest';
import { z } from 'zod';
import { isShown, newItem, nodeAt, sentValue, startValue } from './form-defaults.ts';
import { formModel, words, type FieldNode, type ObjectNode } from './form-model.ts';
import { outline } from './form-outline.ts';

const modelOf = (schema: z.ZodType) => formModel(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
const fieldOf = (root: ObjectNode, ...path: string[]): FieldNode => {
  const node = nodeAt(root, path);
  if (node?.kind !== 'field') throw new Error(`${path.join('.')} is not a field`);
  return node;
};

test('a property name becomes words', () => {
  expect(words('maxSizeMB')).toBe('Max size MB');
  expect(words('api_key')).toBe('API key');
  expect(words('welcomeMessage')).toBe('Welcome message');
  expect(words('hr')).toBe('HR');
});

test('each type gets the widget that fits, and a hint wins over it', () => {
  const model = modelOf(z.object({
    short: z.string().max(80),
    long: z.string().max(4_000),
    email: z.email(),
    count: z.int().min(1).max(9),
    on: z.boolean(),
    one: z.enum(['a', 'b']),
    many: z.array(z.enum(['a', 'b'])),
    free: z.array(z.string()),
    hinted: z.string().meta({ ui: { widget: 'markdown' } }),
    anything: z.any(),
  }));
  const widgets = Object.fromEntries(model.children.map((child) => [child.name, child.kind === 'field' ? child.widget : child.kind]));
  expect(widgets).toEqual({
    short: 'text', long: 'textarea', email: 'text', count: 'number', on: 'switch', one: 'select', many: 'chips', free: 'tags', hinted: 'markdown', anything: 'code',
  });
  expect(fieldOf(model, 'count')).toMatchObject({ type: 'integer', min: 1, max: 9 });
  expect(fieldOf(model, 'email').format).toBe('email');
});

test('an unknown widget in a hint falls back to the type instead of breaking the form', () => {
  const model = formModel({ type: 'object', properties: { x: { type: 'string', ui: { widget: 'hologram', order: 'first' } } } });
  expect(fieldOf(model, 'x').widget).toBe('text');
});

test('references, "or null" and intersections are followed', () => {
  const Shared = z.object({ x: z.string() }).meta({ id: 'FormTestShared' });
  const model = modelOf(z.object({ a: Shared, b: z.string().nullable().default(null), c: z.object({ p: z.string() }).and(z.object({ q: z.number() })) }));
  expect(fieldOf(model, 'a', 'x').type).toBe('string');
  expect(fieldOf(model, 'b')).toMatchObject({ nullable: true, defaultValue: null });
  expect(fieldOf(model, 'c', 'q').type).toBe('number');
});

test('a schema that contains itself ends', () => {
  interface Tree { name: string; children: Tree[] }
  const Tree: z.ZodType<Tree> = z.object({ name: z.string(), get children() { return z.array(Tree); } });
  expect(modelOf(z.object({ tree: Tree })).kind).toBe('object');
});

test('shapes told apart by a tag become variants, and only the chosen one is sent', () => {
  const Schema = z.object({ auth: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('none') }), z.object({ kind: z.literal('key'), header: z.string().default('x-api-key'), secret: z.string() }),
  ]) });
  const model = modelOf(Schema);
  expect(nodeAt(model, ['auth'])).toMatchObject({ kind: 'variant', tag: 'kind' });
  expect(startValue(model, {})).toEqual({ auth: { kind: 'none' } });
  expect(startValue(model, { auth: { kind: 'key', secret: 's' } })).toEqual({ auth: { kind: 'key', header: 'x-api-key', secret: 's' } });
  expect(sentValue(model, { auth: { kind: 'none', secret: 'left behind' } })).toEqual({ auth: { kind: 'none' } });
});

test('a form starts with what was saved and the defaults of what was not', () => {
  const Schema = z.object({
    limits: z.object({ docs: z.int().default(50), urls: z.int().default(100) }).prefault({}),
    extra: z.object({ note: z.string().optional() }).optional(),
    names: z.array(z.string()),
  });
  expect(startValue(modelOf(Schema), { limits: { docs: 5 }, unknown: 1 })).toEqual({ limits: { docs: 5, urls: 100 }, names: [], unknown: 1 });
});

test('what was emptied is left out, null where the schema has null, and stays empty where text is required or would come back', () => {
  const model = modelOf(z.object({ a: z.string().optional(), b: z.string().nullable(), c: z.string(), d: z.string().default('x'), group: z.object({ x: z.string().optional() }).optional() }));
  expect(sentValue(model, { a: '', b: '', c: '', d: '', group: { x: '' } })).toEqual({ b: null, c: '', d: '' });
});

test('a condition looks beside the field first, then from the root', () => {
  const model = modelOf(z.object({
    mode: z.string(),
    group: z.object({
      enabled: z.boolean(), shown: z.string().meta({ ui: { when: { path: 'enabled', equals: true } } }), rooted: z.string().meta({ ui: { when: { path: 'mode', equals: 'x' } } }),
    }),
  }));
  const shown = nodeAt(model, ['group', 'shown']);
  const rooted = nodeAt(model, ['group', 'rooted']);
  if (shown === null || rooted === null) throw new Error('missing');
  expect(isShown(shown, { enabled: true, group: { enabled: false } }, ['group'])).toBe(false);
  expect(isShown(shown, { group: { enabled: true } }, ['group'])).toBe(true);
  expect(isShown(rooted, { mode: 'x', group: {} }, ['group'])).toBe(true);
  expect(isShown(rooted, { mode: 'y', group: {} }, ['group'])).toBe(false);
});

test('a new item of a list has its defaults', () => {
  const model = modelOf(z.object({ rules: z.array(z.object({ phrase: z.string(), to: z.enum(['email', 'slack']).default('email') })) }));
  const rules = nodeAt(model, ['rules']);
  if (rules?.kind !== 'list') throw new Error('not a list');
  expect(newItem(rules.item)).toEqual({ to: 'email' });
});

test('a deep schema is cut into groups of sections, loose fields first, without what is hidden', () => {
  const area = z.object({ enabled: z.boolean(), a: z.string() });
  const model = modelOf(z.object({
    interfaces: z.object({ chat: area, widget: area, legacy: area.meta({ ui: { widget: 'hidden' } }) }),
    short: area.meta({ ui: { widget: 'hidden' } }),
    branding: area,
    name: z.string(),
    secret: z.string().meta({ ui: { widget: 'hidden' } }),
    owner: z.string().meta({ ui: { section: 'People' } }),
  }));
  expect(outline(model).map((group) => [group.title, group.sections.map((section) => [section.title, section.nodes.map((node) => node.name)])])).toEqual([
    ['', [['General', ['name']], ['People', ['owner']], ['Branding', ['enabled', 'a']]]],
    ['Interfaces', [['Chat', ['enabled', 'a']], ['Widget', ['enabled', 'a']]]],
  ]);
});

test('an object of nothing but ticks is drawn as a grid, one with `enabled` as a switch', () => {
  const model = modelOf(z.object({ flags: z.object({ a: z.boolean(), b: z.boolean(), c: z.boolean() }), area: z.object({ enabled: z.boolean(), b: z.boolean(), c: z.boolean() }) }));
  expect(nodeAt(model, ['flags'])).toMatchObject({ flags: true, switchable: false });
  expect(nodeAt(model, ['area'])).toMatchObject({ flags: false, switchable: true });
});
