import { describe, expect, test } from 'vitest';
import { cellText } from './cell-text.ts';
import type { Row } from './engine.ts';
import { columnsRead, documentOf, isSecretName, missingColumns, type RowSettings } from './row-document.ts';

const plain: RowSettings = { idColumn: '', titleColumn: '', textColumns: [], urlColumn: '' };

async function read(row: Row, settings: Partial<RowSettings> = {}, key: readonly string[] = ['id']) {
  const result = await documentOf(row, 'products', key, { ...plain, ...settings });
  if (!('document' in result)) throw new Error(result.problem);
  return result.document;
}

describe('a row as a document', () => {
  test('is its columns in order, with times in ISO, JSON flattened, nothing where nothing is, and no bytes', async () => {
    const document = await read([
      ['id', 7], ['name', 'Kettle'], ['price', '12.50'], ['made_at', new Date('2026-01-02T03:04:05Z')], ['gone', null], ['blank', '  '], ['photo', Buffer.from([1, 2])],
      ['size', { width: 10, parts: ['lid', 'base'], boxes: [{ weight: 1 }, { weight: 2 }], none: null }], ['extra', '{"colour":"red"}'], ['sold', true],
    ]);
    expect(document).toMatchObject({ externalId: 'products:7', title: 'Kettle', url: null });
    expect(document.content.text).toBe([
      'id: 7', 'name: Kettle', 'price: 12.50', 'made at: 2026-01-02T03:04:05.000Z', '',
      'size:', 'width: 10', 'parts: lid, base', 'boxes.1.weight: 1', 'boxes.2.weight: 2', '', 'extra: colour: red', 'sold: true',
    ].join('\n'));
    expect(document.metadata).toEqual({ table: 'products', id: 7, name: 'Kettle', price: '12.50', made_at: '2026-01-02T03:04:05.000Z', extra: 'colour: red', sold: true });
  });

  test('long texts stand as paragraphs, and HTML is read as its words', async () => {
    const { content: { text } } = await read([
      ['id', 1], ['title', 'Returns'], ['body', '<h1>Returns</h1><p>Within <b>30 days</b>&nbsp;&amp; free.</p><script>steal()</script><ul><li>unused</li><li>boxed</li></ul>'], ['note', `${'long '.repeat(80)}end`],
    ]);
    expect(text).toMatch(/^id: 1\ntitle: Returns\n\nbody:\nReturns\n\nWithin 30 days & free\.\n\n- unused\n- boxed\n\nnote:\nlong long/);
    expect(text).not.toContain('steal');
    expect((await read([['id', 1], ['note', 'a < b and c > d']])).content.text).toBe('id: 1\nnote: a < b and c > d');
  });

  test('a question and its answer read as such', async () => {
    const document = await read([['id', 3], ['topic', 'Orders'], ['question', 'Where is my order?'], ['answer', 'In your account under Orders.']]);
    expect(document.title).toBe('Where is my order?');
    expect(document.content.text).toBe('Where is my order?\n\nIn your account under Orders.\n\nid: 3\ntopic: Orders');
  });

  test('takes id, title, text and link from the columns that are named, whatever their case', async () => {
    const row: Row = [['ID', 1], ['SKU', 'K-7'], ['HEAD', 'Kettle <b>red</b>'], ['BODY', 'Boils.'], ['LINK', 'https://shop.example.org/k7'], ['SECRET', 'x']];
    expect(await read(row, { idColumn: 'sku', titleColumn: 'head', textColumns: ['body'], urlColumn: 'link' })).toMatchObject({
      externalId: 'products:K-7', title: 'Kettle red', url: 'https://shop.example.org/k7', content: { text: 'BODY: Boils.' }, metadata: { table: 'products', BODY: 'Boils.' },
    });
  });

  test.each(['javascript:alert(1)', 'file:///etc/passwd', 'https://user:pw@example.org/', 'no address', `https://example.org/${'x'.repeat(3000)}`])('a link that nobody should open is left out: %s', async (link) => {
    expect((await read([['id', 1], ['link', link]], { urlColumn: 'link' })).url).toBeNull();
  });

  test('has an id that stays: several key columns, bytes, very long ones, and the text itself where there is no key', async () => {
    expect((await read([['a', 1], ['b', 'x']], {}, ['a', 'b'])).externalId).toBe('products:["1","x"]');
    expect((await read([['id', Buffer.from('ab', 'hex')], ['t', 'x']])).externalId).toBe('products:ab');
    expect((await read([['id', 'x'.repeat(5000)], ['t', 'x']])).externalId.length).toBeLessThan(200);
    const [once, again, other] = [await read([['t', 'same']], {}, []), await read([['t', 'same']], {}, []), await read([['t', 'other']], {}, [])];
    expect(once.externalId).toBe(again.externalId);
    expect(once.externalId).not.toBe(other.externalId);
  });

  test('changes its fingerprint with anything that is kept of it, and with nothing else', async () => {
    const settings = { textColumns: ['name'], urlColumn: 'link' };
    const at = async (row: Row) => (await read(row, settings)).fingerprint;
    const before = await at([['id', 1], ['name', 'Kettle'], ['link', 'https://a.example/'], ['stock', 5]]);
    expect(await at([['id', 1], ['name', 'Kettle'], ['link', 'https://a.example/'], ['stock', 4]])).toBe(before);
    expect(await at([['id', 1], ['name', 'Kettle 2'], ['link', 'https://a.example/'], ['stock', 5]])).not.toBe(before);
    expect(await at([['id', 1], ['name', 'Kettle'], ['link', 'https://b.example/'], ['stock', 5]])).not.toBe(before);
  });

  test('without text or without its id is told, not kept', async () => {
    expect(await documentOf([['id', null], ['t', 'x']], 'products', [], { ...plain, idColumn: 'id' })).toEqual({ externalId: 'products:?', problem: 'A row has nothing in its id column id.' });
    expect(await documentOf([['photo', Buffer.from('x')]], 'products', [], plain)).toMatchObject({ problem: 'The row has no text.' });
  });

  test('shows no characters that hide, and takes no name that is more than a name', async () => {
    const document = await read([['id', 1], ['na\u200bme', 'Ke\u0000tt\u202ele'], ['__proto__', 'x'], ['table', 'y']]);
    expect(document).toMatchObject({ content: { text: 'id: 1\nname: Kettle\nproto: x\ntable: y' }, metadata: { table: 'products', name: 'Kettle' } });
    expect(Object.keys(document.metadata)).toEqual(['table', 'id', 'name']);
  });
});

