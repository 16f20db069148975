import { afterEach, describe, expect, test } from 'vitest';
import { createEgress } from '#platform/egress/egress.ts';
import { startConfluenceDouble } from '#modules/knowledge/sources/testing/confluence-double.ts';
import { createShelf } from '#modules/knowledge/sources/testing/shelf.ts';
import { parseDocument } from '../../parse/parse-document.ts';
import { confluenceSource } from './confluence-source.ts';
import { baseOf } from './read-confluence.ts';
import { storageHtml } from './storage-html.ts';

const TOKEN = 'ATATT-token-123456';
const closing: { close(): Promise<void> }[] = [];
afterEach(async () => { for (const one of closing.splice(0)) await one.close(); });

async function wiki(kind: 'cloud' | 'server', config: Record<string, unknown> = {}, { token = TOKEN, ...more }: { token?: string; documentsMax?: number; bytesMax?: number } = {}) {
  const confluence = await startConfluenceDouble(kind, TOKEN);
  const egress = createEgress([confluence.host]);
  closing.push(confluence, egress);
  confluence.space('DOCS');
  confluence.space('HR');
  return { confluence, shelf: createShelf(confluenceSource, { egress, config: { url: confluence.url, user: confluence.user, ...config }, secrets: { token }, ...more }) };
}

describe.each(['cloud', 'server'] as const)('Confluence (%s)', (kind) => {
  test('its pages are read, over several answers, with address, labels and space; restricted ones are absent', async () => {
    const { confluence, shelf } = await wiki(kind);
    for (let n = 1; n <= 5; n += 1) confluence.page(n, `Page ${n}`, `<p>Text ${n}</p>`);
    confluence.page(6, 'Leave', '<p>Thirty days.</p>', { space: 'HR', labels: ['policy', 'people'] });
    confluence.page(7, 'Secret', '<p>x</p>', { restricted: true });
    confluence.page(8, 'Only a list of pages', '<p><ac:structured-macro ac:name="children" /></p>');
    const { documents, problems, incomplete } = await shelf.read();
    expect([problems, incomplete]).toEqual([[], null]);
    expect(documents.map(({ title }) => title)).toEqual(['Page 1', 'Page 2', 'Page 3', 'Page 4', 'Page 5', 'Leave']);
    expect(documents[5]).toMatchObject({
      externalId: '6', fingerprint: 'v1', metadata: { space: 'HR', version: 1, labels: 'policy, people' }, content: { contentType: 'text/html', fileName: 'Leave.html' },
      url: kind === 'cloud' ? `${confluence.url}/spaces/HR/pages/6/Leave` : `${confluence.url}/display/HR/Leave`,
    });
    expect(shelf.textOf('6')).toContain('<title>Leave</title></head><body><p>Thirty days.</p></body>');
  });

  test('only chosen spaces are read, and one that does not exist is said', async () => {
    const { confluence, shelf } = await wiki(kind, { spaces: ['HR', 'NOPE'] });
    confluence.page(1, 'Docs', '<p>x</p>');
    confluence.page(2, 'Leave', '<p>x</p>', { space: 'HR' });
    expect(await shelf.read()).toMatchObject({ documents: [{ title: 'Leave' }], problems: [{ name: 'Space NOPE', message: expect.stringContaining('no such space') }] });
    await expect((await wiki(kind, { spaces: ['NOPE'] })).shelf.read()).rejects.toMatchObject({ code: 'not-found', message: expect.stringContaining('There is no space NOPE') });
  });

  test('only changed pages are fetched again, and what is missing or restricted since is gone', async () => {
    const { confluence, shelf } = await wiki(kind);
    for (let n = 1; n <= 4; n += 1) confluence.page(n, `Page ${n}`, `<p>Text ${n}</p>`);
    await shelf.read();
    confluence.page(2, 'Page 2', '<p>New words</p>', { version: 2 });
    confluence.page(3, 'Page 3', '<p>Text 3</p>', { restricted: true });
    confluence.remove(4);
    confluence.page(5, 'Page 5', '<p>Text 5</p>');
    confluence.asked();
    expect(await shelf.read()).toMatchObject({ documents: [{ externalId: '2' }, { externalId: '5' }], unchanged: ['1'], gone: ['3', '4'] });
    expect(confluence.asked().filter((path) => /\/(?:pages|content)\/\d+$/.test(path)).map((path) => path.split('/').at(-1))).toEqual(['2', '5']);
  });

  test('a wrong token is said without showing it, a wrong address too', async () => {
    const wrong = await wiki(kind, {}, { token: 'wrong-token-987654' });
    await expect(wrong.shelf.test()).rejects.toMatchObject({ code: 'refused', message: expect.stringContaining('The token is wrong or has expired.') });
    const told = await wrong.shelf.read().catch((error: Error) => error.message);
    expect(told).not.toContain('wrong-token');
    expect(told).not.toContain(Buffer.from(`${wrong.confluence.user}:wrong-token-987654`).toString('base64'));
    const elsewhere = await wiki(kind, { url: `${new URL(wrong.confluence.url).origin}/elsewhere` });
    await expect(elsewhere.shelf.test()).rejects.toMatchObject({ code: 'unreachable' });
    const { confluence } = await wiki(kind);
    await expect((await wikiAt(confluence, '/elsewhere')).test()).rejects.toMatchObject({ code: 'not-found', message: expect.stringContaining('There is no Confluence at this address') });
  });

  test('it is waited for when it was asked too often; when it fails on the way, what came stays', async () => {
    const { confluence, shelf } = await wiki(kind);
    for (let n = 1; n <= 3; n += 1) confluence.page(n, `Page ${n}`, `<p>Text ${n}</p>`);
    confluence.failWith(null, { status: 429, headers: { 'retry-after': '0.05' }, body: 'Rate limit exceeded' });
    expect(await shelf.read()).toMatchObject({ documents: { length: 3 }, incomplete: null });
    for (let n = 1; n <= 3; n += 1) confluence.page(n, `Page ${n}`, '<p>New</p>', { version: 2 });
    confluence.failWith(null, null, null, { status: 429, headers: { 'retry-after': '900' } });
    expect(await shelf.read()).toMatchObject({ documents: { length: 1 }, incomplete: expect.stringContaining('It asks to wait 15 minutes'), gone: [] });
  });

  test('no more is taken than is set, and a page that is too large does not keep the others', async () => {
    const { confluence, shelf } = await wiki(kind, { pagesMax: 2 }, { bytesMax: 500 });
    for (let n = 1; n <= 3; n += 1) confluence.page(n, `Page ${n}`, `<p>${'x'.repeat(n === 1 ? 1_000 : 1)}</p>`);
    expect(await shelf.read()).toMatchObject({ documents: [{ title: 'Page 2' }], problems: [{ name: 'Page 1', message: expect.stringContaining('larger than') }], incomplete: expect.stringContaining('2 pages') });
  });

  test('a look says how much there is and shows the first pages', async () => {
    const { confluence, shelf } = await wiki(kind);
    await expect(shelf.test()).rejects.toMatchObject({ code: 'not-found' });
    confluence.page(1, 'Welcome', '<h2>Hello</h2><p>there &amp; here.</p>');
    expect(await shelf.test()).toMatchObject({ message: 'There is 1 page to read.', found: 1, sample: [{ title: 'Welcome', text: '### Hello\n\nthere & here.' }] });
    for (let n = 2; n <= 5; n += 1) confluence.page(n, `Page ${n}`, '<p>x</p>');
    expect(await shelf.test()).toMatchObject({ message: 'There are pages to read.', found: null, sample: { length: 3 } });
  });
});

