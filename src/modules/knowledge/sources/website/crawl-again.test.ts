import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { closeSites, page, type SiteDouble, SiteReaderDouble, startSite } from './testing/site-double.ts';

afterEach(closeSites);

/** A page as a server with entity tags gives it. */
const tagged = (html: string) => (request: IncomingMessage, response: ServerResponse): void => {
  const etag = `"${createHash('sha1').update(html).digest('hex')}"`;
  if (request.headers['if-none-match'] === etag) response.writeHead(304, { etag }).end();
  else response.writeHead(200, { 'content-type': 'text/html', etag }).end(html);
};
const conditions = (site: SiteDouble, from: number) => Object.fromEntries(site.requests.slice(from).filter(({ path }) => path !== '/robots.txt' && path !== '/sitemap.xml').map(({ path, headers }) => [path, Boolean(headers['if-none-match'] ?? headers['if-modified-since'])]));

test('a second reading asks with the tags of the first, follows the links of what did not change, and sees what did', async () => {
  const site = await startSite({ '/': tagged(page('Home', ['/a', '/b', '/c'])), '/a': tagged(page('A', ['/a/1'])), '/a/1': tagged(page('A one')), '/b': tagged(page('B')), '/c': tagged(page('C')) });
  const reader = new SiteReaderDouble({ url: `${site.url}/` });
  expect((await reader.read()).documents).toEqual(['/', '/a', '/b', '/c', '/a/1']);
  const from = site.requests.length;
  expect(await reader.read()).toMatchObject({ documents: [], unchanged: ['/', '/a', '/b', '/c', '/a/1'], incomplete: null });
  expect(conditions(site, from)).toEqual({ '/': true, '/a': true, '/b': true, '/c': true, '/a/1': true });
  site.pages = { ...site.pages, '/b': tagged(page('B, changed', ['/new'])), '/new': tagged(page('New')), '/c': { status: 404 } };
  expect(await reader.read()).toMatchObject({ documents: ['/b', '/new'], unchanged: ['/', '/a', '/a/1'], problems: {}, incomplete: null });
  expect(reader.kept()).toEqual(['/', '/a', '/a/1', '/b', '/new']);
});

test('dates of change serve where there are no tags', async () => {
  const modified = 'Tue, 05 Nov 2024 10:00:00 GMT';
  const site = await startSite({ '/': (request, response) => {
    if (request.headers['if-modified-since'] === modified) response.writeHead(304).end();
    else response.writeHead(200, { 'content-type': 'text/html', 'last-modified': modified }).end(page('Home'));
  } });
  const reader = new SiteReaderDouble({ url: `${site.url}/` });
  expect((await reader.read()).found[0]?.metadata).toEqual({ modified: '2024-11-05T10:00:00.000Z' });
  expect(await reader.read()).toMatchObject({ documents: [], unchanged: ['/'] });
});

test('without either a page is fetched again, and what is made anew for each visitor is no change', async () => {
  let visit = 0;
  const site = await startSite({
    '/': (_, response) => { visit += 1; response.writeHead(200, { 'content-type': 'text/html', etag: `"${visit}"` }).end(page('Home', ['/a'], { head: `<meta name="csrf" content="${visit}">` })); },
    '/a': page('A'),
  });
  const reader = new SiteReaderDouble({ url: `${site.url}/` });
  await reader.read();
  expect(await reader.read()).toMatchObject({ documents: [], unchanged: ['/', '/a'] });
  site.pages['/a'] = page('A', [], { text: 'New words stand here now.' });
  expect(await reader.read()).toMatchObject({ documents: ['/a'], unchanged: ['/'] });
});

test('the same bytes under a new tag are handed on, so that the tag is kept', async () => {
  const html = page('Home');
  let etag = '"first"';
  const site = await startSite({ '/': (request, response) => {
    if (request.headers['if-none-match'] === etag) response.writeHead(304).end();
    else response.writeHead(200, { 'content-type': 'text/html', etag }).end(html);
  } });
  const reader = new SiteReaderDouble({ url: `${site.url}/` });
  await reader.read();
  etag = '"second"';
  expect((await reader.read()).documents).toEqual(['/']);
  expect((await reader.read()).unchanged).toEqual(['/']);
});

