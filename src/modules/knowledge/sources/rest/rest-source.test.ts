import { afterEach, describe, expect, test } from 'vitest';
import { createEgress, type Egress } from '#platform/egress/egress.ts';
import { RestConfig } from '../contract/rest.ts';
import { startLoopback, type Loopback, type LoopbackAnswer, type LoopbackCall } from '#modules/knowledge/sources/testing/loopback.ts';
import { createShelf } from '#modules/knowledge/sources/testing/shelf.ts';
import { restSource } from './rest-source.ts';

const closing: { close(): Promise<void> }[] = [];
afterEach(async () => { for (const one of closing.splice(0)) await one.close(); });

async function api(answer: (call: LoopbackCall) => LoopbackAnswer): Promise<Loopback> {
  const server = await startLoopback(answer);
  closing.push(server);
  return server;
}
/** Only the servers of a test are opened; all else is guarded as in production. */
function guard(...servers: Loopback[]): Egress {
  const egress = createEgress(servers.map(({ host }) => host));
  closing.push(egress);
  return egress;
}
const shelf = (server: Loopback, config: Record<string, unknown> = {}, secrets: Record<string, string> = {}, more: object = {}) =>
  createShelf(restSource, { egress: guard(server), config: { url: `${server.url}/products`, records: '$.data', ...config }, secrets, ...more });

const products = [
  { id: 1, title: 'Kettle', description: 'Boils a litre in two minutes.', unit_price: 39.9, inStock: true, tags: ['kitchen', 'steel'], maker: { name: 'Brewster', country: 'DE' }, note: null },
  { id: 2, title: 'Lamp', description: '<p>Warm <b>light</b>.</p><ul><li>E27</li><li>Dimmable</li></ul><script>steal()</script>', unit_price: 15, inStock: false, tags: [], maker: { name: 'Lumen', country: 'NL' } },
];
const list = () => ({ body: { data: products, total: 2 } });

