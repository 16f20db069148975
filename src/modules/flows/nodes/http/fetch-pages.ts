import { z } from 'zod';
import type { NodeContext, Value } from '../../node-type.ts';
import { defineNode, inputAt, text } from '../define-node.ts';
import { toolValue } from '../define-tool.ts';
import { NodeError } from '../node-error.ts';
import { textOf } from '../values.ts';
import type { Row } from '../values.ts';
import { pageText } from './page-text.ts';
import { httpUrl } from './url.ts';

const PAGES_MAX = 20;
const PAGE_CHARS_MAX = 200_000;

const Arguments = z.object({ urls: z.array(z.string().max(2000)).min(1).max(PAGES_MAX).describe('Addresses of the pages to read.') });

export const fetchPages = defineNode({
  type: 'http.fetch-pages',
  title: 'Read web pages',
  description: 'Fetches pages and gives their text.',
  family: 'http',
  config: z.strictObject({
    urls: z.array(z.string().max(2000)).max(PAGES_MAX).default([]),
    format: z.enum(['text', 'html']).default('text'),
  }),
  inputs: [{ name: 'urls' }],
  outputs: [{ name: 'pages' }, { name: 'text' }, { name: 'tool' }],
  run: async (context, config, inputs): Promise<Record<string, Value>> => {
    const tool = toolValue('read_web_pages', 'Fetches web pages and returns their text.', Arguments, async ({ urls }) => {
      const rows = await fetchAll(context, urls, config.format);
      return text(rows.map((row) => `${String(row['url'])}\n${String(row['text'])}`).join('\n\n'));
    });
    const given = inputAt(inputs, 'urls');
    const urls = [...config.urls, ...(given ? textOf(given).split(/[\s,]+/) : [])].filter((url) => url.trim() !== '');
    const rows = await fetchAll(context, urls.slice(0, PAGES_MAX), config.format);
    return { pages: { kind: 'table', rows }, text: text(rows.map((row) => String(row['text'])).join('\n\n')), tool };
  },
});

async function fetchAll(context: NodeContext, urls: readonly string[], format: 'text' | 'html'): Promise<Row[]> {
  return Promise.all(urls.map(async (written) => {
    const url = httpUrl(written);
    const response = await context.fetch(url.href, { headers: { accept: 'text/html,text/plain;q=0.9,*/*;q=0.1' } });
    if (response.status >= 400) throw new NodeError('node-http-failed', `${url.host} answered with status ${response.status}.`);
    const body = response.body.slice(0, PAGE_CHARS_MAX);
    const isHtml = (response.headers['content-type'] ?? 'text/html').includes('html');
    return { url: url.href, title: '', ...(format === 'text' && isHtml ? await pageText(body) : { text: body }) };
  }));
}
