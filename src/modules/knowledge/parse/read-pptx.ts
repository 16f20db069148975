import { load, type CheerioAPI } from 'cheerio';
import { BlockWriter, pipeTable } from './block-writer.ts';
import { type DomElement, isElement } from './dom-node.ts';
import { PARSE_LIMITS } from './limits.ts';
import { officeProperties } from './office-properties.ts';
import { ParseError, type ReadContent } from './parsed-document.ts';
import { entryName, verifyZipSizes, ZipTexts } from './zip-check.ts';

/** Placeholders that repeat on every slide. */
const REPEATED = new Set(['sldNum', 'dt', 'ftr', 'hdr']);

/** A presentation: each slide a page with its title as heading, then texts, tables and the speaker's notes. Pictures are read by their description. */
export async function readPptx(bytes: Uint8Array): Promise<ReadContent> {
  await verifyZipSizes(bytes);
  const texts = await ZipTexts.open(bytes);
  const slides = await slideNames(texts);
  const writer = new BlockWriter();
  const hidden: number[] = [];
  for (const [index, name] of slides.entries()) {
    const xml = await texts.text(name);
    if (xml === null) throw damaged();
    if (await writeSlide(writer, texts, name, xml, index + 1)) hidden.push(index + 1);
  }
  const properties = await officeProperties(texts);
  return {
    format: 'pptx', ...properties, title: statedTitle(properties.title) ?? writer.blocks.find((block) => block.kind === 'heading')?.text ?? null, blocks: writer.blocks, pages: slides.length,
    warnings: hidden.length === 0 ? [] : [`Hidden slides were read too: ${hidden.slice(0, 50).join(', ')}. Remove them from the file if they should not be answered from.`],
  };
}

/** What PowerPoint writes where nobody gave a title. */
const statedTitle = (title: string | null | undefined): string | null => (/^(PowerPoint[ -]Pr[äe]sent\w+|Slide 1)$/i.test(title ?? '') ? null : title ?? null);

const damaged = (): ParseError => new ParseError('damaged', 'This presentation is damaged. Open it in PowerPoint, save it again, and upload the new copy.');

/** The slides in the order they are shown. */
async function slideNames(texts: ZipTexts): Promise<string[]> {
  const xml = await texts.text(PRESENTATION);
  if (xml === null) throw damaged();
  const targets = await relationsOf(texts, PRESENTATION);
  const $ = load(xml, { xml: true });
  const names = $('p\\:sldIdLst > p\\:sldId').toArray().flatMap((slide) => targets.get(slide.attribs['r:id'] ?? '')?.name ?? []);
  if (names.length > PARSE_LIMITS.pagesMax) throw new ParseError('too-large', `This presentation has more than ${PARSE_LIMITS.pagesMax} slides. Split it into smaller files.`);
  return names;
}

const PRESENTATION = 'ppt/presentation.xml';

/** What an entry refers to inside the file. References to anything outside are not followed. */
async function relationsOf(texts: ZipTexts, name: string): Promise<Map<string, { name: string; type: string }>> {
  const xml = await texts.text(name.replace(/([^/]+)$/, '_rels/$1.rels'));
  const $ = load(xml ?? '', { xml: true });
  return new Map($('Relationship').toArray().filter(({ attribs }) => attribs.TargetMode !== 'External').map(({ attribs }) =>
    [attribs.Id ?? '', { name: entryName(name, attribs.Target ?? ''), type: attribs.Type?.split('/').at(-1) ?? '' }]));
}

/** @returns whether the slide is hidden. */
async function writeSlide(writer: BlockWriter, texts: ZipTexts, name: string, xml: string, page: number): Promise<boolean> {
  const $ = load(xml, { xml: true });
  const relations = await relationsOf(texts, name);
  const shapes = shapesOf($, $('p\\:spTree').toArray());
  writer.endSections();
  const titles = shapes.filter((shape) => /^(title|ctrTitle)$/.test(placeholderOf($, shape) ?? ''));
  for (const title of titles) writer.heading(1, paragraphsOf($, title).join(' '), page);
  for (const shape of shapes) {
    if (titles.includes(shape) || REPEATED.has(placeholderOf($, shape) ?? '')) continue;
    const table = $(shape).find('a\\:tbl').toArray();
    for (const one of table) writer.table(pipeTable($(one).children('a\\:tr').toArray().map((row) => $(row).children('a\\:tc').toArray().map((cell) => paragraphsOf($, cell).join(' ')))), page);
    if (table.length === 0) writer.text(paragraphsOf($, shape).join('\n'), page);
    const diagram = relations.get($(shape).find('dgm\\:relIds').attr('r:dm') ?? '');
    if (diagram) writer.text(await diagramText(texts, diagram.name), page);
    const chart = relations.get($(shape).find('c\\:chart').attr('r:id') ?? '');
    if (chart) writer.table(await chartTable(texts, chart.name), page);
    const description = shape.name === 'p:pic' ? $(shape).find('p\\:cNvPr').attr('descr') : null;
    if (description) writer.text(description.slice(0, 2000), page);
  }
  await writeNotes(writer, texts, [...relations.values()].find(({ type }) => type === 'notesSlide')?.name, page);
  return /^(0|false)$/.test($('p\\:sld').attr('show') ?? '');
}

