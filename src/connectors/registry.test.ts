import { afterAll, expect, test } from 'vitest';
import { z } from 'zod';
import { startConnectorDouble } from '#modules/connections/testing/connector-double.ts';
import { OutsideError, type Connector } from '#modules/connections/kit.ts';
import { connectors as sources } from './registry.ts';

const connectors = await Promise.all(Object.values(sources).map(async (read) => read()));
const double = await startConnectorDouble();
afterAll(async () => double.close());

const SECRET = '123456:the-very-secret-value-0123456789';
const ADDRESS = 'https://own.example.org/base';
const Schema = z.looseObject({
  type: z.string().optional(), enum: z.array(z.unknown()).optional(), pattern: z.string().optional(), minItems: z.number().optional(), minimum: z.number().optional(),
  items: z.looseObject({ type: z.string().optional() }).optional(),
});
const Objects = z.looseObject({ properties: z.record(z.string(), Schema).default({}), required: z.array(z.string()).default([]) });

/** Texts for the patterns that fields ask for. */
const SAMPLES = ['x', 'acme/model', 'us21', 'us-east-1', 'https://news.example.org/feed', 'en', '5432', 'Docs', 'https://acme.webhook.office.com/hook', SECRET];

/** Something valid for what a JSON Schema requires. */
function minimal(schema: z.ZodType, secrets: string | null): Record<string, unknown> {
  const { properties, required } = Objects.parse(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
  return Object.fromEntries(required.map((name) => {
    const field = properties[name] ?? {};
    if (field.enum) return [name, field.enum[0]];
    switch (field.type) {
      case 'string': return [name, (field.pattern ? SAMPLES.find((sample) => new RegExp(field.pattern ?? '').test(sample)) : secrets) ?? 'x'];
      case 'integer': case 'number': return [name, Math.max(1, field.minimum ?? 1)];
      case 'boolean': return [name, true];
      case 'array': return [name, [field.items?.type === 'number' ? 1 : field.items?.type === 'string' ? 'id' : { id: 'x' }]];
      case 'object': return [name, { id: 'eq.1' }];
      default: return [name, { any: 1 }];
    }
  }));
}

const fieldsOf = (connector: Connector): Record<string, string> => {
  const optional = ['token', 'secret'].filter((name) => Object.hasOwn(connector.auth.fields.shape, name)).map((name) => [name, SECRET]);
  const fields = connector.auth.kind === 'oauth2' ? { accessToken: SECRET } : { ...Object.fromEntries(optional), ...minimal(connector.auth.fields, SECRET) };
  return Object.fromEntries(Object.entries(connector.id === 'discord' ? { botToken: SECRET, webhookUrl: 'https://discord.com/api/webhooks/1/x' } : fields).map(([name, value]) => [name, String(value)]));
};
const actions = connectors.filter(({ id }) => id !== 'postgres').flatMap((connector) => connector.actions.map((action) => [`${connector.id}/${action.id}`, connector, action] as const));

test('there are connectors, and every action says what it does', () => {
  expect(connectors.length).toBeGreaterThan(50);
  // A connector is found under its own id, or flows and connections that store it miss it.
  expect(connectors.map(({ id }) => id)).toEqual(Object.keys(sources));
  for (const connector of connectors) for (const action of connector.actions) {
    expect(action.id, connector.id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(action.description.length, `${connector.id}/${action.id}`).toBeGreaterThan(8);
  }
});

test.each(actions)('%s calls its own hosts only and takes nothing it does not know', async (_name, connector, action) => {
  const own = connector.ownHost ? { baseUrl: ADDRESS } : {};
  const fields = fieldsOf(connector);
  expect(connector.auth.fields.safeParse(fields).error?.issues ?? []).toEqual([]);
  // Services that answer refusals with status 200 refuse an empty answer, which is as good as a call here.
  const { requests } = await double.run(connector, action.id, minimal(action.input, null), { ...own, fields, answers: [{ json: { ok: true, code: 0, data: { id: 's', answer: 'x' }, status: 'completed', upload_url: 'https://files.slack.com/up', file_id: 'f', values: [['id']], thread_id: 't', id: 'r' } }] });
  expect(requests.length).toBeGreaterThan(0);
  const base = own.baseUrl ?? (typeof connector.baseUrl === 'function' ? connector.baseUrl(fields) : connector.baseUrl);
  const allowed = [...(base === null ? [] : [new URL(base).host]), ...(connector.hosts ?? []), ...(connector.auth.kind === 'none' ? ['en.wikipedia.org', 'news.example.org'] : [])];
  for (const { url } of requests) {
    expect(allowed).toContain(new URL(url).host);
    expect(url).not.toContain('undefined');
    if (own.baseUrl) expect(url.startsWith(ADDRESS)).toBe(true);
  }
  await expect(double.run(connector, action.id, { ...minimal(action.input, null), surprise: 1 }, { ...own, fields })).rejects.toThrow('there is no field "surprise"');
});

test.each(connectors.filter(({ probe, id, auth }) => probe && id !== 'postgres' && auth.kind !== 'none').map((connector) => [connector.id, connector] as const))('the test of a connection with %s fails with what the service says, without the secret', async (_id, connector) => {
  const failure: unknown = await double.probe(connector, { fields: fieldsOf(connector), ...(connector.ownHost ? { baseUrl: ADDRESS } : {}), answers: [{ status: 401, json: { error: { message: `${SECRET} is wrong` } } }] }).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(OutsideError);
  expect(String(failure)).toContain('status 401');
  expect(String(failure)).not.toContain(SECRET);
});
