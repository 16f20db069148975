import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { sharedFiles } from '../../../../testing/shared-data.ts';
import { SiteReaderDouble } from './testing/site-double.ts';

const { folder, files } = sharedFiles('site', 'site/httpd-manual-html', '**/*.html');

/** Pages that links lead to from the first one, found with nothing of the crawler. */
function linked(): Set<string> {
  const found = new Set(['index.html']);
  for (const file of found) {
    const html = readFileSync(path.join(folder, file), 'latin1').replace(/<!--[^]*?-->/g, '');
    for (const [, href = ''] of html.matchAll(/<a\s[^>]*?href="([^"#?]+)/gi)) {
      if (/^[a-z]+:/i.test(href)) continue;
      const target = path.posix.join(path.posix.dirname(file), href.endsWith('/') || href === '.' ? `${href}/index.html` : href);
      if (files.includes(target)) found.add(target);
    }
  }
  return found;
}

test.skipIf(files.length === 0)('a manual of 222 pages is read whole: each page that a link or the sitemap names, and the dead links are counted', { timeout: 120_000 }, async () => {
  const sitemap = { on: false };
  const server = createServer((request, response) => {
    const name = (request.url ?? '/').slice(1).replace(/(^|\/)$/, '$1index.html');
    if (name === 'sitemap.xml' && sitemap.on) return response.writeHead(200, { 'content-type': 'application/xml' }).end(`<urlset>${files.map((file) => `<url><loc>${origin}/${file}</loc></url>`).join('')}</urlset>`);
    if (!files.includes(name)) return response.writeHead(404).end();
    return response.writeHead(200, { 'content-type': 'text/html', etag: `"${name}"` }).end(readFileSync(path.join(folder, name)));
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const address = server.address();
  const origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  try {
    const reader = new SiteReaderDouble({ url: `${origin}/`, depth: 10, pagesMax: 1000 });
    const reading = await reader.read();
    const expected = [...linked()];
    // The first page only sends on to the English one.
    expect(reading.documents.map((page) => page.slice(1)).toSorted()).toEqual(expected.filter((file) => file !== 'index.html').toSorted());
    expect(reading).toMatchObject({ problems: {}, incomplete: null });
    expect(reading.words).toMatch(/\d+ links lead to no page/);
    for (const { title, content } of reading.found) expect([title.length > 3, 'bytes' in content && content.bytes.length > 500]).toEqual([true, true]);
    sitemap.on = true;
    const again = await reader.read();
    expect(again.documents.length + again.unchanged.length).toBe(files.length - 1);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
