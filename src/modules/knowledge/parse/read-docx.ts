import mammoth from 'mammoth';
import { load } from 'cheerio';
import { dateOf } from './file-date.ts';
import { htmlBlocks } from './html-blocks.ts';
import { ParseError, type ReadContent } from './parsed-document.ts';
import { readZipText, verifyZipSizes } from './zip-check.ts';

/** A Word document by way of HTML: headings, lists, tables and notes survive. Pictures and outside references do not. */
export async function readDocx(bytes: Uint8Array): Promise<ReadContent> {
  await verifyZipSizes(bytes);
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const html = await convert(buffer);
  const $ = load(html, { scriptingEnabled: false });
  $('a[href^="#footnote-ref"], a[href^="#endnote-ref"]').remove(); // the arrows that lead back from a note
  const properties = await officeProperties(bytes);
  return { format: 'docx', ...properties, blocks: htmlBlocks($, $('body')) };
}

async function convert(buffer: Buffer): Promise<string> {
  try {
    const { value } = await mammoth.convertToHtml({ buffer }, {
      convertImage: mammoth.images.imgElement(async () => ({ src: '' })),
      externalFileAccess: false,
      includeEmbeddedStyleMap: false,
      styleMap: ["p[style-name='Title'] => h1:fresh", "p[style-name='Subtitle'] => h2:fresh"],
    });
    return value;
  } catch (cause) {
    if (cause instanceof RangeError) throw cause; // stack or size exhausted: too complex, not damaged
    throw new ParseError('damaged', 'This Word document is damaged. Open it in Word, save it again, and upload the new copy.', { cause });
  }
}

/** Title, author and date of creation of an Office file (`docProps/core.xml`). */
export async function officeProperties(bytes: Uint8Array): Promise<Pick<ReadContent, 'title' | 'author' | 'createdAt'>> {
  const xml = await readZipText(bytes, 'docProps/core.xml');
  if (xml === null) return { title: null, author: null, createdAt: null };
  const $ = load(xml, { xml: true });
  const value = (name: string): string | null => $(name).first().text().replace(/\s+/g, ' ').trim().slice(0, 500) || null;
  return { title: value('dc\\:title'), author: value('dc\\:creator'), createdAt: dateOf(value('dcterms\\:created')) };
}
