import { expect, test } from 'vitest';
import { z } from 'zod';
import { ApiProblem } from '#web/api/problem.ts';
import { isShown } from '#web/form/form-defaults.ts';
import { formModel } from '#web/form/form-model.ts';
import { DATABASE_ENGINES, DatabaseConfig, DatabaseSecrets } from '../../sources/contract/database.ts';
import { NotionConfig, NotionSecrets } from '../../sources/contract/notion.ts';
import { RestConfig, RestSecrets } from '../../sources/contract/rest.ts';
import { asFormProblem, sourceSchema, sourceValues, type KindInfo } from './source-schema.ts';

const json = (schema: z.ZodType) => z.record(z.string(), z.unknown()).parse(z.toJSONSchema(schema, { io: 'input' }));
const kind = (name: 'rest' | 'notion' | 'database', config: z.ZodType, secrets: z.ZodType): KindInfo =>
  ({ kind: name, title: name, description: '', available: true, unavailable_because: null, refresh: ['never', 'monthly', 'weekly', 'daily'], config: json(config), secrets: json(secrets) });
const rest = kind('rest', RestConfig, RestSecrets);
const notion = kind('notion', NotionConfig, NotionSecrets);
const database = kind('database', DatabaseConfig, DatabaseSecrets);
const shown = (schema: Record<string, unknown>, value: Record<string, unknown>) => formModel(schema).children.filter((node) => isShown(node, value, [])).map(({ name }) => name);

test('settings, secrets, how often and a name are one form', () => {
  const names = formModel(sourceSchema(notion)).children.map(({ name }) => name);
  expect(names).toEqual(['pages', 'pagesMax', 'token', 'refresh', 'name']);
  expect(sourceSchema(notion).required).toEqual(['token']);
});

test('a field that belongs to one way of signing in is drawn with that way only, secrets too', () => {
  const schema = sourceSchema(rest);
  expect(shown(schema, { auth: 'none' })).not.toContain('keyName');
  expect(shown(schema, { auth: 'api_key' })).toContain('keyName');
  const hinted = sourceSchema({ ...rest, secrets: json(z.strictObject({ apiKey: z.string().optional().meta({ ui: { when: { path: 'config.auth', equals: 'api_key' } } }) })) });
  expect(shown(hinted, { auth: 'none' })).not.toContain('apiKey');
  expect(shown(hinted, { auth: 'api_key' })).toContain('apiKey');
});

test('a private key is asked for by Snowflake alone, a password by every database', () => {
  const schema = sourceSchema(database);
  expect(DATABASE_ENGINES.filter((engine) => shown(schema, { engine }).includes('privateKey'))).toEqual(['snowflake']);
  expect(DATABASE_ENGINES.filter((engine) => shown(schema, { engine }).includes('password'))).toEqual([...DATABASE_ENGINES]);
});

test('the value is taken apart again, and a secret left empty is left out', () => {
  expect(sourceValues(notion, { pages: ['a'], pagesMax: 5, token: ' secret ', refresh: 'daily', name: ' Handbook ' })).toEqual({ name: 'Handbook', refresh: 'daily', config: { pages: ['a'], pagesMax: 5 }, secrets: { token: 'secret' } });
  expect(sourceValues(notion, { token: '', refresh: 'hourly' })).toEqual({ name: '', refresh: 'never', config: {}, secrets: {} });
});

test('a stored secret need not be given again', () => {
  const schema = sourceSchema(notion, ['token']);
  expect(schema.required).toEqual([]);
  expect(formModel(schema).children.find(({ name }) => name === 'token')?.description).toBe('Stored. Leave it empty to keep it.');
});

test('only what the plan includes is offered, once a week to begin with', () => {
  const refresh = formModel(sourceSchema(notion)).children.find(({ name }) => name === 'refresh');
  expect(refresh).toMatchObject({ defaultValue: 'weekly', choices: [{ value: 'never', label: 'Only when I ask' }, { value: 'monthly' }, { value: 'weekly' }, { value: 'daily' }] });
});

test('a secret with the name of a setting keeps apart from it', () => {
  const both = { ...notion, config: json(z.strictObject({ user: z.string() })), secrets: json(z.strictObject({ user: z.string() })) };
  expect(sourceValues(both, { user: 'ann', secret_user: 'hidden' })).toMatchObject({ config: { user: 'ann' }, secrets: { user: 'hidden' } });
});

test('what the server refuses stands beside its field', () => {
  const refused = asFormProblem(new ApiProblem({ kind: 'problem', status: 422, title: 'Check', errors: [{ path: 'config.url', message: 'no' }, { path: 'secrets.token', message: 'wrong' }, { path: 'name', message: 'long' }] }), rest);
  expect(refused).toMatchObject({ status: 422, errors: [{ path: 'url' }, { path: 'token' }, { path: 'name' }] });
});
