import { expect, test } from 'vitest';
import { scanPage } from './page-scan.ts';

const scan = async (html: string | Buffer, charset: string | null = null) => scanPage(Buffer.from(html), { charset, agent: 'cmp-crawler', signal: new AbortController().signal });

test('links, base, canonical and title are found wherever they stand', async () => {
  const found = await scan(`<HTML><Head><TITLE>Caf&eacute; &amp; Co</TITLE><base href="/b/"><link rel="nofollow Canonical" href='/c'>
    <body><A HREF=one>1</a><a href="two?x=1&amp;y=2">2</a><area href="three"><iframe src="four"></iframe><a rel="NOFOLLOW ugc" href="no">n</a><a href="#part">p</a><!-- <a href="commented"> -->
    <script>document.write('<a href="written">')</script><a href="five`);
  expect(found).toMatchObject({ title: 'Café & Co', base: '/b/', canonical: '/c', links: ['one', 'two?x=1&y=2', 'three', 'four'], noindex: false, nofollow: false });
});

test('directives for all and for us count, those for others do not', async () => {
  expect(await scan('<meta name=robots content="noindex">')).toMatchObject({ noindex: true, nofollow: false });
  expect(await scan('<meta name="CMP-Crawler" content="none">')).toMatchObject({ noindex: true, nofollow: true });
  expect(await scan('<meta name=googlebot content="noindex,nofollow">')).toMatchObject({ noindex: false, nofollow: false });
});

test('a page that sends its visitors on at once names where; later it is a link', async () => {
  expect(await scan('<meta http-equiv="Refresh" content="0; URL=en/index.html">')).toMatchObject({ refresh: 'en/index.html', links: [] });
  expect(await scan(`<meta http-equiv="refresh" content="10;url='next'">`)).toMatchObject({ refresh: null, links: ['next'] });
  expect(await scan('<noscript><meta http-equiv="refresh" content="0;url=plain"></noscript>')).toMatchObject({ refresh: null });
});

test('the hash is that of the words and their structure, not of what differs from answer to answer', async () => {
  const made = async (nonce: string, text: string, tag = 'p') => (await scan(`<title>T</title><meta name=csrf content=${nonce}><script nonce=${nonce}>var t='${nonce}'</script><${tag} id=${nonce}>${text}</${tag}>`)).hash;
  expect(await made('a1', 'Words')).toBe(await made('b2', 'Words'));
  expect(await made('a1', 'Words')).not.toBe(await made('a1', 'Other words'));
  expect(await made('a1', 'Words')).not.toBe(await made('a1', 'Words', 'h2'));
});

test('characters are those a visitor without scripts sees', async () => {
  expect(await scan('<title>App</title><style>p{}</style><noscript>You need scripts</noscript><div id=root></div><script src=app.js></script>')).toMatchObject({ characters: 0, hasScripts: true });
  expect(await scan('<nav>Menu</nav><main><p>The <b>real</b>\n text</p></main>')).toMatchObject({ characters: 15, hasScripts: false, sample: 'The real text' });
});

test('text of a wrongly declared encoding is read right', async () => {
  const russian = Buffer.concat([Buffer.from('<title>'), Buffer.from('c2eee7e2f0e0f2', 'hex'), Buffer.from('</title><p>'), Buffer.from('c2eee7e2f0e0f220e4e5ede5e3', 'hex')]);
  expect((await scan(russian, 'utf-8')).title).toBe('Возврат');
});

test.each([
  ['nested', '<div><b>'.repeat(300_000)],
  ['closed without being opened', `${'<b>'.repeat(250_000)}${'</i>'.repeat(250_000)}`],
  ['cut-off tags', '<a href="x'.repeat(200_000)],
  ['attributes', `<a ${'x=1 '.repeat(500_000)}>`],
  ['angles', '<'.repeat(2_000_000)],
  ['entities', '&amp'.repeat(500_000)],
  ['comments', '<!--'.repeat(500_000)],
])('two megabytes of %s take a time that is in keeping, and others get their turn', async (_, html) => {
  let longest = 0;
  let last = performance.now();
  const tick = () => { longest = Math.max(longest, performance.now() - last); last = performance.now(); };
  const timer = setInterval(tick, 5);
  const started = performance.now();
  await scan(html);
  clearInterval(timer);
  tick();
  expect(performance.now() - started).toBeLessThan(8000);
  expect(longest).toBeLessThan(1500);
});
