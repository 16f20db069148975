import { z } from 'zod';
import { endpoint, Id, Timestamp } from '#platform/contract/endpoint.ts';

export const REMOTE_KINDS = ['langflow', 'n8n', 'http'] as const;
export const RemoteKind = z.enum(REMOTE_KINDS);

/** A server of the seller that products run on. Its address never changes: another address is another server, and so another version to review. */
export const RuntimeServer = z.object({
  id: Id, kind: RemoteKind, name: z.string(), url: z.string(), header: z.string(),
  /** Whether a credential is kept; it is never shown again. */
  has_secret: z.boolean(), created_at: Timestamp,
}).meta({ id: 'RuntimeServer' });
export type RuntimeServer = z.infer<typeof RuntimeServer>;

/** A server with the secret that signs our messages to an endpoint, which is shown this once; null for other kinds. */
export const ConnectedServer = RuntimeServer.extend({ signing_secret: z.string().nullable() });

const secret = z.string().max(2000);
export const NewRuntimeServer = z.strictObject({
  kind: RemoteKind.meta({ title: 'Kind' }),
  name: z.string().trim().min(2).max(80).meta({ title: 'Name', description: 'For you, to tell your servers apart.' }),
  url: z.url({ protocol: /^https?$/ }).max(500).meta({ title: 'Address', description: 'Of the Langflow server, of the n8n webhook, or of your endpoint.' }),
  header: z.string().regex(/^[A-Za-z0-9-]{1,60}$/, 'letters, digits and hyphens').optional().meta({ title: 'Header', description: 'The header n8n expects the key in.' }),
  secret: secret.optional().meta({ title: 'Key', description: 'The API key of the server. Kept sealed and never shown again.', ui: { widget: 'password' } }),
});

/** What a test of the connection found; `ok` false with the reason in words. */
export const ServerTest = z.object({ ok: z.boolean(), message: z.string(), version: z.string().nullable(), features: z.array(z.string()) });

const params = z.object({ serverId: Id });

/** Declared here, beside the draft that names a server, so that the seller's screens may call it; the runtime serves it. */
export const runtimeServerEndpoints = {
  list: endpoint({
    method: 'GET', path: '/api/v1/provider/runtime-servers', access: { member: 'member' }, summary: 'Servers your products may run on', tags: ['Seller'],
    response: z.object({ data: z.array(RuntimeServer), /** Whether this marketplace runs a Langflow server for sellers. */ operator_langflow: z.boolean() }),
  }),
  connect: endpoint({ method: 'POST', path: '/api/v1/provider/runtime-servers', access: { member: 'admin' }, summary: 'Add a server', tags: ['Seller'], body: NewRuntimeServer, status: 201, response: ConnectedServer }),
  /** Asks the server whether it is there and takes the credential. Runs nothing. */
  test: endpoint({ method: 'POST', path: '/api/v1/provider/runtime-servers/:serverId/test', access: { member: 'member' }, summary: 'Test the connection to a server', tags: ['Seller'], params, response: ServerTest }),
  /** A new key, or for an endpoint a new signing secret. */
  rotate: endpoint({
    method: 'POST', path: '/api/v1/provider/runtime-servers/:serverId/secret', access: { member: 'admin' }, summary: 'Replace the credential of a server', tags: ['Seller'], params,
    body: z.strictObject({ secret: secret.optional() }).default({}), response: ConnectedServer,
  }),
  remove: endpoint({ method: 'DELETE', path: '/api/v1/provider/runtime-servers/:serverId', access: { member: 'admin' }, summary: 'Remove a server; products on it stop answering', tags: ['Seller'], params, status: 204, response: z.undefined() }),
  /** For whoever reviews a product: where its messages go. */
  inspect: endpoint({ method: 'GET', path: '/api/v1/operator/runtime-servers/:serverId', access: { operator: true }, summary: 'A server a product runs on', tags: ['Operator'], params, response: RuntimeServer }),
};
