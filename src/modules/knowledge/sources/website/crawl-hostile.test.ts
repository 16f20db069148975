import { gzipSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import { createEgress } from '#platform/egress/egress.ts';
import { closeSites, type DoublePage, page, type Reading, SiteReaderDouble, startSite } from './testing/site-double.ts';

afterEach(closeSites);
/** The good page stands after the bad one, to show that the others go on. */
const beside = async (bad: DoublePage, options: ConstructorParameters<typeof SiteReaderDouble>[1] = {}): Promise<Reading> => {
  const site = await startSite({ '/': page('Home', ['/bad', '/good']), '/bad': bad, '/good': page('Good') });
  return new SiteReaderDouble({ url: `${site.url}/` }, options).read();
};
const redirect = (location: string, status = 302) => ({ status, headers: { location } });

test('private addresses in links, redirects, sitemaps and robots.txt get no connection', async () => {
  const inside = await startSite({ '*': page('Inside') });
  const targets = [`${inside.url}/link`, 'http://169.254.169.254/latest/meta-data', 'http://[::1]/', 'http://2130706433/', 'http://0x7f000001/'];
  const site = await startSite({
    '/': page('Home', [...targets, '/away', '/local', '/good', `//${inside.host}/x`, `http:\\\\${inside.host}\\y`]), '/away': redirect(`${inside.url}/redirect`), '/local': redirect('http://169.254.169.254/'), '/good': page('Good'),
    '/robots.txt': `Sitemap: ${inside.url}/sitemap.xml\nSitemap: http://10.0.0.1/sitemap.xml`, '/sitemap.xml': { headers: { 'content-type': 'application/xml' }, body: `<sitemapindex><sitemap><loc>${inside.url}/two.xml</loc></sitemap></sitemapindex>` },
  });
  const reading = await new SiteReaderDouble({ url: `${site.url}/` }).read();
  expect(inside.requests).toEqual([]);
  expect(reading).toMatchObject({ documents: ['/', '/good'], problems: {}, incomplete: null });
  expect(reading.words).toContain('2 pages lead to another site');
});

test('a first page that is redirected inside is refused like one that is closed or does not exist', async () => {
  const inside = await startSite({ '*': page('Inside') });
  const site = await startSite({ '/': redirect(`${inside.url}/`), '/file': redirect('file:///etc/passwd'), '/gopher': redirect('gopher://127.0.0.1:70/'), '/data': redirect('data:text/html,<p>x</p>') });
  const messageOf = async (url: string, allow = [site.host]) => {
    const reader = new SiteReaderDouble({ url }, { egress: createEgress(allow) });
    const read = await reader.read().catch((error: Error) => error.message);
    expect(await reader.test().catch((error: Error) => error.message)).toBe(read);
    return read;
  };
  const closed = await startSite();
  await closed.close();
  const messages = new Set([await messageOf(`${site.url}/`), await messageOf('http://10.1.2.3/'), await messageOf('http://169.254.169.254/'), await messageOf('http://[::1]:5432/'), await messageOf('http://does-not-exist.invalid/'), await messageOf(`${closed.url}/`, [closed.host])]);
  expect([...messages]).toEqual(['This address cannot be reached. Check that it is right, and open to everyone on the internet.']);
  expect(inside.requests).toEqual([]);
  const nowhere = 'This address is redirected to something that is no page of the web.';
  expect([await messageOf(`${site.url}/file`), await messageOf(`${site.url}/gopher`), await messageOf(`${site.url}/data`)]).toEqual([nowhere, nowhere, nowhere]);
});

test('the site is where the first page is redirected to; elsewhere a redirect to another host is left out', async () => {
  const other = await startSite({ '/en': page('Other', ['/en/a', '/back']), '/en/a': page('A'), '/back': page('Back') });
  const site = await startSite({ '/': redirect(`${other.url}/en`, 301), '/a': page('Never') });
  other.pages['/back'] = redirect(`${site.url}/a`);
  const reading = await new SiteReaderDouble({ url: `${site.url}/` }, { egress: createEgress([site.host, other.host]) }).read();
  expect(reading.found.map(({ url }) => url)).toEqual([`${other.url}/en`, `${other.url}/en/a`]);
  expect(site.asked()).toEqual(['/']);
});

test('redirects end: in circles, at twenty hops, with parameters we leave out', async () => {
  const site = await startSite({
    '/': page('Home', ['/loop', '/hop0', '/old', '/session', '/self']), '/loop': redirect('/loop2'), '/loop2': redirect('/loop'), '/old': redirect('/new'), '/new': page('New'), '/self': redirect('/self'),
    '/session': redirect('/session?PHPSESSID=abc'), '/session?PHPSESSID=abc': page('Session'), ...Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`/hop${n}`, redirect(`/hop${n + 1}`)])),
  });
  const reading = await new SiteReaderDouble({ url: `${site.url}/` }).read();
  expect(reading.documents).toEqual(['/', '/new', '/session']);
  expect(reading.problems).toEqual({ '/hop0': 'This address is redirected in circles, or too often.', '/self': 'This address is redirected in circles, or too often.' });
  expect(site.asked().filter((path) => path.startsWith('/hop'))).toHaveLength(6);
  await expect(new SiteReaderDouble({ url: `${site.url}/loop` }).read()).rejects.toMatchObject({ code: 'unexpected' });
});

