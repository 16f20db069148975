import { load } from 'cheerio';
import { dateOf } from './file-date.ts';
import type { ReadContent } from './parsed-document.ts';
import type { ZipTexts } from './zip-check.ts';

/** What Word, Excel and PowerPoint say about a file (`docProps/core.xml`, and `custom.xml` for fields of its owner). */
export async function officeProperties(texts: ZipTexts): Promise<Pick<ReadContent, 'title' | 'author' | 'createdAt' | 'language' | 'metadata'>> {
  const core = load(await texts.text('docProps/core.xml', PROPERTIES_BYTES_MAX) ?? '', { xml: true });
  const custom = load(await texts.text('docProps/custom.xml', PROPERTIES_BYTES_MAX) ?? '', { xml: true });
  const value = (name: string): string | null => core(name).first().text().replace(/\s+/g, ' ').trim() || null;
  const metadata: Record<string, string | null> = { subject: value('dc\\:subject'), keywords: value('cp\\:keywords'), description: value('dc\\:description'), category: value('cp\\:category') };
  for (const property of custom('property').toArray()) metadata[property.attribs.name ?? ''] ??= custom(property).text();
  return {
    title: value('dc\\:title'), author: value('dc\\:creator'), createdAt: dateOf(value('dcterms\\:created')), metadata,
    language: value('dc\\:language')?.split('-')[0]?.toLowerCase() ?? null,
  };
}

const PROPERTIES_BYTES_MAX = 1024 * 1024;