async function writeNotes(writer: BlockWriter, texts: ZipTexts, name: string | undefined, page: number): Promise<void> {
  const xml = name === undefined ? null : await texts.text(name);
  if (xml === null) return;
  const $ = load(xml, { xml: true });
  const text = shapesOf($, $('p\\:spTree').toArray()).filter((shape) => placeholderOf($, shape) === 'body').flatMap((shape) => paragraphsOf($, shape)).join('\n');
  if (text !== '') writer.text(`Notes: ${text}`, page);
}

/** The words of a SmartArt drawing, which live in an entry of their own. */
async function diagramText(texts: ZipTexts, name: string): Promise<string> {
  const $ = load(await texts.text(name) ?? '', { xml: true });
  return $('dgm\\:pt').toArray().map((point) => paragraphsOf($, point).join(' ')).filter((text) => text !== '').map((text) => `- ${text}`).join('\n');
}

/** The numbers a chart was drawn from: a column for each series. */
async function chartTable(texts: ZipTexts, name: string): Promise<string> {
  const $ = load(await texts.text(name) ?? '', { xml: true });
  const series = $('c\\:ser').toArray().slice(0, 50);
  const points = (one: DomElement, kind: string): string[] => $(one).children(`c\\:${kind}`).find('c\\:pt').toArray().map((point) => $(point).find('c\\:v').text());
  const [first] = series;
  if (!first) return '';
  const labels = points(first, 'cat');
  const columns = series.map((one) => points(one, 'val'));
  const length = Math.max(labels.length, ...columns.map((column) => column.length));
  return pipeTable([
    ['', ...series.map((one) => $(one).children('c\\:tx').find('c\\:v').text())],
    ...Array.from({ length: Math.min(length, 1000) }, (_, row) => [labels[row] ?? '', ...columns.map((column) => column[row] ?? '')]),
  ]);
}

/** Shapes in the order of the file, those inside groups in their place; of alternatives for older programs only the first. */
function shapesOf($: CheerioAPI, roots: readonly DomElement[]): DomElement[] {
  const found: DomElement[] = [];
  const stack = [...roots].reverse();
  for (let next = stack.pop(); next; next = stack.pop()) {
    if (/^p:(sp|graphicFrame|pic|cxnSp)$/.test(next.name)) found.push(next);
    else if (/^(p:spTree|p:grpSp|mc:Choice)$/.test(next.name)) stack.push(...$(next).children().toArray().reverse());
    else if (next.name === 'mc:AlternateContent') stack.push(...$(next).children().toArray().slice(0, 1));
  }
  return found;
}

const placeholderOf = ($: CheerioAPI, shape: DomElement): string | null => {
  const placeholder = $(shape).find('p\\:nvPr > p\\:ph').first();
  return placeholder.length === 0 ? null : placeholder.attr('type') ?? 'obj';
};

/** Lines of text below an element; levels of a list are shown by their indentation. */
function paragraphsOf($: CheerioAPI, root: DomElement): string[] {
  return $(root).find('a\\:p').toArray().map((paragraph) => {
    const level = Number($(paragraph).children('a\\:pPr').attr('lvl') ?? 0);
    const text = $(paragraph).find('a\\:t, a\\:br, m\\:t').toArray().map((part) => (isElement(part) && part.name === 'a:br' ? ' ' : $(part).text())).join('').trim();
    return text === '' || !(level > 0) ? text : `${'  '.repeat(Math.min(level, 8))}- ${text}`;
  }).filter((line) => line !== '');
}
