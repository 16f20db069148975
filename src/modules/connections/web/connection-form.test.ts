import { expect, test } from 'vitest';
import type { ConnectorSummary } from '../contract.ts';
import { connectionSchema, connectionValues } from './connection-form.ts';

const connector: ConnectorSummary = {
  id: 'x', title: 'X', description: '', category: 'data', auth: 'bearer', own_address: 'optional', needs_connection: true, actions: [],
  form: { type: 'object', properties: { token: { type: 'string', minLength: 1, ui: { widget: 'password' } }, site: { type: 'string' } }, required: ['token', 'site'] },
};

test('a stored secret need not be entered again, everything else is asked as before', () => {
  const fresh = connectionSchema(connector);
  expect(fresh).toMatchObject({ required: ['name', 'fields'], properties: { base_url: {}, fields: { required: ['token', 'site'], properties: { token: { minLength: 1 } } } } });
  const stored = connectionSchema(connector, ['token']);
  expect(stored).toMatchObject({ properties: { fields: { required: ['site'] } } });
  expect(JSON.stringify(stored)).not.toContain('minLength":1,"ui');
});

test('empty texts are no value', () => {
  expect(connectionValues({ name: ' A ', base_url: '', fields: { token: '', site: ' s ' } })).toEqual({ name: 'A', base_url: null, fields: { site: 's' } });
  expect(connectionValues(null)).toEqual({ name: '', base_url: null, fields: {} });
});
