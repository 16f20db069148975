import { z } from 'zod';
import type { SourceTest } from '../contract.ts';
import type { NotionConfig, NotionSecrets } from '../contract/notion.ts';
import { QUICK } from '../http/source-http.ts';
import { readingLimit } from '../reading-limit.ts';
import { SourceError, type Found, type ReadContext } from '../source-reader.ts';
import { labelledText } from '../text/labelled-text.ts';
import { blocksMarkdown, type BlockTree } from './block-markdown.ts';
import { createNotionClient, isTrashed, type NotionClient, type NotionPage } from './notion-client.ts';
import { PageFinder } from './page-finder.ts';
import { metadataOf, propertiesOf, titleOf } from './page-properties.ts';

export interface NotionPlace { baseUrl: string; /** Between two requests; Notion takes three a second. */ pauseMs: number }

type Context = ReadContext<NotionConfig, NotionSecrets>;
type Tested = Omit<SourceTest, 'ok'>;

/** Pages of the last reading. What its search does not name this time is asked for before it counts as gone. */
const Checkpoint = z.object({ pages: z.array(z.string()) });
const REMEMBERED_MAX = 2_000;
const BLOCKS_MAX = 10_000;
const BLOCK_DEPTH_MAX = 15;
/** Notion rounds times of changes to the minute: what changed just now may change again without another time. */
const SETTLED_MS = 2 * 60_000;
const SAMPLES = 3;
const SAMPLE_CHARACTERS = 400;
const TEST_MS_MAX = 25_000;
const NOTHING_SHARED = 'The secret works, but no page is shared with the integration. In Notion, open a page, choose ••• and Connections, and add the integration.';

/** Looks at the newest pages within seconds. Throws {@link SourceError}. */
export async function testNotion(context: Context, place: NotionPlace): Promise<Tested> {
  const client = open(context, place, { ...QUICK, signal: AbortSignal.any([context.signal, AbortSignal.timeout(TEST_MS_MAX)]) });
  const finder = new PageFinder(client, context.config.pages);
  const { pages, more } = context.config.pages.length === 0 ? await client.newest(10) : await firstOf(finder, SAMPLES);
  const lost = finder.missing.length === 0 ? '' : ` ${finder.missing.length} of what you chose cannot be read: ${finder.missing[0]?.written.slice(0, 100)}. ${finder.missing[0]?.message}`;
  if (pages.length === 0) throw new SourceError('not-found', lost.trim() || NOTHING_SHARED);
  const sample = [];
  for (const page of pages.slice(0, SAMPLES)) sample.push({ title: titleOf(page), url: page.public_url ?? page.url ?? null, text: (await textOf(client, page, () => {}, 1)).slice(0, SAMPLE_CHARACTERS) });
  return { message: `${more ? 'There are pages to read' : `There ${pages.length === 1 ? 'is 1 page' : `are ${pages.length} pages`} to read`}.${lost}`, found: more ? null : pages.length, sample };
}

/** Every page that was shared. Throws {@link SourceError} when none can be read. */
export async function* readNotion(context: Context, place: NotionPlace): AsyncGenerator<Found> {
  const client = open(context, place);
  const finder = new PageFinder(client, context.config.pages);
  const limit = readingLimit(context.config.pagesMax, context.documentsMax, 'pages');
  const seen: string[] = [];
  let count = 0;
  try {
    for await (const page of finder.pages(Checkpoint.safeParse(context.checkpoint).data?.pages ?? [])) {
      if (count >= limit.max) return yield { type: 'incomplete', reason: limit.reason };
      count += 1;
      if (seen.length < REMEMBERED_MAX) seen.push(page.id);
      const found = await readPage(context, client, finder, page);
      if (found) yield found;
      yield { type: 'progress', done: count, total: null, message: 'Reading pages' };
    }
  } catch (error) {
    // What came so far is kept, and the next reading tries again.
    if (count === 0 || !(error instanceof SourceError)) throw error;
    return yield { type: 'incomplete', reason: error.message };
  }
  for (const { written, message } of finder.missing) yield { type: 'problem', externalId: `chosen ${written}`.slice(0, 2_000), name: written, message };
  // An integration that lost its way in is told, rather than that everything is gone.
  if (count === 0) throw new SourceError('not-found', finder.missing[0]?.message ?? NOTHING_SHARED);
  context.remember({ pages: seen } satisfies z.infer<typeof Checkpoint>);
}

