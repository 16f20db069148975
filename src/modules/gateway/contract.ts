import { z } from 'zod';
import { endpoint, Id, Scope, SCOPES, Timestamp } from '#platform/contract/endpoint.ts';
import { Citation } from '#modules/knowledge/citation-contract.ts';

export const ApiKey = z.object({
  id: Id, name: z.string(), kind: z.enum(['secret', 'publishable']), live: z.boolean(), prefix: z.string(), last_four: z.string(), scopes: z.array(Scope),
  /** The whole key, only for publishable keys. */
  publishable_key: z.string().nullable(),
  requests_per_minute: z.number().int().nullable(), created_at: Timestamp, expires_at: Timestamp.nullable(), last_used_at: Timestamp.nullable(),
}).meta({ id: 'ApiKey' });
export type ApiKey = z.infer<typeof ApiKey>;

/** A new key with its secret, which is shown this once. */
export const IssuedApiKey = ApiKey.extend({ secret: z.string() }).meta({ id: 'IssuedApiKey' });

export const NewApiKey = z.strictObject({
  name: z.string().trim().min(3).max(80).meta({ title: 'Name', description: 'Where you will use it, e.g. "Production server".' }),
  kind: z.enum(['secret', 'publishable']).default('secret').meta({ title: 'Kind', description: 'Secret keys stay on your servers. Publishable keys may stand in a web page and only chat.' }),
  live: z.boolean().default(true).meta({ title: 'Live', description: 'Test keys answer the same way and are marked as test in usage.' }),
  scopes: z.array(z.enum(SCOPES)).min(1).max(SCOPES.length).optional().meta({
    title: 'Scopes', description: 'What the key may do.',
    ui: { widget: 'chips', labels: { chat: 'Chat', 'knowledge:read': 'Read knowledge', 'knowledge:write': 'Change knowledge', 'usage:read': 'Read usage', 'config:read': 'Read configuration', 'config:write': 'Change configuration' } },
  }),
  requests_per_minute: z.int().min(1).max(100_000).nullable().default(null).meta({ title: 'Requests a minute', description: 'Empty means the limit of the plan.' }),
  expires_in_days: z.int().min(1).max(3650).nullable().default(null).meta({ title: 'Expires after', ui: { unit: 'days' } }),
});

const subscriptionParams = z.object({ subscriptionId: Id });
const keyParams = subscriptionParams.extend({ keyId: Id });
const keysBase = '/api/v1/subscriptions/:subscriptionId/keys';
const keyAliases = ['/api/customer-agent-configs/:subscriptionId/keys', '/instances/:subscriptionId/api_keys'];

export const apiKeyEndpoints = {
  list: endpoint({ method: 'GET', path: keysBase, aliases: keyAliases, access: { member: 'member' }, summary: 'API keys', tags: ['API keys'], params: subscriptionParams, response: z.object({ data: z.array(ApiKey) }) }),
  issue: endpoint({ method: 'POST', path: keysBase, aliases: keyAliases, access: { member: 'admin' }, summary: 'Create a key', tags: ['API keys'], params: subscriptionParams, body: NewApiKey, status: 201, response: IssuedApiKey }),
  /** The old key keeps working for `overlap_hours`. */
  rotate: endpoint({
    method: 'POST', path: `${keysBase}/:keyId/rotate`, aliases: ['/api/customer-agent-configs/:subscriptionId/keys/:keyId/regenerate'], access: { member: 'admin' }, summary: 'Replace a key', tags: ['API keys'], params: keyParams,
    body: z.strictObject({ overlap_hours: z.int().min(0).max(168).default(0) }).default({ overlap_hours: 0 }), status: 201, response: IssuedApiKey,
  }),
  revoke: endpoint({ method: 'DELETE', path: `${keysBase}/:keyId`, aliases: keyAliases.map((path) => `${path}/:keyId`), access: { member: 'admin' }, summary: 'Revoke a key at once', tags: ['API keys'], params: keyParams, status: 204, response: z.undefined() }),
};

