import { describe, expect, test } from 'vitest';
import { connectors } from '../../../../../connectors/registry.ts';
import { apps } from './all-apps.ts';
import { readsOnly } from './map-app.ts';

const operations = Object.entries(apps).flatMap(([kind, app]) => Object.entries(app.operations).map(([name, operation]) => ({ kind, app, name, operation })));
const known = new Map(await Promise.all(Object.values(connectors).map(async (read) => { const connector = await read(); return [connector.id, connector] as const; })));
const actionOf = (connector: string, action: string) => known.get(connector)?.actions.find((one) => one.id === action);

describe('apps of n8n', () => {
  test('every operation becomes an action that exists, is called reading only where it reads only, and fills fields that the action has', () => {
    const wrong = operations.flatMap(({ kind, app, name, operation }) => {
      const action = actionOf(app.connector, operation.action);
      if (action === undefined) return [`${kind} ${name}: there is no ${app.connector}/${operation.action}`];
      const unknown = Object.keys(operation.fields).filter((field) => field !== 'given' && !Object.hasOwn(action.input.shape, field));
      return [
        ...(readsOnly(operation.action) && action.effect !== 'read' ? [`${kind} ${name}: ${operation.action} changes something`] : []),
        ...unknown.map((field) => `${kind} ${name}: ${app.connector}/${operation.action} has no field ${field}`),
      ];
    });
    expect(wrong).toEqual([]);
  });
});
