import { z } from 'zod';
import type { ConnectorSummary } from './contract.ts';
import type { Action, Connector, ConnectorSources } from './kit.ts';

/** The systems that can be called, by id. Asking for one reads that one only; `summaries` reads them all. */
export interface Catalogue {
  find(connectorId: string): Promise<Connector | undefined>;
  action(connectorId: string, actionId: string): Promise<Action | undefined>;
  summaries(): Promise<ConnectorSummary[]>;
}

export function createCatalogue(connectors: ConnectorSources): Catalogue {
  const sources = new Map(Object.entries(connectors));
  const find = async (id: string) => sources.get(id)?.();
  // Made when somebody first looks: most servers start and answer without it.
  let summaries: Promise<ConnectorSummary[]> | undefined;
  const summarize = async () => (await Promise.all([...sources.values()].map(async (read) => summaryOf(await read())))).toSorted((a, b) => a.title.localeCompare(b.title));
  return {
    find,
    action: async (id, actionId) => (await find(id))?.actions.find((action) => action.id === actionId),
    summaries: async () => summaries ??= summarize(),
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