const text = z.string().max(200_000);
const FILE_DATA_CHARS_MAX = 11_000_000;
const MESSAGE_BYTES_MAX = 12 * 1024 * 1024;
const ContentPart = z.union([
  z.looseObject({ type: z.literal('text'), text }),
  z.looseObject({ type: z.literal('image_url'), image_url: z.looseObject({ url: z.string().max(8_000_000) }) }),
  /** A document inside the message, as a data URL. */
  z.looseObject({ type: z.literal('file'), file: z.looseObject({ filename: z.string().max(500).optional(), file_data: z.string().max(FILE_DATA_CHARS_MAX).optional() }) }),
]);

/** Who chats on the caller's site. Not verified: it labels transcripts and grants nothing. */
export const Visitor = z.object({
  id: z.string().max(100), user_id: z.string().max(200).optional(), name: z.string().max(200).optional(), email: z.string().max(320).optional(), token: z.string().max(4000).optional(),
});

/** OpenAI's chat completion request. Fields we do not use are accepted, as OpenAI's own clients send many. */
export const ChatCompletionRequest = z.looseObject({
  model: z.string().max(200).optional(),
  messages: z.array(z.looseObject({ role: z.enum(['system', 'developer', 'user', 'assistant', 'tool']), content: z.union([text, z.array(ContentPart).max(20), z.null()]).optional() })).min(1).max(500).optional(),
  /** Shorthand for one user message. */
  message: text.optional(),
  stream: z.boolean().nullable().optional(),
  stream_options: z.looseObject({ include_usage: z.boolean().optional() }).nullable().optional(),
  temperature: z.number().min(0).max(2).nullable().optional(),
  max_tokens: z.int().min(1).max(100_000).nullable().optional(),
  max_completion_tokens: z.int().min(1).max(100_000).nullable().optional(),
  n: z.int().min(1).max(1, 'only one choice is produced').nullable().optional(),
  /** Continue a conversation kept here; then only the last user message is needed. */
  conversation_id: Id.optional(),
  visitor: Visitor.optional(),
});

const Usage = z.object({ prompt_tokens: z.number().int(), completion_tokens: z.number().int(), total_tokens: z.number().int() });
const receipt = {
  conversation_id: Id.nullable(), run_id: Id, citations: z.array(Citation),
  /** What the message cost and what is left; also on the last chunk of a stream. */
  credits: z.object({ used: z.number().int(), balance: z.number().int() }).optional(),
  /** Questions the person may ask next, where the product suggests them; also on the last chunk of a stream. */
  follow_ups: z.array(z.string()).optional(),
  /** What the person should know about this answer, e.g. that its model does not see pictures. */
  notices: z.array(z.string()).optional(),
};

export const ChatCompletion = z.object({
  id: z.string(), object: z.literal('chat.completion'), created: z.number().int(), model: z.string(),
  choices: z.array(z.object({ index: z.number().int(), message: z.object({ role: z.literal('assistant'), content: z.string() }), finish_reason: z.enum(['stop', 'length', 'content_filter']) })),
  usage: Usage, ...receipt,
}).meta({ id: 'ChatCompletion' });

const RunRequest = z.strictObject({
  instance_id: Id.optional(),
  input: z.union([text, z.looseObject({ query: text.optional(), message: text.optional() })]),
  conversation_id: Id.optional(), visitor: Visitor.optional(),
  /** `async` answers 202 at once; the run goes on by itself, survives a restart, and is read at `/v1/runs/{id}`. */
  mode: z.enum(['sync', 'async']).default('sync'),
});
const RunAnswer = z.object({ object: z.literal('run'), status: z.enum(['succeeded']), output: z.string(), usage: Usage, ...receipt }).meta({ id: 'RunAnswer' });
const ChatMessageRequest = z.strictObject({ message: text, conversation_id: Id.optional(), visitor: Visitor.optional(), stream: z.boolean().default(false) });
const ChatAnswer = z.object({ response: z.string(), ...receipt });
const chat = { key: 'chat' } as const;
const anyChat = { key: 'chat', publishable: true } as const;

