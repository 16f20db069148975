import mammoth from 'mammoth';
import { load } from 'cheerio';
import { htmlBlocks } from './html-blocks.ts';
import { officeProperties } from './office-properties.ts';
import { ParseError, type ReadContent } from './parsed-document.ts';
import { verifyZipSizes, ZipTexts } from './zip-check.ts';

/** A Word document by way of HTML: headings, lists, tables and notes survive. Pictures and outside references do not. */
export async function readDocx(bytes: Uint8Array): Promise<ReadContent> {
  await verifyZipSizes(bytes);
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const html = await convert(buffer);
  const $ = load(html, { scriptingEnabled: false });
  $('a[href^="#footnote-ref"], a[href^="#endnote-ref"]').remove(); // the arrows that lead back from a note
  const properties = await officeProperties(await ZipTexts.open(bytes));
  return { format: 'docx', ...properties, blocks: htmlBlocks($('body')) };
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

