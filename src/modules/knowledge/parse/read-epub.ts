import { load, type CheerioAPI } from 'cheerio';
import { BlockWriter } from './block-writer.ts';
import { dateOf } from './file-date.ts';
import { writeHtml } from './html-blocks.ts';
import { PARSE_LIMITS } from './limits.ts';
import { ParseError, type ReadContent } from './parsed-document.ts';
import { entryName, verifyZipSizes, ZipTexts } from './zip-check.ts';

/** A book (EPUB 2 and 3): its chapters in reading order. Nothing outside the file is fetched. */
export async function readEpub(bytes: Uint8Array): Promise<ReadContent> {
  await verifyZipSizes(bytes);
  const texts = await ZipTexts.open(bytes);
  const { name, $ } = await packageOf(texts);
  const chapters = chaptersOf($, name);
  await refuseProtected(texts, chapters);
  const labels = await contentsOf(texts, $, name);
  const writer = new BlockWriter();
  let missing = 0;
  for (const chapter of chapters) {
    const xhtml = await texts.text(chapter);
    if (xhtml === null) missing++;
    else writeChapter(writer, xhtml, labels.get(chapter) ?? null);
  }
  return {
    format: 'epub', ...propertiesOf($), blocks: writer.blocks,
    warnings: missing === 0 ? [] : [`${missing === 1 ? 'One chapter' : `${missing} chapters`} of this book could not be found in the file and ${missing === 1 ? 'was' : 'were'} left out.`],
  };
}

const damaged = (): ParseError => new ParseError('damaged', 'This book is damaged: it does not list its chapters. Export it again from the program that made it.');

/** The package document, which names everything else. */
async function packageOf(texts: ZipTexts): Promise<{ name: string; $: CheerioAPI }> {
  const container = load(await texts.text('META-INF/container.xml') ?? '', { xml: true });
  const name = container('rootfile').first().attr('full-path') ?? '';
  const xml = await texts.text(name);
  if (xml === null) throw damaged();
  // Names without their prefix: writers use any.
  return { name, $: load(xml.replace(/<(\/?)[\w-]{1,20}:(?=[\w-])/g, '<$1'), { xml: true }) };
}

function chaptersOf($: CheerioAPI, name: string): string[] {
  const manifest = new Map($('manifest > item').toArray().map(({ attribs }) => [attribs.id ?? '', attribs]));
  const chapters = $('spine > itemref').toArray().flatMap(({ attribs }) => {
    const item = manifest.get(attribs.idref ?? '');
    return item?.href && /html|xml/i.test(item['media-type'] ?? 'html') && !/\bnav\b/.test(item.properties ?? '') ? entryName(name, item.href) : [];
  });
  if (chapters.length === 0) throw damaged();
  if (chapters.length > PARSE_LIMITS.pagesMax) throw new ParseError('too-large', `This book has more than ${PARSE_LIMITS.pagesMax} chapters. Split it into smaller files.`);
  return chapters;
}

/** Books of shops are encrypted; fonts that are merely scrambled do not matter here. */
async function refuseProtected(texts: ZipTexts, chapters: readonly string[]): Promise<void> {
  const $ = load(await texts.text('META-INF/encryption.xml') ?? '', { xml: true });
  const locked = new Set($('[URI]').toArray().map((reference) => entryName('', $(reference).attr('URI') ?? '')));
  if (chapters.some((chapter) => locked.has(chapter))) {
    throw new ParseError('password', 'This book is protected against copying and cannot be read. Upload a copy without this protection.');
  }
}

/** Titles of the chapters by the table of contents, for chapters without a heading of their own. */
async function contentsOf(texts: ZipTexts, $: CheerioAPI, name: string): Promise<Map<string, string>> {
  const labels = new Map<string, string>();
  const add = (base: string, href: string | undefined, label: string): void => {
    const chapter = entryName(base, href ?? '');
    if (href && label.trim() !== '' && !labels.has(chapter)) labels.set(chapter, label.replace(/\s+/g, ' ').trim().slice(0, 300));
  };
  const items = $('manifest > item').toArray().map(({ attribs }) => attribs);
  const nav = items.find((item) => /\bnav\b/.test(item.properties ?? ''))?.href;
  const ncx = items.find((item) => item['media-type'] === 'application/x-dtbncx+xml')?.href;
  for (const href of [nav, ncx]) {
    if (href === undefined) continue;
    const base = entryName(name, href);
    const toc = load(await texts.text(base) ?? '', { xml: true });
    for (const link of toc('nav a').toArray()) add(base, link.attribs.href, toc(link).text());
    for (const point of toc('navPoint').toArray()) add(base, toc(point).children('content').attr('src'), toc(point).children('navLabel').text());
  }
  return labels;
}

function writeChapter(writer: BlockWriter, xhtml: string, label: string | null): void {
  const $ = load(xhtml, { scriptingEnabled: false });
  writer.endSections();
  if (label !== null && $('h1, h2, h3, h4, h5, h6').length === 0 && $('body').text().trim() !== '') writer.heading(1, label);
  writeHtml(writer, $('body'));
}

function propertiesOf($: CheerioAPI): Pick<ReadContent, 'title' | 'author' | 'createdAt' | 'language' | 'metadata'> {
  const values = (name: string): string[] => $(`metadata ${name}`).toArray().map((element) => $(element).text().replace(/\s+/g, ' ').trim()).filter((text) => text !== '');
  return {
    title: values('title')[0] ?? null, author: values('creator').join(', ') || null, createdAt: dateOf(values('date')[0] ?? null),
    language: values('language')[0]?.split('-')[0]?.toLowerCase() ?? null,
    metadata: { publisher: values('publisher').join(', '), subject: values('subject').join(', '), description: values('description')[0] ?? null, identifier: values('identifier')[0] ?? null },
  };
}
