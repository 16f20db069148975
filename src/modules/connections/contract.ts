import { z } from 'zod';
import { endpoint, Id, Timestamp } from '#platform/contract/endpoint.ts';

const JsonSchema = z.record(z.string(), z.unknown());

export const ConnectorAction = z.object({ id: z.string(), title: z.string(), description: z.string(), effect: z.enum(['read', 'write']) });

/** One kind of system, as the catalogue shows it. */
export const ConnectorSummary = z.object({
  id: z.string(), title: z.string(), description: z.string(), category: z.string(),
  auth: z.enum(['none', 'bearer', 'api-key', 'basic', 'oauth2', 'custom']),
  /** Whether a connection may or must say where the system is. */
  own_address: z.enum(['no', 'optional', 'required']),
  /** False where its actions work without a connection. */
  needs_connection: z.boolean(),
  /** JSON Schema of a connection's form; secret fields are drawn as passwords. */
  form: JsonSchema,
  actions: z.array(ConnectorAction),
});
export type ConnectorSummary = z.infer<typeof ConnectorSummary>;

export const Connection = z.object({
  id: Id, name: z.string(), connector: z.string(), connector_title: z.string(), base_url: z.string().nullable(),
  /** What was entered, without the secrets. */
  fields: z.record(z.string(), z.string()),
  /** Names of the secrets that are stored; their values never leave. */
  secrets: z.array(z.string()),
  status: z.enum(['untested', 'working', 'failing']), last_error: z.string().nullable(), last_tested_at: Timestamp.nullable(), last_used_at: Timestamp.nullable(),
  /** Products and subscriptions that it serves. */
  bindings: z.number().int(), created_at: Timestamp, updated_at: Timestamp,
}).meta({ id: 'Connection' });
export type Connection = z.infer<typeof Connection>;

const name = z.string().trim().min(1).max(80).meta({ title: 'Name', description: 'For yourself, e.g. Support desk.' });
const baseUrl = z.url({ protocol: /^https?$/ }).max(500).nullable();
const fields = z.record(z.string().max(100), z.string().max(20_000));

export const NewConnection = z.strictObject({ connector: z.string().max(100), name, base_url: baseUrl.default(null), fields: fields.default({}) });
/** What is left out stays as it is; a secret is only replaced. */
export const ConnectionPatch = z.strictObject({ name: name.optional(), base_url: baseUrl.optional(), fields: fields.optional() });

/** Something a flow requires, and what serves it. */
export const Requirement = z.object({
  /** As the flow says it. */
  key: z.string(),
  connector: z.string(), title: z.string(),
  /** False where the platform has no such connector: nothing can serve it. */
  known: z.boolean(),
  /** The acting organization's own choice. */
  bound: z.object({ connection_id: Id, name: z.string(), status: z.enum(['untested', 'working', 'failing']) }).nullable(),
  /** The seller of the product brings a connection, which serves where there is no own choice. */
  provided: z.boolean(),
});
export type Requirement = z.infer<typeof Requirement>;
const Requirements = z.object({ data: z.array(Requirement) });

const Binding = z.strictObject({ requirement: z.string().min(1).max(200), connection_id: Id.nullable() });

const tags = ['Connections'];
const connectionParams = z.object({ connectionId: Id });
const productParams = z.object({ productId: Id });
const subscriptionParams = z.object({ subscriptionId: Id });

export const connectionEndpoints = {
  listConnectors: endpoint({
    method: 'GET', path: '/api/v1/connectors', access: { member: 'member' }, summary: 'Systems that flows can call', tags, response: z.object({ data: z.array(ConnectorSummary) }),
  }),
  describeConnector: endpoint({
    method: 'GET', path: '/api/v1/connectors/actions', access: { member: 'member' }, summary: 'What a connector can do, with the input of each action', tags,
    query: z.object({ connector: z.string().max(100) }), response: z.object({ data: z.array(ConnectorAction.extend({ input: JsonSchema })) }),
  }),
  list: endpoint({
    method: 'GET', path: '/api/v1/connections', access: { member: 'member' }, summary: 'Connections of the organization', tags,
    query: z.object({ connector: z.string().max(100).optional() }), response: z.object({ data: z.array(Connection) }),
  }),
  create: endpoint({
    method: 'POST', path: '/api/v1/connections', access: { member: 'admin' }, summary: 'Connect a system', tags, body: NewConnection, status: 201, response: Connection,
  }),
  get: endpoint({
    method: 'GET', path: '/api/v1/connections/:connectionId', access: { member: 'member' }, summary: 'One connection', tags, params: connectionParams, response: Connection,
  }),
  update: endpoint({
    method: 'PATCH', path: '/api/v1/connections/:connectionId', access: { member: 'admin' }, summary: 'Change a connection', tags, params: connectionParams, body: ConnectionPatch, response: Connection,
  }),
  test: endpoint({
    method: 'POST', path: '/api/v1/connections/:connectionId/test', access: { member: 'admin' }, summary: 'Try whether the credentials work', tags, params: connectionParams, body: z.strictObject({}), response: Connection,
  }),
  remove: endpoint({
    method: 'DELETE', path: '/api/v1/connections/:connectionId', access: { member: 'admin' }, summary: 'Forget a connection and its credentials', tags, params: connectionParams, status: 204, response: z.undefined(),
  }),
  productRequirements: endpoint({
    method: 'GET', path: '/api/v1/provider/products/:productId/connections', access: { member: 'member' }, summary: 'What the flow of a product connects to', tags, params: productParams, response: Requirements,
  }),
  /** `connection_id: null` takes the choice back: each buyer then brings an own connection. */
  bindProduct: endpoint({
    method: 'PUT', path: '/api/v1/provider/products/:productId/connections', access: { member: 'admin' }, summary: 'Bring a connection for a product', tags, params: productParams, body: Binding, response: Requirements,
  }),
  subscriptionRequirements: endpoint({
    method: 'GET', path: '/api/v1/subscriptions/:subscriptionId/connections', access: { member: 'member' }, summary: 'What a subscription connects to', tags, params: subscriptionParams, response: Requirements,
  }),
  bindSubscription: endpoint({
    method: 'PUT', path: '/api/v1/subscriptions/:subscriptionId/connections', access: { member: 'admin' }, summary: 'Use a connection for a subscription', tags, params: subscriptionParams, body: Binding, response: Requirements,
  }),
};