test('a calendar, growing paths and visits in the address take a bounded share', async () => {
  const site = await startSite({ '/': page('Home', ['/calendar?month=1', '/grow/', '/visit?token=1', '/good']), '/good': page('Good') });
  site.pages['*'] = (request, response) => {
    const url = new URL(request.url ?? '/', site.url);
    const month = Number(url.searchParams.get('month'));
    const html = url.pathname === '/calendar' ? page(`Month ${month}`, Array.from({ length: 12 }, (_, n) => `/calendar?month=${month * 12 + n}`))
      : url.pathname.startsWith('/grow/') ? page(`Grown to ${url.pathname.length}`, ['grow/', 'grow/more/'])
        : url.pathname === '/visit' ? page('Visit', Array.from({ length: 12 }, (_, n) => `/visit?token=${Math.random().toString(36)}${n}`)) : null;
    response.writeHead(html === null ? 404 : 200, { 'content-type': 'text/html' }).end(html ?? '');
  };
  const reading = await new SiteReaderDouble({ url: `${site.url}/`, depth: 10, pagesMax: 100 }).read();
  const count = (start: string) => reading.documents.filter((path) => path.startsWith(start)).length;
  expect([count('/calendar'), count('/visit'), count('/good')]).toEqual([25, 1, 1]);
  expect(count('/grow')).toBeLessThan(15);
  expect(reading.incomplete).toBeNull();
  expect(reading.words).toContain('endless number');
  expect(site.requests.length).toBeLessThan(100);
});

test('an endless body ends at the size of a page', async () => {
  let sent = 0;
  const reading = await beside((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' });
    const more = () => { while (!response.destroyed && response.write('x'.repeat(65_536))) sent += 65_536; };
    response.on('drain', more);
    more();
  }, { bytesMax: 500_000 });
  expect(reading).toMatchObject({ documents: ['/', '/good'], incomplete: null, problems: { '/bad': 'This page is larger than the 488 kB that are read of one.' } });
  expect(sent).toBeLessThan(10_000_000);
});

test('a body that announces itself as too large is not read', async () => {
  const reading = await beside((_, response) => { response.writeHead(200, { 'content-type': 'application/pdf', 'content-length': '4000000000' }).write('%PDF-'); });
  expect(reading).toMatchObject({ documents: ['/', '/good'], problems: { '/bad': expect.stringContaining('larger than') } });
});

test('a gzip bomb ends at what it becomes', async () => {
  const bomb = gzipSync(Buffer.alloc(60_000_000), { level: 9 });
  // Were it unpacked to its end, the bytes of the whole reading would be used up.
  const reading = await beside({ headers: { 'content-type': 'text/html', 'content-encoding': 'gzip' }, body: bomb }, { limits: { totalBytesMax: 6_000_000 } });
  expect(reading).toMatchObject({ documents: ['/', '/good'], incomplete: null, problems: { '/bad': 'This page is larger than the 5 MB that are read of one.' } });
});

test('compressed pages are read; damaged and unknown compression is named', async () => {
  expect((await beside({ headers: { 'content-encoding': 'gzip' }, body: gzipSync(page('Packed')) })).documents).toEqual(['/', '/bad', '/good']);
  expect((await beside({ headers: { 'content-encoding': 'gzip' }, body: page('Not packed') })).problems['/bad']).toContain('damaged');
  expect((await beside({ headers: { 'content-encoding': 'compress' }, body: page('x') })).problems['/bad']).toContain('cannot be read');
});