async function wikiAt(confluence: { host: string }, path: string) {
  const egress = createEgress([confluence.host]);
  closing.push(egress);
  return createShelf(confluenceSource, { egress, config: { url: `http://${confluence.host}${path}` }, secrets: { token: TOKEN } });
}

test('the address may be that of any page in it; the token goes only over an encrypted line', async () => {
  expect(['https://acme.atlassian.net', 'https://acme.atlassian.net/wiki/spaces/DOCS/overview?x#y'].map((url) => baseOf(url).href)).toEqual(['https://acme.atlassian.net/wiki/', 'https://acme.atlassian.net/wiki/']);
  expect(['https://wiki.acme.com/', 'https://wiki.acme.com/display/DOCS/Home', 'https://acme.com/confluence/pages/viewpage.action?pageId=1', 'https://acme.com/confluence/', 'https://api.atlassian.com/ex/confluence/1234/wiki'].map((url) => baseOf(url).href))
    .toEqual(['https://wiki.acme.com/', 'https://wiki.acme.com/', 'https://acme.com/confluence/', 'https://acme.com/confluence/', 'https://api.atlassian.com/ex/confluence/1234/wiki/']);
  await expect((await wikiAt({ host: 'wiki.acme.com' }, '')).read()).rejects.toThrow('has to begin with https://');
});

