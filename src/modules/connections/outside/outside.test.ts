import { afterAll, expect, test } from 'vitest';
import { defineConnector, get, oauth2, bearer, path, post, read, textArea, write, line } from '../kit.ts';
import { startConnectorDouble } from '#modules/connections/testing/connector-double.ts';

const double = await startConnectorDouble();
afterAll(async () => double.close());

const shop = defineConnector({
  id: 'shop', title: 'Shop', description: 'A shop.', category: 'data', auth: bearer(), baseUrl: 'https://api.shop.example/v1', hosts: ['up.shop.example'],
  actions: [
    read(['read', 'Read', 'Reads something.'], { to: textArea('Path') }, ({ to }) => get(to)),
    read(['item', 'Item', 'Reads an item.'], { id: line('Id') }, ({ id }) => get(path`/items/${id}`)),
    write(['order', 'Order', 'Orders something.'], { headers: textArea('Header').default('x-a: 1') }, ({ headers }) => {
      const [name = '', value = ''] = headers.split(/: ?/);
      return { ...post('/orders', { a: 1 }), headers: { [name]: value } };
    }),
  ],
});
const fields = { token: 'the-secret-key' };
const run = async (action: string, input: object, options: Parameters<typeof double.run>[3] = {}) => double.run(shop, action, input, { fields, ...options });

test.each([
  ['https://evil.example/x'], ['http://api.shop.example/v1/x'], ['https://api.shop.example:8443/x'], ['http://up.shop.example/x'], ['/../admin'], ['/%2e%2e/admin'],
])('a credential does not go to %s', async (to) => {
  await expect(run('read', { to })).rejects.toMatchObject({ code: 'input-invalid' });
});

test.each([['https://up.shop.example/files', 'https://up.shop.example/files'], ['/a?b=1', 'https://api.shop.example/v1/a?b=1'], ['a', 'https://api.shop.example/v1/a'], ['//evil.example/x', 'https://api.shop.example/v1//evil.example/x'], ['@evil.example/x', 'https://api.shop.example/v1/@evil.example/x']])('%s stays with the service', async (to, url) => {
  expect((await run('read', { to })).requests).toMatchObject([{ url, headers: { authorization: 'Bearer the-secret-key' } }]);
});

test.each([['..'], ['.'], ['']])('the id "%s" cannot leave its place in the path', async (id) => {
  await expect(run('item', { id })).rejects.toMatchObject({ code: 'input-invalid' });
});
test('an id with a slash is one part of the path', async () => {
  expect((await run('item', { id: 'a/../b?c#d' })).requests[0]?.url).toBe('https://api.shop.example/v1/items/a%2F..%2Fb%3Fc%23d');
});

test.each([['Host: evil'], ['Transfer-Encoding: chunked'], ['Content-Length: 3'], ['Cookie: a=b'], ['X-A: b\r\nEvil: 1'], ['X A: 1']])('the header "%s" is refused', async (headers) => {
  await expect(run('order', { headers })).rejects.toMatchObject({ code: 'input-invalid' });
});
test('a header of a step cannot replace the credential', async () => {
  expect((await run('order', { headers: 'Authorization: Bearer mine' })).requests[0]?.headers['authorization']).toBe('Bearer the-secret-key');
});

test('what changes something names itself, what reads does not', async () => {
  expect((await run('order', {}, { idempotencyKey: 'run-1:2' })).requests[0]?.headers['idempotency-key']).toBe('run-1:2');
  expect((await run('read', { to: '/a' }, { idempotencyKey: 'run-1:2' })).requests[0]?.headers).not.toHaveProperty('idempotency-key');
});

test('a redirect to another host gets nothing of the credential, and a change is not redirected at all', async () => {
  const away = { status: 302, headers: { location: 'https://cdn.example/file' }, text: '' };
  const { requests, result } = await run('read', { to: '/file' }, { answers: [away, { text: 'the file' }] });
  expect(requests.map(({ url, headers }) => [url, headers['authorization']])).toEqual([['https://api.shop.example/v1/file', 'Bearer the-secret-key'], ['https://cdn.example/file', undefined]]);
  expect(result).toBe('the file');
  await expect(run('order', {}, { answers: [away] })).rejects.toThrow('api.shop.example redirects this call elsewhere.');
  await expect(run('read', { to: '/a' }, { answers: [{ status: 302, headers: { location: 'http://cdn.example/' }, text: '' }] })).rejects.toThrow('This address cannot be reached from here.');
  await expect(run('read', { to: '/a' }, { answers: [{ status: 302, headers: { location: '/v1/b' }, text: '' }] })).rejects.toThrow('redirects too often');
});

test('an answer that is too large is refused', async () => {
  await expect(run('read', { to: '/a' }, { answers: [{ bytes: new Uint8Array(9 * 1024 * 1024) }] })).rejects.toThrow('The answer of api.shop.example is larger than 8 MB.');
});

const mail = defineConnector({
  id: 'mail', title: 'Mail', description: 'Mail.', category: 'mail', auth: oauth2({ url: 'https://login.mail.example/token', scope: 'mail' }), baseUrl: 'https://api.mail.example',
  actions: [read(['read', 'Read', 'Reads something.'], {}, () => get('/box'))],
});
const client = { clientId: 'the-client', clientSecret: 'the-client-secret' };

test('an access token is had for a refresh token, for the call only', async () => {
  const { requests } = await double.run(mail, 'read', {}, { fields: { ...client, refreshToken: 'the-refresh-token' }, answers: [{ json: { access_token: 'fresh-token', expires_in: 3600 } }] });
  expect(requests).toMatchObject([
    { method: 'POST', url: 'https://login.mail.example/token', body: { client_id: 'the-client', client_secret: 'the-client-secret', scope: 'mail', grant_type: 'refresh_token', refresh_token: 'the-refresh-token' } },
    { method: 'GET', url: 'https://api.mail.example/box', headers: { authorization: 'Bearer fresh-token' } },
  ]);
});

test('a client alone gets a token by its credentials, and a token that ended early is renewed once', async () => {
  const { requests } = await double.run(mail, 'read', {}, { fields: client, answers: [{ json: { access_token: 'first-token' } }, { status: 401, json: {} }, { json: { access_token: 'second-token' } }, { json: { ok: 1 } }] });
  expect(requests.map(({ url, headers }) => `${url} ${headers['authorization'] ?? ''}`)).toEqual(['https://login.mail.example/token ', 'https://api.mail.example/box Bearer first-token', 'https://login.mail.example/token ', 'https://api.mail.example/box Bearer second-token']);
});

test('a refusal of the token service is told without the secrets', async () => {
  const failure: unknown = await double.run(mail, 'read', {}, { fields: client, answers: [{ status: 400, json: { error: 'invalid_client', error_description: 'the-client-secret is wrong' } }] }).catch((error: unknown) => error);
  expect(String(failure)).toContain('login.mail.example answered with status 400: [redacted] is wrong');
});
