import { afterEach, expect, test } from 'vitest';
import { parseDocument } from '../../parse/parse-document.ts';
import { closeSites, page, SiteReaderDouble, startSite } from './testing/site-double.ts';
import { websiteSource } from './website-source.ts';

afterEach(closeSites);

test('a try says what there is: the first pages with their words, and how many the sitemap lists', async () => {
  const site = await startSite({ '/help': page('Help', ['/help/a', '/help/b', '/help/c', '/x.png']), '/help/a': page('Getting started'), '/help/b': page('Prices'), '/help/c': page('C') });
  site.pages['/sitemap.xml'] = { headers: { 'content-type': 'application/xml' }, body: `<urlset>${['/help', '/help/a', '/blog'].map((path) => `<url><loc>${site.url}${path}</loc></url>`).join('')}</urlset>` };
  expect(await new SiteReaderDouble({ url: `${site.url}/help`, include: ['/help'] }).test()).toEqual({
    message: 'The site answers: “Help”. Its first page links to 3 other pages of the site. Its sitemap lists 2 pages.', found: 2,
    sample: [
      { title: 'Help', text: 'Help These are the words of the page about Help. on on on on', url: `${site.url}/help` },
      { title: 'Getting started', text: 'Getting started These are the words of the page about Getting started.', url: `${site.url}/help/a` },
      { title: 'Prices', text: 'Prices These are the words of the page about Prices.', url: `${site.url}/help/b` },
    ],
  });
  expect(site.asked()).toEqual(['/help', '/help/a', '/help/b']);
});

test('a site without a sitemap, and a single page', async () => {
  const site = await startSite({ '/': page('Home', ['/a']), '/a': page('A') });
  expect(await new SiteReaderDouble({ url: site.url }).test()).toMatchObject({ message: 'The site answers: “Home”. Its first page links to one other page of the site.', found: null });
  expect(await new SiteReaderDouble({ url: site.url, depth: 1 }).test()).toMatchObject({ message: 'The site answers: “Home”.', found: null, sample: [{ title: 'Home' }] });
});

test.each<[string, Parameters<typeof startSite>[0], object]>([
  ['nothing there', {}, { code: 'not-found', message: expect.stringContaining('There is no page at') }],
  ['a login', { '/': { status: 401 } }, { code: 'refused', message: 'This page is not open to everyone: the site answers 401.' }],
  ['an error', { '/': { status: 500 } }, { code: 'unexpected', retryable: true }],
  ['a picture', { '/': { headers: { 'content-type': 'image/png' } } }, { code: 'unexpected', message: 'At this address is neither a page nor a document that can be read.' }],
  ['closed to robots', { '/': page('Home'), '/robots.txt': 'User-agent: *\nDisallow: /' }, { code: 'refused', message: expect.stringContaining('robots.txt') }],
  ['pages that ask not to be kept', { '/': page('Home', [], { head: '<meta name=robots content=noindex>' }) }, { code: 'refused' }],
  ['pages that are made by scripts', { '/': '<div id=root></div><script src=a.js></script>' }, { code: 'unexpected', message: 'The site answers, but its pages hold no text without running scripts, which is not done here.' }],
])('%s is told in words', async (_, pages, problem) => {
  const site = await startSite(pages);
  await expect(new SiteReaderDouble({ url: `${site.url}/` }).test()).rejects.toMatchObject({ name: 'SourceError', ...problem });
});

test('a try ends within its time', async () => {
  const site = await startSite({ '/': () => {} });
  const started = performance.now();
  await expect(new SiteReaderDouble({ url: `${site.url}/` }, { limits: { testMs: 600 } }).test()).rejects.toMatchObject({ code: 'unreachable' });
  expect(performance.now() - started).toBeLessThan(3000);
});

test('a site is named by its host and path, and an address with a password is refused', async () => {
  const config = websiteSource.config.parse({ url: 'https://www.example.com/help/' });
  expect([websiteSource.nameOf(config), websiteSource.secretsFor(config)]).toEqual(['www.example.com/help', 'www.example.com']);
  await expect(new SiteReaderDouble({ url: 'http://me:secret@127.0.0.1/' }).read()).rejects.toMatchObject({ code: 'settings' });
});

/** What the parser of documents makes of the only page of a site. */
async function parsedPage(contentType: string, body: string | Buffer) {
  const site = await startSite({ '/': { headers: { 'content-type': contentType }, body } });
  const reader = new SiteReaderDouble({ url: `${site.url}/` });
  const [document] = (await reader.read()).found;
  const { content, title } = document!;
  if (!('bytes' in content)) throw new Error('a page is bytes');
  const parsed = await parseDocument(content.bytes, { fileName: content.fileName, mimeType: content.contentType });
  if (!parsed.ok) throw new Error(parsed.failure.message);
  return { title, sample: (await reader.test()).sample[0]?.text, parsed: parsed.document, words: parsed.document.blocks.map(({ text }) => text).join(' ') };
}

test('what is handed on is read by the parser of documents', async () => {
  const { parsed } = await parsedPage('text/html', page('Returns', [], { text: 'Goods may be returned within fourteen days.' }));
  expect(parsed).toMatchObject({ title: 'Returns', warnings: [] });
});

test.each([
  ['windows-1251', '\xd6\xe5\xed\xfb', 'Цены'],
  ['Shift_JIS', '\x89\xbf\x8a\x69', '価格'],
  ['GBK', '\xcd\xcb\xbb\xf5', '退货'],
])('a page whose encoding only the header names is read right, whatever its own declaration says: %s', async (charset, bytes, words) => {
  for (const head of ['', '<meta charset="iso-8859-1">']) {
    expect(await parsedPage(`text/html; charset="${charset}"`, Buffer.from(page(bytes, [], { head, text: bytes }), 'latin1'))).toMatchObject({
      title: words, sample: `${words} ${words}`, words: `${words} ${words}`, parsed: { title: words, warnings: [] },
    });
  }
  expect(await parsedPage(`text/plain; charset=${charset}`, Buffer.from(bytes, 'latin1'))).toMatchObject({ sample: words, words });
  expect(await parsedPage(`text/html; charset=${charset}`, Buffer.from(`\ufeff${page('Grüße', [], { text: 'Grüße' })}`))).toMatchObject({ title: 'Grüße', words: 'Grüße Grüße' });
});