test('a byte a moment, silence, and an answer that never begins are given up', async () => {
  const limits = { firstByteMs: 300, idleMs: 300, answerMs: 700 };
  const drip = await beside((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' });
    const timer = setInterval(() => { response.write('x'); }, 50);
    response.on('close', () => { clearInterval(timer); });
  }, { limits });
  expect(drip).toMatchObject({ documents: ['/', '/good'], problems: { '/bad': 'The answer took longer than a second.' } });
  const silent = await beside((_, response) => { response.writeHead(200, { 'content-type': 'text/html' }).write('x'); }, { limits });
  expect(silent.problems['/bad']).toContain('fell silent');
  const never = await beside(() => {}, { limits });
  expect(never).toMatchObject({ documents: ['/', '/good'], problems: { '/bad': expect.stringContaining('did not answer') } });
});

test('ten thousand headers are refused', async () => {
  const reading = await beside((_, response) => {
    response.socket?.end(`HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n${Array.from({ length: 10_000 }, (__, n) => `x-header-${n}: ${'y'.repeat(50)}\r\n`).join('')}\r\nbody`);
  });
  expect(reading.documents).toEqual(['/', '/good']);
  expect(Object.keys(reading.problems)).toEqual(['/bad']);
});

test('of a giant robots.txt the first half megabyte counts, of a giant sitemap what comes until its bound', async () => {
  const line = `Disallow: /x/${'y'.repeat(80)}\n`;
  const site = await startSite({ '/': page('Home', ['/private', '/good']), '/private': page('Private'), '/good': page('Good'), '/listed': page('Listed') });
  site.pages['/robots.txt'] = `User-agent: *\nDisallow: /private\n${line.repeat(100_000)}Disallow: /good\n`;
  site.pages['/sitemap.xml'] = (_, response) => {
    response.writeHead(200, { 'content-type': 'application/xml' }).write(`<urlset><url><loc>${site.url}/listed</loc></url>`);
    const more = () => { while (!response.destroyed && response.write(`<url><loc>https://elsewhere.example/${'z'.repeat(1000)}</loc></url>`.repeat(50))) { /* until the buffer is full */ } };
    response.on('drain', more);
    more();
  };
  const started = performance.now();
  const reading = await new SiteReaderDouble({ url: `${site.url}/` }, { limits: { sitemapBytesMax: 3_000_000 } }).read();
  expect(reading).toMatchObject({ documents: ['/', '/good', '/listed'], incomplete: null });
  expect(performance.now() - started).toBeLessThan(10_000);
});

test('an index of sitemaps without end is left at its bound', async () => {
  const site = await startSite({ '/': page('Home') });
  let files = 0;
  site.pages['*'] = (request, response) => {
    if (request.url === '/robots.txt') { response.writeHead(404).end(); return; }
    files += 1;
    response.writeHead(200, { 'content-type': 'application/xml' }).end(`<sitemapindex>${Array.from({ length: 5 }, (_, n) => `<sitemap><loc>${site.url}/s${files}-${n}.xml</loc></sitemap>`).join('')}</sitemapindex>`);
  };
  expect((await new SiteReaderDouble({ url: `${site.url}/` }, { limits: { sitemapsMax: 10 } }).read()).documents).toEqual(['/']);
  expect(files).toBe(10);
});

test('a site that asks for rest gets it, and its page on the second try', async () => {
  let asked = 0;
  const site = await startSite({ '/': page('Home', ['/busy', '/a', '/b']), '/a': page('A'), '/b': page('B') });
  site.pages['/busy'] = (_, response) => {
    asked += 1;
    if (asked === 1) response.writeHead(429, { 'retry-after': '1' }).end();
    else response.writeHead(200, { 'content-type': 'text/html' }).end(page('Busy'));
  };
  expect((await new SiteReaderDouble({ url: `${site.url}/` }).read()).documents).toEqual(['/', '/busy', '/a', '/b']);
  const first = site.requests.find(({ path }) => path === '/busy')?.at ?? 0;
  // What was not under way already waits too.
  expect(site.requests.filter(({ at }) => at > first && at < first + 990).length).toBeLessThanOrEqual(1);
});