describe('signing in', () => {
  const cases: [string, Record<string, unknown>, Record<string, string>, (call: LoopbackCall) => boolean][] = [
    ['a key in a header', { auth: 'api_key', keyName: 'X-Shop-Key' }, { apiKey: 'key-123456' }, ({ headers }) => headers['x-shop-key'] === 'key-123456'],
    ['a key in the address', { auth: 'api_key', keyIn: 'query', keyName: 'key' }, { apiKey: 'key-123456' }, ({ url }) => url.searchParams.get('key') === 'key-123456'],
    ['a bare key as authorization', { auth: 'api_key', keyName: 'Authorization' }, { apiKey: 'key-123456' }, ({ headers }) => headers.authorization === 'key-123456'],
    ['a bearer token', { auth: 'bearer' }, { token: 'token-123456' }, ({ headers }) => headers.authorization === 'Bearer token-123456'],
    ['user and password', { auth: 'basic' }, { user: 'ada', password: 'pass: word' }, ({ headers }) => headers.authorization === `Basic ${Buffer.from('ada:pass: word').toString('base64')}`],
  ];
  test.each(cases)('with %s the records are read, with a wrong one it is said what to do', async (_name, config, secrets, proven) => {
    const server = await api((call) => (proven(call) ? list() : { status: 401, body: { message: `bad credentials ${JSON.stringify(call.headers)} ${call.url.href}` } }));
    const reading = await shelf(server, config, secrets).read();
    expect(reading.documents.map(({ externalId, title }) => [externalId, title])).toEqual([['1', 'Kettle'], ['2', 'Lamp']]);

    const wrong = Object.fromEntries(Object.keys(secrets).map((name) => [name, 'wrong-secret-9']));
    const failed = shelf(server, config, wrong);
    await expect(failed.read()).rejects.toMatchObject({ code: 'refused', retryable: false, message: expect.stringContaining('status 401') });
    await expect(failed.test()).rejects.toThrow('Make new ones there and write them here.');
    // The server repeats what it was sent; nobody gets to see it.
    const told = await failed.read().catch((error: Error) => error.message);
    expect(told).not.toContain('wrong-secret-9');
    expect(told).not.toContain(Buffer.from('wrong-secret-9:wrong-secret-9').toString('base64'));
  });

  test.each(['basic', 'post'])('OAuth 2 client credentials, proven by %s: one token for a reading, another when it ends or is refused', async (clientAuth) => {
    let given = 0;
    let valid = '';
    let now = Date.parse('2026-01-01T00:00:00Z');
    const basic = `Basic ${Buffer.from('the%2Fclient:s3cret%26key').toString('base64')}`;
    const server = await api(({ method, url, headers, body }) => {
      if (url.pathname === '/token') {
        const form = new URLSearchParams(body);
        const proven = clientAuth === 'basic' ? headers.authorization === basic && !form.has('client_secret') : headers.authorization === undefined && form.get('client_id') === 'the/client' && form.get('client_secret') === 's3cret&key';
        if (method !== 'POST' || !proven || form.get('grant_type') !== 'client_credentials' || form.get('scope') !== 'read:all') return { status: 401, body: { error: 'invalid_client', error_description: 'unknown client s3cret&key' } };
        given += 1;
        valid = `access-token-${given}`;
        return { body: { access_token: valid, token_type: 'Bearer', expires_in: 60 } };
      }
      const page = Number(url.searchParams.get('page'));
      // Revoked before its time; and later its time is over.
      if (page === 2 && given === 1) valid = 'revoked';
      if (page === 3) now += 40_000;
      if (headers.authorization !== `Bearer ${valid}`) return { status: 401, body: {} };
      return { body: { data: page > 4 ? [] : [{ id: page, title: `Page ${page}` }] } };
    });
    const config = { auth: 'oauth2', tokenUrl: `${server.url}/token`, oauthScope: 'read:all', clientAuth, paging: 'page' };
    const reading = await shelf(server, config, { clientId: 'the/client', clientSecret: 's3cret&key' }, { now: () => new Date(now) }).read();
    expect(reading.documents.map(({ externalId }) => externalId)).toEqual(['1', '2', '3', '4']);
    expect(given).toBe(3);

    const refused = shelf(server, config, { clientId: 'the/client', clientSecret: 'wrong-secret' });
    await expect(refused.test()).rejects.toThrow(/Tokens were refused there: check client id and client secret/);
    await expect(shelf(server, { ...config, oauthScope: 'x' }, { clientId: 'the/client', clientSecret: 's3cret&key' }).read()).rejects.toThrow(/^(?!.*s3cret)/);
  });

  test('missing secrets and addresses that would carry them in the open are said before anything is sent', async () => {
    const server = await api(list);
    await expect(shelf(server, { auth: 'api_key' }).read()).rejects.toMatchObject({ code: 'settings', message: expect.stringContaining('The key is missing') });
    await expect(shelf(server, { auth: 'bearer', url: 'http://api.example.com/products' }, { token: 'token-123456' }).read()).rejects.toThrow('has to begin with https://');
    await expect(shelf(server, { url: 'https://ada:pw@api.example.com/x' }).read()).rejects.toThrow('Write user and password under “Signing in”');
    await expect(shelf(server, { auth: 'oauth2', tokenUrl: 'http://login.example.com/t' }, { clientId: 'a', clientSecret: 'b' }).read()).rejects.toThrow('login.example.com has to begin with https://');
    await expect(shelf(server, { auth: 'api_key', keyName: 'Host' }, { apiKey: 'x' }).read()).rejects.toThrow('cannot carry a key');
    await expect(shelf(server, { auth: 'bearer' }, { token: 'two\nlines' }).read()).rejects.toThrow('holds characters that cannot be sent');
    expect(server.calls).toEqual([]);
  });

  test('the secrets are for the host of the API, and for that of its tokens', () => {
    expect(restSource.secretsFor(RestConfig.parse({ url: 'https://api.example.com:8443/a?b' }))).toBe('api.example.com:8443');
    expect(restSource.secretsFor(RestConfig.parse({ url: 'https://api.example.com/a', auth: 'oauth2', tokenUrl: 'https://login.example.com/t' }))).toBe('api.example.com login.example.com');
  });
});

