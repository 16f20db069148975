import { load } from 'cheerio';
import PostalMime, { type Address, type Email } from 'postal-mime';
import { BlockWriter } from './block-writer.ts';
import { dateOf } from './file-date.ts';
import { writeHtml } from './html-blocks.ts';
import { ParseError, type ReadContent } from './parsed-document.ts';
import { hiddenElements } from './read-html.ts';
import { paragraphsOfText } from './read-text.ts';

const NAMED_ATTACHMENTS_MAX = 20;
const ADDRESSEES_MAX = 20;

/** An e-mail (RFC 5322, MIME): its subject, who wrote to whom and when, and its text. Attachments are named, not read; pictures are not fetched. */
export async function readEml(bytes: Uint8Array): Promise<ReadContent> {
  const email = await parsed(bytes);
  const writer = new BlockWriter();
  writer.heading(1, email.subject ?? '');
  const from = addressText(email.from ? [email.from] : []);
  const sent = dateOf(email.date ?? null);
  writer.text([['From', from], ['To', addressText(email.to ?? [])], ['Cc', addressText(email.cc ?? [])], ['Date', sent?.toISOString().slice(0, 16).replace('T', ' ') ?? '']]
    .filter(([, value]) => value !== '').map(([name, value]) => `${name}: ${value}`).join('\n'));
  const before = writer.blocks.length;
  if (email.html) {
    const $ = load(email.html, { scriptingEnabled: false });
    writeHtml(writer, $('body'), hiddenElements($));
  }
  if (writer.blocks.length === before) for (const paragraph of paragraphsOfText(email.text ?? '')) writer.text(paragraph);
  return {
    format: 'eml', title: email.subject?.trim() || null, author: from || null, createdAt: sent, blocks: writer.blocks,
    metadata: { to: addressText(email.to ?? []), cc: addressText(email.cc ?? []), 'message-id': email.messageId ?? null },
    warnings: attachmentWarnings(email),
  };
}

async function parsed(bytes: Uint8Array): Promise<Email> {
  try {
    // Base64 text would double what attachments take in memory, and they are only named.
    return await PostalMime.parse(bytes, { maxNestingDepth: 50, maxHeadersSize: 1024 * 1024, maxRfc822NestingDepth: 5, attachmentEncoding: 'arraybuffer' });
  } catch (cause) {
    if (cause instanceof RangeError) throw cause; // stack or size exhausted: too complex, not damaged
    throw new ParseError('damaged', 'This e-mail cannot be read: its parts are nested too deeply or damaged. Save it again from your mail program.', { cause });
  }
}

const addressText = (addresses: readonly Address[]): string => {
  const all = addresses.flatMap((one) => one.group ?? [one]);
  const shown = all.slice(0, ADDRESSEES_MAX).map(({ name, address }) => (name === '' || name === address ? address ?? '' : `${name} <${address ?? ''}>`));
  return [...shown, ...(all.length > shown.length ? [`${all.length - shown.length} more`] : [])].filter((text) => text !== '').join(', ');
};

function attachmentWarnings(email: Email): string[] {
  const attached = email.attachments.filter((one) => one.related !== true && !(one.disposition === 'inline' && one.mimeType.startsWith('image/')));
  if (attached.length === 0) return [];
  const names = attached.slice(0, NAMED_ATTACHMENTS_MAX).map((one) => one.filename?.slice(0, 100) ?? `unnamed (${one.mimeType})`).join(', ');
  const more = attached.length > NAMED_ATTACHMENTS_MAX ? ` and ${attached.length - NAMED_ATTACHMENTS_MAX} more` : '';
  return [`Attached files were not read: ${names}${more}. Upload those that should be answered from.`];
}