test('one that asks to come back much later is left in peace, and nothing counts as gone', async () => {
  const site = await startSite({ '/': page('Home', ['/a', '/b', '/c', '/d', '/e', '/f']), '*': (request, response) => { response.writeHead(request.url === '/robots.txt' ? 404 : 429, { 'retry-after': '3600' }).end(); } });
  const reading = await new SiteReaderDouble({ url: `${site.url}/` }).read();
  expect(reading).toMatchObject({ documents: ['/'], incomplete: 'The site asks to come back later. The rest comes with the next reading.' });
  expect(reading.problems['/a']).toBe('The site asks to come back later (429, in 3600 seconds).');
  expect(site.asked().length).toBeLessThanOrEqual(5);
});

test('never more than two requests at once, with the pause between them that we keep or the site asks for', async () => {
  const many = Object.fromEntries(Array.from({ length: 8 }, (_, n) => [`/p${n}`, page(`Page ${n}`)]));
  const site = await startSite({ '/': page('Home', Object.keys(many)) });
  let open = 0;
  let most = 0;
  site.pages['*'] = (request, response) => {
    const html = many[request.url ?? ''];
    open += 1;
    most = Math.max(most, open);
    setTimeout(() => { open -= 1; response.writeHead(html ? 200 : 404, { 'content-type': 'text/html' }).end(html ?? ''); }, 60);
  };
  await new SiteReaderDouble({ url: `${site.url}/`, sitemap: false }).read();
  expect(most).toBe(2);
  const gaps = async (limits: object) => {
    const from = site.requests.length;
    await new SiteReaderDouble({ url: `${site.url}/`, sitemap: false, pagesMax: 5 }, { limits }).read();
    const times = site.requests.slice(from).map(({ at }) => at);
    return ((times.at(-1) ?? 0) - (times[0] ?? 0)) / (times.length - 1);
  };
  expect(await gaps({ pauseMs: 100 })).toBeGreaterThan(90);
  site.pages['/robots.txt'] = 'User-agent: *\nCrawl-delay: 0.2';
  expect(await gaps({})).toBeGreaterThan(190);
  site.pages['/robots.txt'] = 'User-agent: *\nCrawl-delay: 86400';
  expect(await gaps({ delayMaxMs: 100 })).toBeLessThan(1000);
});

test('the time and the bytes of a whole reading are bounded, and what was found stays', async () => {
  const site = await startSite({ '/': page('Home', Array.from({ length: 80 }, (_, n) => `/p${n}`)) });
  site.pages['*'] = (request, response) => { setTimeout(() => { response.writeHead(request.url === '/robots.txt' ? 404 : 200, { 'content-type': 'text/html' }).end(page(`Page ${request.url}`)); }, 50); };
  const slow = await new SiteReaderDouble({ url: `${site.url}/` }, { limits: { totalMs: 1000 } }).read();
  expect(slow.incomplete).toBe('Reading ended after 1 min.');
  expect(slow.documents.length).toBeGreaterThan(1);
  expect(slow.documents.length).toBeLessThan(60);
  const large = await new SiteReaderDouble({ url: `${site.url}/` }, { limits: { totalBytesMax: 4000 } }).read();
  expect(large.incomplete).toContain('Reading ended after');
  expect(large.documents[0]).toBe('/');
});

test('a reading that is stopped ends at once, with what stopped it', async () => {
  const controller = new AbortController();
  const site = await startSite({ '/': page('Home', ['/slow']), '/slow': () => { setTimeout(() => { controller.abort(new Error('stopped by the buyer')); }, 50); } });
  const started = performance.now();
  await expect(new SiteReaderDouble({ url: `${site.url}/` }, { signal: controller.signal }).read()).rejects.toThrow('stopped by the buyer');
  expect(performance.now() - started).toBeLessThan(3000);
});

test('links that lead nowhere are counted, with an example, and do not use up the reading', async () => {
  const site = await startSite({ '/': page('Home', ['/gone', ...Array.from({ length: 30 }, (_, n) => `/gone/${n}`), '/good']), '/good': page('Good') });
  const reading = await new SiteReaderDouble({ url: `${site.url}/`, pagesMax: 5 }).read();
  expect(reading).toMatchObject({ documents: ['/', '/good'], problems: {}, incomplete: null });
  expect(reading.words).toContain(`31 links lead to no page (such as ${site.url}/gone, linked from ${site.url}/)`);
});