describe('records', () => {
  test('a whole record reads like a form, and HTML in it like text', async () => {
    const kept = shelf(await api(list), { urlField: '$.link' });
    await kept.read();
    expect(kept.textOf('1')).toBe('Id: 1\nTitle: Kettle\nDescription: Boils a litre in two minutes.\nUnit price: 39.9\nIn stock: yes\nTags: kitchen, steel\n\n## Maker\n\nName: Brewster\nCountry: DE');
    expect(kept.textOf('2')).toContain('## Description\n\nWarm light.\n\n- E27\n- Dimmable');
    expect(kept.textOf('2')).not.toContain('steal');
  });

  test('named fields make the text, the title and the link; links are only those a browser may open', async () => {
    const faq = [
      { key: 'a', fields: { q: 'How long?', a: '<p>Two&nbsp;days.</p>' }, link: '/faq/a' }, { key: 'b', fields: { q: 'How much?', a: 'Ten &amp; a half.' }, link: 'javascript:alert(1)' },
      { key: 'c', fields: { q: 'Where?', a: 'x'.repeat(3_000) }, link: 'https://key-123456.example.com/' }, { key: 'd', fields: { q: 'Why?' } },
    ];
    const server = await api(() => ({ body: { result: { faq } } }));
    const kept = shelf(server, { records: '$.result.faq[*]', idField: '$.key', titleField: '$.fields.q', textFields: ['$.fields.a'], urlField: '$.link', auth: 'bearer' }, { token: 'key-123456' }, { bytesMax: 2_000 });
    const reading = await kept.read();
    expect(reading.documents.map(({ title, url, content }) => [title, url, content])).toEqual([
      ['How long?', `${server.url}/faq/a`, { text: 'Two days.', contentType: 'text/markdown' }], ['How much?', null, { text: 'Ten & a half.', contentType: 'text/markdown' }],
    ]);
    expect(reading.problems).toEqual([{ externalId: 'c', name: 'Record 3', message: expect.stringContaining('larger than') }, { externalId: 'd', name: 'Record 4', message: expect.stringContaining('no text at $.fields.a') }]);
    const both = shelf(server, { records: '$.result.faq', idField: '$.key', textFields: ['$.fields.q', "$['fields']['a']"] });
    await both.read();
    expect(both.textOf('a')).toBe('Q: How long?\nA: Two days.');
  });

  test('a record without id or with the id of another is told by its place, ids keep all their digits', async () => {
    const server = await api(() => ({ body: '{"data":[{"id":12345678901234567890,"title":"A"},{"title":"B"},{"id":12345678901234567891,"title":"C"},{"id":12345678901234567890,"title":"D"},{"id":" ","title":"E"}]}', headers: { 'content-type': 'application/json' } }));
    const reading = await shelf(server).read();
    expect(reading.documents.map(({ externalId, title }) => [externalId, title])).toEqual([['12345678901234567890', 'A'], ['12345678901234567891', 'C']]);
    expect(reading.problems.map(({ name, message }) => [name, message])).toEqual([
      ['Record 2', 'It has no id at $.id; it is an object with title.'], ['Record 4', 'Its id “12345678901234567890” is that of a record before it.'], ['Record 5', 'It has no id at $.id; it is an object with id, title.'],
    ]);
  });

  test('filters and patterns of JSONPath pick records, and nothing of a record is inherited or run', async () => {
    const server = await api(() => ({ body: '{"data":[{"id":"a","title":"Kept","kind":"faq"},{"id":"b","title":"Left","kind":"blog"},{"id":"c","kind":"faq-2","__proto__":{"title":"polluted"},"constructor":"x"}]}', headers: { 'content-type': 'application/json' } }));
    const kept = shelf(server, { records: '$.data[?match(@.kind, "faq.*")]' });
    expect((await kept.read()).documents.map(({ externalId, title }) => [externalId, title])).toEqual([['a', 'Kept'], ['c', 'Record c']]);
    await expect(shelf(server, { records: '$.data[' }).read()).rejects.toMatchObject({ code: 'settings', message: expect.stringMatching(/^Records: .*character 8/) });
    await expect(shelf(server, { records: '$.data[?search(@.kind, "(a")]' }).read()).rejects.toMatchObject({ code: 'settings' });
  });

  test('only what changed comes again, and what is missing is gone', async () => {
    let data = [{ id: 1, title: 'A', text: 'one' }, { id: 2, title: 'B', text: 'two' }];
    const kept = shelf(await api(() => ({ body: { data } })));
    expect((await kept.read()).documents).toHaveLength(2);
    expect(await kept.read()).toMatchObject({ documents: [], unchanged: ['1', '2'], gone: [] });
    data = [{ id: 2, title: 'B', text: 'two and a half' }, { id: 3, title: 'C', text: 'three' }];
    expect(await kept.read()).toMatchObject({ documents: [{ externalId: '2' }, { externalId: '3' }], unchanged: [], gone: ['1'] });
  });

  test('an answer with an ETag is not sent again, unless something of it was lost or the settings changed', async () => {
    const pages = new Map([['', { etag: 'W/"1"', body: { data: [{ id: 1, title: 'A' }], next: '/products?p=2' } }], ['2', { etag: '"2"', body: { data: [{ id: 2, title: 'B' }] } }]]);
    const server = await api(({ url, headers }) => {
      const page = pages.get(url.searchParams.get('p') ?? '')!;
      return headers['if-none-match'] === page.etag ? { status: 304, headers: { etag: page.etag } } : { headers: { etag: page.etag }, body: page.body };
    });
    const asked = () => server.calls.splice(0).map(({ url, headers }) => [url.search, headers['if-none-match'] ?? null]);
    const kept = shelf(server, { nextField: '$.next' });
    await kept.read();
    asked();
    expect(await kept.read()).toMatchObject({ documents: [], unchanged: ['1', '2'], gone: [] });
    expect(asked()).toEqual([['', 'W/"1"'], ['?p=2', '"2"']]);
    pages.get('2')!.etag = '"3"';
    pages.get('2')!.body = { data: [{ id: 2, title: 'B2' }] };
    expect(await kept.read()).toMatchObject({ documents: [{ title: 'B2' }], unchanged: ['1'], gone: [] });
    kept.held.delete('1');
    asked();
    expect(await kept.read()).toMatchObject({ documents: [{ externalId: '1' }], unchanged: ['2'] });
    expect(asked()).toEqual([['', null], ['?p=2', '"3"']]);
  });
});