describe('the storage format', () => {
  test.each<[string, string, string]>([
    ['code', '<ac:structured-macro ac:name="code" ac:schema-version="1"><ac:parameter ac:name="language">xml</ac:parameter><ac:parameter ac:name="title">Setup</ac:parameter><ac:plain-text-body><![CDATA[<a href="x">1 & 2</a>]]></ac:plain-text-body></ac:structured-macro>', '<p><strong>Setup</strong></p><pre>&lt;a href="x"&gt;1 &amp; 2&lt;/a&gt;</pre>'],
    ['panels', '<ac:structured-macro ac:name="warning"><ac:parameter ac:name="title">Hot &amp; wet</ac:parameter><ac:rich-text-body><p>Mind it.</p></ac:rich-text-body></ac:structured-macro>', '<div><p><strong>Warning: Hot &amp; wet</strong></p><p>Mind it.</p></div>'],
    ['what is folded away', '<ac:structured-macro ac:name="expand"><ac:parameter ac:name="title">How?</ac:parameter><ac:rich-text-body><p>So.</p></ac:rich-text-body></ac:structured-macro>', '<div><p><strong>How?</strong></p><p>So.</p></div>'],
    ['tables', '<table class="x"><colgroup><col /></colgroup><tbody><tr><th>A</th><td colspan="2">B&nbsp;<br/>C</td></tr></tbody></table>', '<table><tbody><tr><th>A</th><td>B&nbsp;<br>C</td></tr></tbody></table>'],
    ['links', '<p>See <ac:link><ri:page ri:content-title="Start &amp; end" /></ac:link>, <ac:link><ri:page ri:content-title="X"/><ac:plain-text-link-body><![CDATA[here <now>]]></ac:plain-text-link-body></ac:link>, <a href="javascript:x">there</a>, <ac:link><ri:user ri:account-id="1"/></ac:link>.</p>', '<p>See Start &amp; end, here &lt;now&gt;, <a>there</a>, .</p>'],
    ['tasks', '<ac:task-list><ac:task><ac:task-id>1</ac:task-id><ac:task-status>complete</ac:task-status><ac:task-body>Done</ac:task-body></ac:task><ac:task><ac:task-status>incomplete</ac:task-status><ac:task-body><span>Open</span></ac:task-body></ac:task></ac:task-list>', '<ul><li>[x] Done</li><li>[ ] <span>Open</span></li></ul>'],
    ['layouts, statuses, dates, signs, comments', '<ac:layout><ac:layout-section><ac:layout-cell><p>It is <ac:structured-macro ac:name="status"><ac:parameter ac:name="colour">Green</ac:parameter><ac:parameter ac:name="title">LIVE</ac:parameter></ac:structured-macro> since <time datetime="2026-01-02" /> <ac:emoticon ac:name="smile" ac:emoji-fallback="🙂" /><ac:inline-comment-marker ac:ref="r">now</ac:inline-comment-marker></p></ac:layout-cell></ac:layout-section></ac:layout>', '<p>It is LIVE since 2026-01-02 🙂now</p>'],
    ['what is only shown', '<ac:structured-macro ac:name="toc"><ac:parameter ac:name="maxLevel">2</ac:parameter></ac:structured-macro><ac:placeholder>Type here</ac:placeholder><script>steal()</script><style>p{}</style>', ''],
    ['macros yet to come', '<ac:structured-macro ac:name="new-one"><ac:parameter ac:name="id">7</ac:parameter><ac:rich-text-body><p>Inside</p></ac:rich-text-body></ac:structured-macro><ac:adf-extension><ac:adf-node type="panel"><ac:adf-attribute key="k">v</ac:adf-attribute><ac:adf-content><p>twice</p></ac:adf-content></ac:adf-node><ac:adf-fallback><p>Custom</p></ac:adf-fallback></ac:adf-extension>', '<p>Inside</p><p>Custom</p>'],
  ])('keeps %s', (_name, storage, html) => { expect(storageHtml(storage).html).toBe(html); });

  test('files are counted, not read; words of pictures stay', () => {
    expect(storageHtml('<ac:image ac:alt="A plan"><ri:attachment ri:filename="a.png"/></ac:image><ac:link><ri:attachment ri:filename="b.pdf"/></ac:link><ac:structured-macro ac:name="view-file"><ac:parameter ac:name="name"><ri:attachment ri:filename="c.docx"/></ac:parameter></ac:structured-macro>'))
      .toEqual({ html: ' A plan b.pdf', attachments: 3 });
  });

  test('broken and hostile content ends, and says what it can', () => {
    const before = process.threadCpuUsage();
    expect(storageHtml('<p>Open <b>and <ac:link>never closed').html).toContain('Open');
    expect(() => storageHtml('<div>'.repeat(1_000_000))).toThrow('nested too deeply');
    expect(storageHtml(`${'<div><p>a</p>'.repeat(250)}${'<p><![CDATA[<<<]]></p><ac:image/>'.repeat(10_000)}`).html).toContain('&lt;&lt;&lt;');
    storageHtml('<ac:structured-macro ac:name="info"><ac:rich-text-body>'.repeat(150));
    storageHtml(`<p>${'&lt;'.repeat(200_000)}</p>`);
    storageHtml('<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><p>&b;</p>');
    expect(process.threadCpuUsage(before).user / 1_000).toBeLessThan(2_000);
  });

  test('our parser reads what came of it: headings, lists, tables and code in their places', async () => {
    const { html } = storageHtml('<h1>Returns</h1><p>Within <strong>14 days</strong>.</p><table><tbody><tr><th>Item</th><th>Fee</th></tr><tr><td>Lamp</td><td>5</td></tr></tbody></table><ac:structured-macro ac:name="code"><ac:plain-text-body><![CDATA[send --back <id>]]></ac:plain-text-body></ac:structured-macro>');
    const parsed = await parseDocument(Buffer.from(`<!doctype html><html><head><title>Returns</title></head><body>${html}</body></html>`), { fileName: 'Returns.html', mimeType: 'text/html' });
    expect(parsed.ok && parsed.document.blocks.map(({ kind, text }) => [kind, text])).toEqual([['heading', 'Returns'], ['text', 'Within 14 days.'], ['table', '| Item | Fee |\n| Lamp | 5 |'], ['text', 'send --back <id>']]);
  });
});