export const chatEndpoints = {
  complete: endpoint({ method: 'POST', path: '/v1/chat/completions', access: anyChat, summary: 'Chat, in OpenAI’s format', tags: ['Chat'], body: ChatCompletionRequest, bodyBytesMax: MESSAGE_BYTES_MAX, response: ChatCompletion }),
  /**
   * The same over a WebSocket (subprotocols `cmp` and `cmp.key.<key>`). Send one completion request a message, or
   * `{"type": "stop"}`; each answer arrives as chunks, closed by `[DONE]` or by a chunk with `error`.
   */
  socket: endpoint({ method: 'GET', path: '/v1/ws', access: anyChat, summary: 'Chat over a WebSocket', tags: ['Chat'], produces: 'application/json', response: z.undefined() }),
  listModels: endpoint({
    method: 'GET', path: '/v1/models', access: chat, summary: 'The model names this key answers to', tags: ['Chat'],
    response: z.object({ object: z.literal('list'), data: z.array(z.object({ id: z.string(), object: z.literal('model'), created: z.number().int(), owned_by: z.string() })) }),
  }),
  run: endpoint({ method: 'POST', path: '/v1/runs', aliases: ['/api/v1/runtime/invoke'], access: chat, summary: 'Run the product once', tags: ['Chat'], body: RunRequest, response: RunAnswer }),
  chat: endpoint({ method: 'POST', path: '/v1/agents/:subscriptionId/chat', access: chat, summary: 'Chat with a product', tags: ['Chat'], params: subscriptionParams, body: ChatMessageRequest, response: ChatAnswer }),
  runtimeChat: endpoint({ method: 'POST', path: '/api/v1/runtime/chat', access: chat, summary: 'Chat with the product of the key', tags: ['Chat'], body: ChatMessageRequest, response: ChatAnswer }),
  runtimeStream: endpoint({ method: 'POST', path: '/api/v1/runtime/stream', access: chat, summary: 'Chat, streamed', tags: ['Chat'], body: ChatMessageRequest, produces: 'text/event-stream', response: z.undefined() }),
};

/** The console's own entrances to the same handler: signed-in people instead of keys. */
export const consoleChatEndpoints = {
  /** Run page. Streams chat completion chunks. */
  run: endpoint({
    method: 'POST', path: '/api/v1/subscriptions/:subscriptionId/chat', access: { member: 'member' }, summary: 'Ask on the run page', tags: ['Chat'], params: subscriptionParams,
    body: z.strictObject({
      message: text, conversation_id: Id.optional(),
      /** Documents and pictures, as data URLs. */
      files: z.array(z.strictObject({ name: z.string().max(500), data: z.string().max(FILE_DATA_CHARS_MAX) })).max(8).default([]),
    }), bodyBytesMax: MESSAGE_BYTES_MAX, produces: 'text/event-stream', response: z.undefined(),
  }),
  /** Before subscribing: five messages, nothing kept, nothing charged. Streams; the last chunk carries `demo: {remaining}`. */
  demo: endpoint({
    method: 'POST', path: '/api/v1/marketplace/products/:productId/demo', access: { public: 'the demo is open to everybody and counted on the server' }, summary: 'Try a product', tags: ['Marketplace'],
    params: z.object({ productId: Id }),
    body: z.strictObject({ messages: z.array(z.strictObject({ role: z.enum(['user', 'assistant']), content: z.string().max(4000) })).min(1).max(12) }), produces: 'text/event-stream', response: z.undefined(),
  }),
  demoState: endpoint({
    method: 'GET', path: '/api/v1/marketplace/products/:productId/demo', access: { public: 'the demo is open to everybody' }, summary: 'How many demo messages remain', tags: ['Marketplace'],
    params: z.object({ productId: Id }), response: z.object({ allowed: z.number().int(), remaining: z.number().int(), welcome_message: z.string(), suggested_prompts: z.array(z.string()), credits_per_message: z.number().int().nullable() }),
  }),
};

export { previewEndpoint } from '#modules/catalog/preview-contract.ts';

export const runtimeAuthEndpoint = endpoint({
  method: 'POST', path: '/api/runtime/auth', access: { public: 'checks the key in its body, and says only whether it is valid' }, summary: 'Check a key (for runtimes outside)', tags: ['Runtime'],
  body: z.strictObject({ api_key: z.string().max(200) }), response: z.object({ valid: z.boolean(), config_uuid: Id.nullable(), config: z.record(z.string(), z.unknown()).nullable() }),
});