describe('pages', () => {
  const page = (n: number) => [{ id: n * 2 - 1, title: `R${n * 2 - 1}` }, { id: n * 2, title: `R${n * 2}` }];
  const ids = ['1', '2', '3', '4', '5', '6'];
  const number = (url: URL, name = 'p') => Number(url.searchParams.get(name) ?? 1);
  const kinds: [string, Record<string, unknown>, (call: LoopbackCall) => LoopbackAnswer][] = [
    ['a relative address in the answer', { nextField: '$.links.next' }, ({ url }) => ({ body: { data: page(number(url)), links: { next: number(url) < 3 ? `?p=${number(url) + 1}` : null } } })],
    ['a whole address that repeats the key', { nextField: '$.next', auth: 'api_key', keyIn: 'query', keyName: 'key' }, ({ url }) => (url.searchParams.getAll('key').join() === 'key-123456' ? { body: { data: page(number(url)), next: number(url) < 3 ? `${url.origin}/products?key=key-123456&p=${number(url) + 1}` : '' } } : { status: 401 })],
    ['a cursor', { nextField: '$.cursor', nextParameter: 'after' }, ({ url }) => { const at = Number((url.searchParams.get('after') ?? 'c/1=').slice(2, 3)); return { body: { data: page(at), cursor: at < 3 ? `c/${at + 1}=` : null } }; }],
    ['the id of the last record', { nextField: '$.data[-1].id', nextParameter: 'starting_after' }, ({ url }) => { const after = number(url, 'starting_after'); return { body: { data: url.searchParams.has('starting_after') ? (after >= 6 ? [] : page(after / 2 + 1)) : page(1) } }; }],
    ['a Link header', {}, ({ url }) => ({ headers: number(url) < 3 ? { link: `<${url.origin}/products?p=1>; rel="first", </products?p=${number(url) + 1}>; title="a, b"; rel="next last"` } : { link: '</products?p=1>; rel=first' }, body: { data: page(number(url)) } })],
    ['page numbers that end with an empty page', { paging: 'page', nextParameter: 'p' }, ({ url }) => ({ body: { data: number(url) > 3 ? [] : page(number(url)) } })],
    ['page numbers that end with a refusal', { paging: 'page', nextParameter: 'p' }, ({ url }) => (number(url) > 3 ? { status: 400, body: { code: 'invalid_page_number' } } : { body: { data: page(number(url)) } })],
    ['offsets', { paging: 'offset' }, ({ url }) => ({ body: { data: page(1).concat(page(2), page(3)).slice(number(url, 'offset'), number(url, 'offset') + 2) } })],
  ];
  test.each(kinds)('are followed by %s', async (_name, config, answer) => {
    const reading = await shelf(await api(answer), config, { apiKey: 'key-123456' }).read();
    expect(reading).toMatchObject({ problems: [], incomplete: null });
    expect(reading.documents.map(({ externalId }) => externalId)).toEqual(ids);
  });

  test.each<[string, Record<string, unknown>, (call: LoopbackCall) => LoopbackAnswer, string]>([
    ['lead in a circle', { nextField: '$.next' }, ({ url }) => ({ body: { data: page(number(url)), next: '/products?p=2' } }), 'leads in a circle'],
    ['lead back to the first', { nextField: '$.next' }, ({ url }) => ({ body: { data: page(number(url)), next: `/products?p=${number(url) === 1 ? 2 : 1}` } }), 'read before'],
    ['are all the same', { paging: 'page' }, () => ({ body: { data: page(1) } }), 'read before'],
    ['lead away', { nextField: '$.next' }, ({ url }) => ({ body: { data: page(number(url)), next: number(url) === 1 ? '?p=2' : 'https://evil.example/products?p=3' } }), 'another host (evil.example)'],
    ['break off', { nextField: '$.next' }, ({ url }) => (number(url) === 1 ? { body: { data: page(1), next: '?p=2' } } : { body: 'oops' }), 'Page 2 could not be read.'],
  ])('that %s end the reading: what came is kept and nothing counts as gone', async (_name, config, answer, reason) => {
    const server = await api(answer);
    const reading = await shelf(server, { auth: 'bearer', ...config }, { token: 'token-123456' }).read();
    expect(reading.incomplete).toContain(reason);
    expect(reading.documents.map(({ externalId }) => externalId).slice(0, 2)).toEqual(['1', '2']);
    expect(reading.gone).toEqual([]);
    expect(server.calls.length).toBeLessThanOrEqual(3);
  });

  test.each([
    ['https://evil.example/products?p=2', 'another host (evil.example)'], ['//evil.example/x', 'another host'], ['file:///etc/passwd', 'another host'], ['http://ada:pw@127.0.0.1/x', 'another host'], ['http://[', 'is no address'],
  ])('the credential does not follow to %s', async (next, words) => {
    const server = await api(() => ({ body: { data: page(1), next } }));
    await expect(shelf(server, { nextField: '$.next', auth: 'bearer' }, { token: 'token-123456' }).read()).rejects.toMatchObject({ code: 'settings', message: expect.stringContaining(words) });
    expect(server.calls).toHaveLength(1);
  });

  test('no more records are taken than are set or may be kept', async () => {
    const server = await api(({ url }) => ({ body: { data: page(number(url)), next: `?p=${number(url) + 1}` } }));
    expect(await shelf(server, { nextField: '$.next', recordsMax: 5 }).read()).toMatchObject({ documents: { length: 5 }, incomplete: 'Reading ended after 5 records, the number set for this source. There are more.' });
    expect((await shelf(server, { nextField: '$.next' }, {}, { documentsMax: 3 }).read()).incomplete).toBe('Reading ended after 3 records: no more may be kept.');
  });
});