test('without the checkpoint pages are fetched anew, since their links are not known', async () => {
  const site = await startSite({ '/': tagged(page('Home', ['/a'])), '/a': tagged(page('A')) });
  const reader = new SiteReaderDouble({ url: `${site.url}/`, depth: 2 });
  await reader.read();
  reader.checkpoint = null;
  const from = site.requests.length;
  expect(await reader.read()).toMatchObject({ documents: [], unchanged: ['/', '/a'] });
  // The last level has no links to follow, so it may be asked all the same.
  expect(conditions(site, from)).toEqual({ '/': false, '/a': true });
});

test('a reading that goes deeper than the last one follows the links of pages that did not change', async () => {
  const site = await startSite({ '/': tagged(page('Home', ['/a'])), '/a': tagged(page('A', ['/a/1'])), '/a/1': tagged(page('A one')) });
  const reader = new SiteReaderDouble({ url: `${site.url}/`, depth: 2 });
  await reader.read();
  reader.checkpoint = null;
  expect((await reader.read()).unchanged).toEqual(['/', '/a']);
  reader.change({ depth: 3 });
  expect(await reader.read()).toMatchObject({ documents: ['/a/1'], unchanged: ['/', '/a'] });
  reader.change({ depth: 1 });
  await reader.read();
  expect(reader.kept()).toEqual(['/']);
});

test('a page that fails today is named, and neither it nor what it links to counts as gone', async () => {
  const site = await startSite({ '/': page('Home', ['/a', '/b']), '/a': page('A', ['/a/1']), '/a/1': page('A one'), '/b': page('B') });
  const reader = new SiteReaderDouble({ url: `${site.url}/` });
  await reader.read();
  const { '/a': a = '', ...rest } = site.pages;
  site.pages = { ...rest, '/a': { status: 500 } };
  expect(await reader.read()).toMatchObject({ documents: [], unchanged: ['/', '/b', '/a/1'], incomplete: null, problems: { '/a': 'The site answers this page with an error (500).' } });
  site.pages = { ...rest, '/a': (request) => { request.socket.destroy(); } };
  expect(Object.keys((await reader.read()).problems)).toEqual(['/a']);
  site.pages = { ...rest, '/a': { status: 403 } };
  expect((await reader.read()).problems['/a']).toContain('403');
  expect(reader.kept()).toEqual(['/', '/a', '/a/1', '/b']);
  site.pages = { ...rest, '/a': a };
  expect((await reader.read()).problems).toEqual({});
  site.pages = { ...rest, '/a': { status: 410 } };
  await reader.read();
  expect(reader.kept()).toEqual(['/', '/b']);
});

test('a sitemap that fails today makes nothing gone, one that was never there does not matter', async () => {
  const site = await startSite({ '/': page('Home'), '/listed': page('Listed') });
  const urlset = (path: string) => ({ headers: { 'content-type': 'application/xml' }, body: `<urlset><url><loc>${site.url}${path}</loc></url></urlset>` });
  site.pages['/sitemap.xml'] = urlset('/listed');
  const reader = new SiteReaderDouble({ url: `${site.url}/` });
  expect((await reader.read()).documents).toEqual(['/', '/listed']);
  site.pages['/sitemap.xml'] = { status: 500 };
  expect(await reader.read()).toMatchObject({ unchanged: ['/'], incomplete: 'The sitemap could not be read this time.' });
  expect(reader.kept()).toEqual(['/', '/listed']);
  site.pages['/sitemap.xml'] = urlset('/');
  expect((await reader.read()).incomplete).toBeNull();
  expect(reader.kept()).toEqual(['/']);
  const other = new SiteReaderDouble({ url: `${site.url}/` });
  site.pages['/sitemap.xml'] = { status: 500 };
  expect((await other.read()).incomplete).toBeNull();
});

test('a page that asks not to be kept, or is closed by robots.txt since, goes', async () => {
  const site = await startSite({ '/': page('Home', ['/a', '/b']), '/a': page('A'), '/b': page('B') });
  const reader = new SiteReaderDouble({ url: `${site.url}/` });
  await reader.read();
  site.pages = { ...site.pages, '/a': page('A', [], { head: '<meta name="robots" content="noindex">' }), '/robots.txt': 'User-agent: *\nDisallow: /b' };
  await reader.read();
  expect(reader.kept()).toEqual(['/']);
});