const open = ({ secrets, egress, signal, now }: Context, place: NotionPlace, quick: { signal?: AbortSignal; triesMax?: number; answerMs?: number } = {}): NotionClient =>
  createNotionClient({ ...place, token: secrets.token, egress, signal, now, ...quick });

/** One page; null where it says nothing. Throws {@link SourceError} only where going on is in vain. */
async function readPage(context: Context, client: NotionClient, finder: PageFinder, page: NotionPage): Promise<Found | null> {
  const { id, last_edited_time: edited } = page;
  if ((await context.known([id])).get(id) === edited) return { type: 'unchanged', externalId: id };
  const title = titleOf(page);
  try {
    const text = await textOf(client, page, (kind, below) => { finder.mention(kind, below); });
    if (text === '') return null;
    if (Buffer.byteLength(text) > context.bytesMax) return { type: 'problem', externalId: id, name: title, message: `Its text is larger than ${Math.round(context.bytesMax / 1024 / 1024)} MB.` };
    const settled = context.now().getTime() - Date.parse(edited) >= SETTLED_MS;
    return { type: 'document', document: { externalId: id, title, content: { text, contentType: 'text/markdown' }, url: page.public_url ?? page.url ?? null, fingerprint: settled ? edited : null, metadata: isEntry(page) ? metadataOf(propertiesOf(page)) : {} } };
  } catch (error) {
    if (!(error instanceof SourceError) || error.retryable || error.code === 'refused') throw error;
    return { type: 'problem', externalId: id, name: title, message: error.message };
  }
}

const isEntry = ({ parent }: NotionPage): boolean => parent.data_source_id !== undefined || parent.database_id !== undefined;

/** What a page says: its columns where it is an entry of a database, and its blocks. */
async function textOf(client: NotionClient, page: NotionPage, mention: (kind: 'page' | 'database', id: string) => void, depthMax = BLOCK_DEPTH_MAX): Promise<string> {
  let left = BLOCKS_MAX;
  const below = async (id: string, depth: number): Promise<BlockTree[]> => {
    const trees: BlockTree[] = [];
    for await (const block of client.children(id)) {
      if (isTrashed(block)) continue;
      left -= 1;
      if (left < 0) throw new SourceError('too-large', `It holds more than ${BLOCKS_MAX} blocks. Divide it into several pages.`);
      const isPlace = block.type === 'child_page' || block.type === 'child_database';
      if (isPlace) mention(block.type === 'child_page' ? 'page' : 'database', block.id);
      trees.push({ block, children: block.has_children && !isPlace && depth < depthMax ? await insideOf(below, block.id, depth) : [] });
    }
    return trees;
  };
  const columns = isEntry(page) ? labelledText(propertiesOf(page)) : '';
  const text = blocksMarkdown(await below(page.id, 1));
  return [columns, text].filter((part) => part.trim() !== '').join('\n\n').trim();
}

/** A copy of a block whose original is not shared has nothing inside that may be read. */
async function insideOf(below: (id: string, depth: number) => Promise<BlockTree[]>, id: string, depth: number): Promise<BlockTree[]> {
  try {
    return await below(id, depth + 1);
  } catch (error) {
    if (error instanceof SourceError && error.code === 'not-found') return [];
    throw error;
  }
}

async function firstOf(finder: PageFinder, count: number): Promise<{ pages: NotionPage[]; more: boolean }> {
  const pages: NotionPage[] = [];
  for await (const page of finder.pages([])) {
    if (pages.length === count) return { pages, more: true };
    pages.push(page);
  }
  return { pages, more: false };
}