describe('answers that are of no use', () => {
  test.each<[string, LoopbackAnswer, string, RegExp]>([
    ['a web page', { body: '<!doctype html><title>token-123456</title>', headers: { 'content-type': 'text/html' } }, 'unexpected', /did not answer with JSON but with a web page/],
    ['nothing', { body: '' }, 'unexpected', /but with nothing/],
    ['half an answer', { body: '{"data":[{"id"', headers: { 'content-type': 'application/json' } }, 'unexpected', /JSON that breaks off/],
    ['another form', { body: { items: [{ id: 1 }], count: 1 } }, 'settings', /“\$\.data” finds nothing in the answer, which is an object with items \(a list of 1\), count\. .*such as \$\.items/],
    ['records without ids', { body: { data: [{ uuid: 1, name: 'a' }] } }, 'settings', /No record has an id at \$\.id\. The first is an object with uuid, name/],
    ['a refusal', { status: 403, body: { error: { message: 'no access for token-123456' } } }, 'refused', /status 403 \(no access for \[redacted\]\)\. The credentials are known but may not read this/],
    ['a wrong address', { status: 404, body: 'nope' }, 'not-found', /status 404 \(nope\)\. There is nothing at this address/],
    ['a fault', { status: 500, body: '<html>' }, 'unreachable', /status 500\. It has a fault of its own/],
    ['a long rest', { status: 429, headers: { 'retry-after': '3600' } }, 'unreachable', /status 429\. It was asked too often\..* It asks to wait 60 minutes/],
  ])('%s is told in words, without secrets', async (_name, answer, code, words) => {
    const kept = shelf(await api(() => answer), { auth: 'bearer' }, { token: 'token-123456' });
    await expect(kept.test()).rejects.toMatchObject({ code, message: expect.stringMatching(words) });
    await expect(kept.test()).rejects.toThrow(/^(?!.*token-123456)/);
  });

  test('a busy or failing server is asked again, and waited for as it asks', async () => {
    let tried = 0;
    const server = await api(() => { tried += 1; return tried === 1 ? { status: 429, headers: { 'retry-after': '0.2' } } : tried === 2 ? { status: 503, headers: { 'retry-after': '0' } } : list(); });
    expect((await shelf(server).read()).documents).toHaveLength(2);
    expect(tried).toBe(3);
  });

  test('an answer without end, and one that unpacks to too much, are cut off', async () => {
    const endless = await api(() => ({ write: (response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const more = (): void => { while (!response.destroyed && response.write('"x",'.repeat(16_384))); };
      response.on('drain', more);
      response.write('[');
      more();
    } }));
    await expect(shelf(endless).test()).rejects.toMatchObject({ code: 'too-large', message: expect.stringContaining('more than the 20 MB') });
    const { gzipSync } = await import('node:zlib');
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, ' '));
    await expect(shelf(await api(() => ({ headers: { 'content-encoding': 'gzip' }, body: bomb }))).test()).rejects.toMatchObject({ code: 'too-large' });
  });

  test('a stopped reading ends at once', async () => {
    const server = await api(() => ({ write: (response) => { response.writeHead(200); response.write('['); } }));
    const controller = new AbortController();
    const reading = shelf(server).read(controller.signal);
    setTimeout(() => { controller.abort(new Error('stopped')); }, 100);
    await expect(reading).rejects.toThrow('stopped');
  });

  test('a redirect to another host gets no credential, wherever it is', async () => {
    for (const [config, secrets] of [[{ auth: 'api_key', keyName: 'X-Odd-Key' }, { apiKey: 'key-123456' }], [{ auth: 'api_key', keyIn: 'query', keyName: 'key' }, { apiKey: 'key-123456' }], [{ auth: 'basic' }, { user: 'ada', password: 'password-9' }]] as const) {
      const other = await api(list);
      const server = await api(() => ({ status: 302, headers: { location: `${other.url}/elsewhere` } }));
      await createShelf(restSource, { egress: guard(server, other), config: { url: `${server.url}/products`, records: '$.data', ...config }, secrets }).read();
      expect(other.calls).toHaveLength(1);
      expect(JSON.stringify([other.calls[0]?.headers, other.calls[0]?.url.href])).not.toMatch(/key-123456|authorization|password-9/i);
    }
    const circle = await api(({ url }) => ({ status: 302, headers: { location: `${url.origin}/again` } }));
    await expect(shelf(circle).test()).rejects.toThrow('redirects too often');
  });

  test.each(['http://127.0.0.1:1/x', 'http://169.254.169.254/latest', 'http://[::ffff:10.0.0.1]/x', 'http://localhost/x', 'http://2130706433/x', 'https://metadata.google.internal/x'])('%s is refused like an address that does not answer', async (url) => {
    const server = await api(() => ({ status: 302, headers: { location: url } }));
    for (const config of [{ url }, {}]) await expect(shelf(server, config).test()).rejects.toMatchObject({ code: 'unreachable', message: expect.stringContaining('This address cannot be reached from here.') });
  });
});

describe('a look at an API', () => {
  test('says what was found and shows the first records', async () => {
    const look = await shelf(await api(list)).test();
    expect(look).toMatchObject({ message: 'The API answered with 2 records.', found: 2, sample: [{ title: 'Kettle', url: null }, { title: 'Lamp' }] });
    expect(look.sample[0]?.text).toContain('Boils a litre');
    const paged = await shelf(await api(() => ({ body: { data: [...products, { title: 'No id' }], next: '/p2' } })), { nextField: '$.next' }).test();
    expect(paged).toMatchObject({ message: 'The API answered with 3 records on its first page; there are more pages. 1 of them cannot be taken: without id, with the same id, or without text.', found: null });
    expect(await shelf(await api(() => ({ body: { data: [] } })), { records: '$.data[*]' }).test()).toMatchObject({ found: 0, sample: [] });
  });
});
