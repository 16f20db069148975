import { z } from 'zod';
import type { ConnectorSummary } from './contract.ts';
import type { Action, Connector } from './kit.ts';

/** The systems that can be called, by id. */
export interface Catalogue {
  all: readonly Connector[];
  find(connectorId: string): Connector | undefined;
  action(connectorId: string, actionId: string): Action | undefined;
  summaries(): ConnectorSummary[];
}

export function createCatalogue(connectors: readonly Connector[]): Catalogue {
  const byId = new Map<string, Connector>();
  for (const connector of connectors) {
    if (byId.has(connector.id)) throw new Error(`Two connectors are called "${connector.id}".`);
    byId.set(connector.id, connector);
  }
  // Made when somebody first looks: most servers start and answer without it.
  let summaries: ConnectorSummary[] | undefined;
  return {
    all: connectors,
    find: (id) => byId.get(id),
    action: (id, actionId) => byId.get(id)?.actions.find((action) => action.id === actionId),
    summaries: () => summaries ??= connectors.map(summaryOf).toSorted((a, b) => a.title.localeCompare(b.title)),
  };
}

/** Whether the actions of a connector need a connection: not where nothing has to be proven or said. */
export const needsConnection = (connector: Connector): boolean => !connector.auth.fields.safeParse({}).success || (connector.baseUrl === null && connector.ownHost === true);

const inputSchemas = new WeakMap<Action, Record<string, unknown>>();

/** JSON Schema of an action's input, with the hints for forms. */
export function inputSchema(action: Action): Record<string, unknown> {
  let schema = inputSchemas.get(action);
  if (!schema) inputSchemas.set(action, schema = jsonSchema(action.input));
  return schema;
}

function summaryOf(connector: Connector): ConnectorSummary {
  return {
    id: connector.id, title: connector.title, description: connector.description, category: connector.category, auth: connector.auth.kind,
    own_address: connector.ownHost ? (connector.baseUrl === null ? 'required' : 'optional') : 'no', needs_connection: needsConnection(connector), form: jsonSchema(connector.auth.fields),
    actions: connector.actions.map(({ id, title, description, effect }) => ({ id, title, description, effect })),
  };
}

function jsonSchema(schema: z.ZodType): Record<string, unknown> {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return rest;
}