test('columns that look like passwords and keys are not read unless they are named', () => {
  for (const name of ['password', 'passwd', 'user_password', 'userPassword', 'password_hash', 'apiKey', 'api_key', 'access_token', 'client-secret', 'PWD']) expect(isSecretName(name), name).toBe(true);
  for (const name of ['passage', 'compass', 'secretary', 'tokenized', 'keyword', 'author']) expect(isSecretName(name), name).toBe(false);
  expect(columnsRead(['id', 'name', 'password'], ['id'], plain)).toEqual(['id', 'name']);
  expect(columnsRead(['id', 'name', 'password', 'x'], ['id'], { ...plain, titleColumn: 'NAME', textColumns: ['Password'] })).toEqual(['id', 'name', 'password']);
});

test('names that no column has are found', () => {
  expect(missingColumns(['ID', 'Name'], { idColumn: 'id', titleColumn: 'titel', textColumns: ['name', 'body'], urlColumn: '' })).toEqual(['titel', 'body']);
});

test('JSON without end, and what only looks like JSON, does no harm', () => {
  let deep: unknown = 'x';
  for (let index = 0; index < 10_000; index += 1) deep = { a: deep };
  expect(cellText(deep)).toBeNull();
  expect(cellText({ list: Array.from({ length: 10_000 }, (_, index) => ({ index })) })?.split('\n')).toHaveLength(500);
  expect(cellText('{not json}')).toBe('{not json}');
  expect(cellText('[1, 2]')).toBe('1, 2');
});
