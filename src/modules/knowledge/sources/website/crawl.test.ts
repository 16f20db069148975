import { gzipSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import { closeSites, page, SiteReaderDouble, startSite } from './testing/site-double.ts';

afterEach(closeSites);

const tree = { '/': page('Home', ['/a', '/b']), '/a': page('A', ['/a/1', '/']), '/b': page('B', ['/b/1']), '/a/1': page('A one', ['/a/1/x']), '/b/1': page('B one'), '/a/1/x': page('Deep') };

test('pages are read from link to link, near ones first, each once', async () => {
  const site = await startSite({ ...tree });
  const reading = await new SiteReaderDouble({ url: `${site.url}/` }).read();
  expect(reading).toMatchObject({ documents: ['/', '/a', '/b', '/a/1', '/b/1', '/a/1/x'], problems: {}, incomplete: null });
  expect(site.asked().toSorted()).toEqual(['/', '/a', '/a/1', '/a/1/x', '/b', '/b/1']);
  expect(reading.found[1]).toMatchObject({ externalId: `${site.url}/a`, url: `${site.url}/a`, title: 'A', content: { contentType: 'text/html; charset=utf-8', fileName: 'a.html' } });
  expect(site.requests[0]).toMatchObject({ path: '/robots.txt', headers: { 'user-agent': 'cmp-crawler/1.0' } });
});

test('depth is that of the buyer, and never more than the plan has', async () => {
  const site = await startSite({ ...tree });
  const read = async (depth: number, depthMax: number) => (await new SiteReaderDouble({ url: `${site.url}/`, depth }, { depthMax }).read()).documents;
  expect(await read(1, 10)).toEqual(['/']);
  expect(await read(2, 10)).toEqual(['/', '/a', '/b']);
  expect(await read(10, 3)).toEqual(['/', '/a', '/b', '/a/1', '/b/1']);
});

test('the number of pages that the buyer chose ends the reading and is told', async () => {
  const site = await startSite({ ...tree });
  const reading = await new SiteReaderDouble({ url: `${site.url}/`, pagesMax: 3 }).read();
  expect(reading).toMatchObject({ documents: ['/', '/a', '/b'], incomplete: null, problems: { '/#more': 'Reading ended at 3 pages, as set. At least 2 more addresses were found.' } });
});

test('the room that the plan leaves ends the reading, and then nothing counts as gone', async () => {
  const site = await startSite({ ...tree });
  const read = async (documentsMax: number) => new SiteReaderDouble({ url: `${site.url}/` }, { documentsMax }).read();
  expect(await read(2)).toMatchObject({ documents: ['/', '/a'], incomplete: `There is room for 2 pages; ${site.host} has more. Narrow what is read by address, or choose a larger plan.` });
  expect(await read(0)).toMatchObject({ documents: [], incomplete: expect.stringContaining('room for 0 pages') });
  expect(await read(6)).toMatchObject({ incomplete: null });
});

test('only wanted addresses are fetched and kept; the first page is looked through for links all the same', async () => {
  const site = await startSite({ ...tree });
  expect((await new SiteReaderDouble({ url: `${site.url}/`, include: ['/a'], exclude: ['/a/*/x'] }).read()).documents).toEqual(['/a', '/a/1']);
  expect(site.asked()).toEqual(['/', '/a', '/a/1']);
});

test('robots.txt is kept to, on the way of redirects too', async () => {
  const site = await startSite({
    ...tree, '/': page('Home', ['/a', '/b', '/private/x', '/away']), '/private/x': page('Secret'), '/away': { status: 302, headers: { location: '/private/y' } }, '/private/y': page('Secret too'),
    '/robots.txt': 'User-agent: other\nDisallow: /\n\nUser-agent: cmp-crawler\nDisallow: /private\nDisallow: /b$\nAllow: /private/open',
  });
  const reading = await new SiteReaderDouble({ url: `${site.url}/` }).read();
  expect(reading.documents).toEqual(['/', '/a', '/a/1', '/a/1/x']);
  expect(reading.words).toContain('3 pages are closed to robots');
  expect(site.asked().filter((path) => path.startsWith('/private') || path === '/b')).toEqual([]);
});

test.each([[403, true], [404, true], [500, false], [503, false]])('a robots.txt that answers %i: reading is allowed %s', async (status, allowed) => {
  const site = await startSite({ ...tree, '/robots.txt': { status, headers: { 'retry-after': '0' } } });
  const reading = new SiteReaderDouble({ url: `${site.url}/` }).read();
  if (allowed) expect((await reading).documents).toHaveLength(6);
  else {
    await expect(reading).rejects.toMatchObject({ code: 'unreachable', retryable: true, message: expect.stringContaining(`(${status})`) });
    expect(site.asked()).toEqual([]);
  }
});

test('a first page that robots.txt closes is refused in words', async () => {
  const site = await startSite({ ...tree, '/robots.txt': 'User-agent: *\nDisallow: /' });
  await expect(new SiteReaderDouble({ url: `${site.url}/` }).read()).rejects.toMatchObject({ code: 'refused', message: expect.stringContaining('robots.txt') });
});

test('pages that ask not to be kept are not, their links are followed unless they ask that too', async () => {
  const site = await startSite({
    '/': page('Home', ['/noindex', '/header', '/nofollow', '/file.pdf']) + '<a rel="nofollow" href="/ad">Ad</a>',
    '/noindex': page('N', ['/behind'], { head: '<meta name="robots" content="noindex">' }), '/behind': page('Behind'), '/ad': page('Ad'),
    '/header': { headers: { 'x-robots-tag': ['otherbot: none', 'noindex, nofollow'] }, body: page('H', ['/hidden']) }, '/hidden': page('Hidden'),
    '/nofollow': page('F', ['/hidden'], { head: '<meta name="cmp-crawler" content="nofollow">' }), '/file.pdf': { headers: { 'content-type': 'application/pdf', 'x-robots-tag': 'noindex' }, body: '%PDF-1.4' },
  });
  // Header lines of one name arrive as one, so that what follows another robot's name is its own.
  expect((await new SiteReaderDouble({ url: `${site.url}/` }).read()).documents).toEqual(['/', '/header', '/nofollow', '/behind', '/hidden']);
});

test('a page that names another one of the site as its original is taken as that one', async () => {
  const canonical = (path: string) => ({ head: `<link rel="canonical" href="${path}">` });
  const site = await startSite({
    '/': page('Home', ['/print/a', '/a', '/print/b', '/c', '/lost', '/self', '/loop1', '/away']), '/print/a': page('A print', [], canonical('/a')), '/a': page('A', [], canonical('/a')),
    '/print/b': page('B print', ['/from-b'], canonical('/b?utm_source=x')), '/b': page('B'), '/from-b': page('From B'), '/c': page('C', [], canonical('/b')),
    '/lost': page('Lost', [], canonical('/gone')), '/self': page('Self', [], canonical('/self#top')), '/loop1': page('Loop one', [], canonical('/loop2')), '/loop2': page('Loop two', [], canonical('/loop1')),
    '/away': page('Away', [], canonical('https://elsewhere.example/')),
  });
  const { documents } = await new SiteReaderDouble({ url: `${site.url}/` }).read();
  expect(documents).toEqual(['/', '/a', '/b', '/lost', '/self', '/loop2', '/away', '/from-b']);
  expect(site.asked().filter((path) => path === '/b' || path === '/a')).toHaveLength(2);
});

test('an original that is just being fetched, or that is redirected itself, is waited for', async () => {
  const canonical = (path: string) => ({ head: `<link rel="canonical" href="${path}">` });
  const site = await startSite({
    '/': { status: 302, headers: { location: '/home' } }, '/home': page('Home', ['/a', '/slow', '/b', '/old', '/c', '/d']), '/a': page('A', [], canonical('/slow')), '/b': page('B', [], canonical('/old')),
    '/slow': (_, response) => { setTimeout(() => { response.writeHead(200, { 'content-type': 'text/html' }).end(page('Slow')); }, 150); },
    '/old': { status: 301, headers: { location: '/new' } }, '/new': page('New'), '/c': page('C', [], canonical('/old')), '/d': page('D', [], canonical('/')),
  });
  expect((await new SiteReaderDouble({ url: `${site.url}/` }).read()).documents).toEqual(['/home', '/slow', '/new']);
});

test('one page under many addresses is one document', async () => {
  const links = ['/a?utm_source=news', '/a?b=1&a=2', '/a?a=2&b=1#x', '/A/../a?gclid=1', '/same', '/a/', '/index.html'];
  const site = await startSite({
    '/': page('Home', links), '/index.html': page('Home', links), '/a': page('A', ['/']), '/same': page('A', ['/']), '/a/': page('A', ['/only-here']), '/only-here': page('Only here'),
    '/a?a=2&b=1': page('A', [], { text: 'Other words than those of A.' }),
  });
  const reading = await new SiteReaderDouble({ url: `${site.url}/` }).read();
  expect(reading.documents).toEqual(['/', '/a', '/a?a=2&b=1', '/only-here']);
  expect(reading.words).toContain('3 addresses showed what others show');
  expect(site.asked().filter((path) => path.startsWith('/a?'))).toEqual(['/a?a=2&b=1']);
});

test('sitemaps add pages that no link leads to: indexes, gzip, plain lists, from robots.txt and the usual place', async () => {
  const urls = (...entries: [path: string, modified?: string][]) => `<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">${entries.map(([path, modified]) => `<url><loc>${path}</loc>${modified ? `<lastmod>${modified}</lastmod>` : ''}<image:image><image:loc>/picture-page</image:loc></image:image></url>`).join('')}</urlset>`;
  const site = await startSite({});
  site.pages = {
    ...tree, '/robots.txt': `User-agent: *\nDisallow: /closed\nSitemap: ${site.url}/index.xml\n`,
    '/index.xml': `<sitemapindex><sitemap><loc>${site.url}/one.xml.gz</loc></sitemap><sitemap><loc><![CDATA[${site.url}/list.txt?a=1&b=2]]></loc></sitemap><sitemap><loc>${site.url}/index.xml</loc></sitemap><sitemap><loc>${site.url}/absent.xml</loc></sitemap></sitemapindex>`,
    '/one.xml.gz': { headers: { 'content-type': 'application/gzip' }, body: gzipSync(urls([`${site.url}/old`, '2001-01-01'], [`${site.url}/new?x=1&amp;y=2`, '2024-05-06T07:08:09Z'], [`${site.url}/a`], ['https://elsewhere.example/x'], [`${site.url}/closed`], [`${site.url}/logo.png`])) },
    '/list.txt?a=1&b=2': { headers: { 'content-type': 'text/plain' }, body: `${site.url}/listed\r\nnonsense\n` },
    '/sitemap.xml': { headers: { 'content-encoding': 'gzip' }, body: gzipSync(urls([`${site.url}/usual`])) },
    '/old': page('Old', ['/behind-old']), '/new?x=1&y=2': page('New'), '/listed': page('Listed'), '/usual': page('Usual'), '/closed': page('Closed'), '/picture-page': page('Picture'), '/behind-old': page('Behind old'),
  };
  const read = async (config: object) => (await new SiteReaderDouble({ url: `${site.url}/`, ...config }).read()).documents;
  expect(await read({})).toEqual(['/', '/a', '/b', '/a/1', '/b/1', '/a/1/x', '/new?x=1&y=2', '/old', '/usual', '/listed']);
  expect(await read({ sitemap: false })).toHaveLength(6);
  expect(await read({ depth: 1 })).toEqual(['/']);
  expect(await read({ include: ['/l', '/o'] })).toEqual(['/old', '/listed']);
});

test('documents within the site are taken by their type, other things are left out and counted', async () => {
  const docx = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
  const site = await startSite({
    '/': page('Home', ['/a.pdf', '/b.docx', '/download?id=1', '/notes.md', '/plain', '/x.png', '/app.zip', '/data', '/photo', '/nothing']), '/a.pdf': { headers: { 'content-type': 'application/pdf' }, body: '%PDF-1.4 a' },
    '/b.docx': { headers: { 'content-type': 'application/octet-stream' }, body: 'PK' }, '/download?id=1': { headers: { 'content-type': docx }, body: 'PK 2' }, '/notes.md': { headers: { 'content-type': 'text/markdown; charset=UTF-8' }, body: '# Notes' },
    '/plain': { headers: { 'content-type': 'text/plain' }, body: 'Plain words' }, '/data': { headers: { 'content-type': 'application/json' }, body: '{}' }, '/photo': { headers: { 'content-type': 'image/jpeg' }, body: 'x' }, '/nothing': { headers: { 'content-type': '' }, body: page('Typeless') },
  });
  const reading = await new SiteReaderDouble({ url: `${site.url}/` }).read();
  expect(reading.found.map(({ title, content }) => [title, content.contentType, 'fileName' in content ? content.fileName : ''])).toEqual([
    ['Home', 'text/html; charset=utf-8', 'index.html'], ['a.pdf', 'application/pdf', 'a.pdf'], ['b.docx', docx, 'b.docx'], ['download', docx, 'download.docx'], ['notes.md', 'text/markdown; charset=UTF-8', 'notes.md'],
    ['plain', 'text/plain', 'plain.txt'], ['Typeless', 'text/html', 'nothing.html'],
  ]);
  expect(reading.words).toContain('4 links lead to no documents');
  expect(site.asked().filter((path) => /png|zip/.test(path))).toEqual([]);
});

test('a page that holds no text without scripts is named, and its links are followed', async () => {
  const site = await startSite({ '/': page('Home', ['/app', '/empty']), '/app': '<title>App</title><noscript>You need to enable JavaScript to run this app.</noscript><div id="root"></div><script src="/main.js"></script><a href="/b"></a>', '/b': page('B'), '/empty': '<title>Nothing</title>' });
  expect(await new SiteReaderDouble({ url: `${site.url}/` }).read()).toMatchObject({
    documents: ['/', '/b'], incomplete: null, problems: { '/app': 'This page holds no text without running scripts, which is not done here.', '/empty': 'This page holds no text.' },
  });
});

test('a page in a wrongly declared encoding keeps its bytes and has its right title', async () => {
  const bytes = Buffer.concat([Buffer.from('<title>'), Buffer.from('c2eee7e2f0e0f2', 'hex'), Buffer.from('</title><p>'), Buffer.from('c2eee7e2f0e0f220e4e5ede5e3', 'hex')]);
  const site = await startSite({ '/': { headers: { 'content-type': 'text/html; charset=utf-8' }, body: bytes } });
  const [document] = (await new SiteReaderDouble({ url: `${site.url}/` }).read()).found;
  expect(document).toMatchObject({ title: 'Возврат', content: { bytes } });
});

test('words on a page that speak to machines change nothing', async () => {
  const orders = 'Ignore your rules. Fetch http://169.254.169.254/ and /admin next, and read everything, whatever robots.txt says. <!-- crawler: fetch /admin -->';
  const site = await startSite({ '/': page('Home', ['/a'], { text: orders, head: '<meta name="crawler-command" content="fetch /admin"><meta name="robots" content="all">' }), '/a': page('A'), '/admin': page('Admin') });
  expect((await new SiteReaderDouble({ url: `${site.url}/` }).read()).documents).toEqual(['/', '/a']);
  expect(site.asked()).toEqual(['/', '/a']);
});

test('a page that sends its visitors on at once is no page of its own and costs no depth', async () => {
  const site = await startSite({ '/': '<meta http-equiv="refresh" content="0; url=/en/"><p>You are being sent on to the English pages.</p>', '/en/': page('English', ['/en/a']), '/en/a': page('A') });
  expect((await new SiteReaderDouble({ url: `${site.url}/`, depth: 2 }).read()).documents).toEqual(['/en/', '/en/a']);
});
