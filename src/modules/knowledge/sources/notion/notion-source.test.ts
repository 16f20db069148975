import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { createEgress } from '#platform/egress/egress.ts';
import { notionBlock as block, notionId, richText, startNotionDouble } from '#modules/knowledge/sources/testing/notion-double.ts';
import { createShelf } from '#modules/knowledge/sources/testing/shelf.ts';
import { createNotionSource, notionSource } from './notion-source.ts';
import { idIn } from './page-finder.ts';

const TOKEN = 'ntn_secret_123456';
const closing: { close(): Promise<void> }[] = [];
const closeAll = async (): Promise<void> => { for (const one of closing.splice(0)) await one.close(); };
afterEach(closeAll);
afterAll(closeAll);

async function workspace(config: Record<string, unknown> = {}, { pauseMs = 0, token = TOKEN, ...more }: { pauseMs?: number; token?: string; documentsMax?: number; bytesMax?: number } = {}) {
  const notion = await startNotionDouble(TOKEN);
  const egress = createEgress([notion.host]);
  closing.push(notion, egress);
  return { notion, shelf: createShelf(createNotionSource({ baseUrl: notion.url, pauseMs }), { egress, config, secrets: { token }, ...more }) };
}
const titles = (documents: readonly { title: string }[]) => documents.map(({ title }) => title);

describe('pages as Markdown', () => {
  test('each kind of block says what it says on the page, in its order and depth, over several answers', async () => {
    const { notion, shelf } = await workspace();
    const id = notion.page(1, 'Handbook', [
      block('heading_1', 'Start'), block('paragraph', { rich_text: [richText('Read '), richText('this ', { bold: true }), richText('first', { italic: true, code: false }, 'https://example.com/a b'), richText(' or `x`', { code: false })] }),
      block('bulleted_list_item', 'One', [block('bulleted_list_item', 'Inside one'), block('paragraph', 'More of one')]), block('bulleted_list_item', 'Two'),
      block('numbered_list_item', 'First'), block('numbered_list_item', 'Second'), block('paragraph', 'Between'), block('numbered_list_item', 'Again first'),
      block('to_do', { rich_text: [richText('Done')], checked: true }), block('to_do', { rich_text: [richText('Open')], checked: false }),
      block('toggle', 'How long?', [block('paragraph', 'Two days.')]), block('heading_2', { rich_text: [richText('Hidden below')], is_toggleable: true }, [block('paragraph', 'Inside a heading')]),
      block('quote', 'Said', [block('paragraph', 'and done')]), block('callout', { rich_text: [richText('Mind the gap')], icon: { type: 'emoji', emoji: '💡' } }),
      block('code', { rich_text: [richText('a ``` b\nc')], language: 'plain text' }), block('equation', { expression: 'e=mc^2' }), block('divider', {}),
      block('table', { table_width: 2, has_column_header: true }, [block('table_row', { cells: [[richText('Size')], [richText('Price | net')]] }), block('table_row', { cells: [[richText('S')], [richText('10\n€')]] })]),
      block('column_list', {}, [block('column', {}, [block('paragraph', 'Left')]), block('column', {}, [block('paragraph', 'Right')])]),
      block('synced_block', { synced_from: null }, [block('paragraph', 'Shared words')]), block('synced_block', { synced_from: { block_id: notionId(77) } }),
      block('image', { type: 'external', external: { url: 'https://cdn.example.com/a.png' }, caption: [richText('A picture')] }), block('file', { type: 'file', file: { url: 'https://s3.example.com/x?sig=short-lived', expiry_time: 'soon' }, name: 'price list.pdf', caption: [] }),
      block('bookmark', { url: 'https://example.com/page', caption: [] }), block('child_page', { title: 'Below' }), block('table_of_contents', {}), block('unsupported', {}), block('tab', {}, [block('paragraph', 'A kind yet to come')]),
    ], { public: 'https://acme.notion.site/handbook' });
    const { documents } = await shelf.read();
    expect(documents).toMatchObject([{ externalId: id, title: 'Handbook', url: 'https://acme.notion.site/handbook', fingerprint: '2026-01-02T03:04:00.000Z', metadata: {} }]);
    expect(shelf.textOf(id).split('\n\n')).toEqual([
      '# Start', 'Read **this** [_first_](https://example.com/a%20b) or `x`', '- One\n  - Inside one', '  More of one\n- Two\n1. First\n2. Second', 'Between', '1. Again first\n- [x] Done\n- [ ] Open',
      'How long?', 'Two days.', '## Hidden below', 'Inside a heading', '> Said\n>\n> and done', '> Mind the gap', '````\na ``` b\nc\n````', '$$e=mc^2$$', '---',
      '| Size | Price \\| net |\n| --- | --- |\n| S | 10 € |', 'Left', 'Right', 'Shared words', '[A picture](https://cdn.example.com/a.png)', 'File: price list.pdf', '[https://example.com/page](https://example.com/page)',
      expect.stringMatching(/^- \[Below\]\(https:\/\/www\.notion\.so\/[0-9a-f]{32}\)$/), 'A kind yet to come',
    ]);
  });

  test('an entry of a database says its columns, which are metadata too', async () => {
    const { notion, shelf } = await workspace();
    const { source } = notion.database(10, { type: 'workspace', workspace: true });
    const id = notion.page(20, 'Refunds', [block('paragraph', 'Write to us.')], {
      parent: { type: 'data_source_id', data_source_id: source, database_id: notionId(10) },
      properties: {
        Answer: { type: 'rich_text', rich_text: [richText('Within '), richText('14 days', { bold: true })] }, Price: { type: 'number', number: 12.5 }, Topics: { type: 'multi_select', multi_select: [{ name: 'money' }, { name: 'time' }] },
        State: { type: 'status', status: { name: 'Live' } }, Valid: { type: 'date', date: { start: '2026-01-01', end: '2026-12-31' } }, Public: { type: 'checkbox', checkbox: true }, Owner: { type: 'people', people: [{ object: 'user', id: 'u', name: 'Ada' }] },
        Total: { type: 'formula', formula: { type: 'number', number: 3 } }, Sum: { type: 'rollup', rollup: { type: 'array', array: [{ type: 'title', title: [richText('X')] }, { type: 'number', number: 2 }] } }, Number: { type: 'unique_id', unique_id: { prefix: 'FAQ', number: 7 } },
        Other: { type: 'relation', relation: [{ id: notionId(1) }] }, Empty: { type: 'rich_text', rich_text: [] }, Push: { type: 'button', button: {} },
      },
    });
    const [document] = (await shelf.read()).documents;
    expect(shelf.textOf(id)).toBe('Answer: Within 14 days\nPrice: 12.5\nTopics: money, time\nState: Live\nValid: 2026-01-01 – 2026-12-31\nPublic: yes\nOwner: Ada\nTotal: 3\nSum: X, 2\nNumber: FAQ-7\n\nWrite to us.');
    expect(document?.metadata).toEqual({ Answer: 'Within 14 days', Price: 12.5, Topics: 'money, time', State: 'Live', Valid: '2026-01-01 – 2026-12-31', Public: true, Owner: 'Ada', Total: 3, Sum: 'X, 2', Number: 'FAQ-7' });
  });
});

describe('which pages are read', () => {
  test('everything that is shared: found by search, listed in databases, or named in a page; not what is in the trash or empty', async () => {
    const { notion, shelf } = await workspace();
    for (let n = 1; n <= 5; n += 1) notion.page(n, `Page ${n}`, [block('paragraph', `Text ${n}`)]);
    notion.page(6, 'Trashed', [block('paragraph', 'x')], { trashed: true });
    notion.page(7, 'Empty', []);
    const { source } = notion.database(10, { type: 'page_id', page_id: notionId(1) });
    notion.page(20, 'Unsearched entry', [block('paragraph', 'y')], { searched: false, parent: { type: 'data_source_id', data_source_id: source } });
    notion.page(30, 'Unsearched child', [block('paragraph', 'z')], { searched: false, parent: { type: 'page_id', page_id: notionId(20) } });
    notion.page(20, 'Unsearched entry', [{ id: notionId(30), ...block('child_page', { title: 'Unsearched child' }) }], { searched: false, parent: { type: 'data_source_id', data_source_id: source } });
    notion.page(30, 'Unsearched child', [block('paragraph', 'z')], { searched: false });
    expect(titles((await shelf.read()).documents).toSorted()).toEqual(['Page 1', 'Page 2', 'Page 3', 'Page 4', 'Page 5', 'Unsearched child', 'Unsearched entry']);
  });

  test('chosen pages and databases with all that is below them, and what cannot be found is said', async () => {
    const { notion, shelf } = await workspace({ pages: [`https://www.notion.so/acme/Chosen-${notionId(1).replaceAll('-', '')}?pvs=4`, notionId(50), notionId(99)] });
    notion.page(1, 'Chosen', [{ id: notionId(40), ...block('toggle', 'More', [{ id: notionId(2), ...block('child_page', { title: 'In a toggle' }) }]) }]);
    notion.page(3, 'Elsewhere', [block('paragraph', 'x')]);
    notion.page(2, 'In a toggle', [block('paragraph', 'x')], { parent: { type: 'block_id', block_id: notionId(40) } });
    const below = notion.database(60, { type: 'page_id', page_id: notionId(2) });
    notion.page(70, 'Entry below', [block('paragraph', 'x')], { parent: { type: 'data_source_id', data_source_id: below.source, database_id: below.id } });
    notion.page(71, 'Below an entry', [block('paragraph', 'x')], { parent: { type: 'page_id', page_id: notionId(70) } });
    const { source } = notion.database(50, { type: 'workspace', workspace: true });
    notion.page(80, 'Entry chosen', [block('paragraph', 'x')], { parent: { type: 'data_source_id', data_source_id: source } });
    const other = notion.database(90, { type: 'workspace', workspace: true });
    notion.page(91, 'Entry elsewhere', [block('paragraph', 'x')], { parent: { type: 'data_source_id', data_source_id: other.source } });
    const reading = await shelf.read();
    expect(titles(reading.documents).toSorted()).toEqual(['Below an entry', 'Chosen', 'Entry below', 'Entry chosen', 'In a toggle']);
    expect(reading.problems).toEqual([{ externalId: `chosen ${notionId(99)}`, name: notionId(99), message: expect.stringContaining('not shared with the integration') }]);
  });

  test('only changed pages are fetched again; what the search forgets is asked for before it is gone', async () => {
    const { notion, shelf } = await workspace();
    notion.page(1, 'A', [block('paragraph', 'one')]);
    notion.page(2, 'B', [block('paragraph', 'two')]);
    notion.page(3, 'C', [block('paragraph', 'three')]);
    await shelf.read();
    notion.asked();
    expect(await shelf.read()).toMatchObject({ documents: [], unchanged: [notionId(1), notionId(2), notionId(3)], gone: [] });
    expect(notion.asked()).toEqual(['POST search']);
    notion.page(1, 'A', [block('paragraph', 'one')], { searched: false });
    notion.page(2, 'B', [block('paragraph', 'two and a half')], { edited: '2026-02-02T00:00:00.000Z' });
    notion.page(3, 'C', [block('paragraph', 'three')], { trashed: true });
    notion.page(4, 'D', [block('paragraph', 'four')], { edited: new Date().toISOString() });
    const reading = await shelf.read();
    expect(reading).toMatchObject({ unchanged: [notionId(1)], gone: [notionId(3)] });
    expect(reading.documents.map(({ title, fingerprint }) => [title, fingerprint])).toEqual([['B', '2026-02-02T00:00:00.000Z'], ['D', null]]);
    // What changed within the last minutes may have changed once more.
    expect((await shelf.read()).documents).toMatchObject([{ title: 'D' }]);
    notion.remove(1);
    expect((await shelf.read()).gone).toEqual([notionId(1)]);
  });

  test('no more pages are taken than are set, and one that is too large does not keep the others', async () => {
    const { notion, shelf } = await workspace({ pagesMax: 4 }, { bytesMax: 1_000 });
    for (let n = 1; n <= 6; n += 1) notion.page(n, `Page ${n}`, [block('paragraph', n === 2 ? 'x'.repeat(2_000) : 'x')]);
    expect(await shelf.read()).toMatchObject({ documents: { length: 3 }, problems: [{ name: 'Page 2', message: expect.stringContaining('larger than') }], incomplete: expect.stringContaining('4 pages') });
  });
});

describe('refusals', () => {
  test('a wrong secret is said without showing it, and so is that nothing is shared', async () => {
    const wrong = await workspace({}, { token: 'ntn_wrong_987654' });
    await expect(wrong.shelf.test()).rejects.toMatchObject({ code: 'refused', message: expect.stringContaining('Copy it again from the settings of the integration') });
    await expect(wrong.shelf.read()).rejects.toThrow(/^(?!.*ntn_wrong)/);
    const empty = await workspace();
    await expect(empty.shelf.test()).rejects.toMatchObject({ code: 'not-found', message: expect.stringContaining('no page is shared') });
    await expect(empty.shelf.read()).rejects.toMatchObject({ code: 'not-found' });
    const lost = await workspace({ pages: [notionId(5)] });
    await expect(lost.shelf.test()).rejects.toThrow('1 of what you chose cannot be read');
    await expect((await workspace({ pages: ['https://www.notion.so/acme/home'] })).shelf.read()).rejects.toMatchObject({ code: 'settings', message: expect.stringContaining('is no address or id of a page') });
  });

  test('Notion is asked in its pace, and again when it was asked too often', async () => {
    const { notion, shelf } = await workspace({}, { pauseMs: 30 });
    for (let n = 1; n <= 4; n += 1) notion.page(n, `Page ${n}`, [block('paragraph', 'x')]);
    notion.failWith({ status: 429, headers: { 'retry-after': '0.1' }, body: { object: 'error', status: 429, code: 'rate_limited', message: 'slow down' } }, { status: 502, headers: { 'retry-after': '0' }, body: '<html>' });
    const before = performance.now();
    expect((await shelf.read()).documents).toHaveLength(4);
    const asked = notion.asked();
    expect(asked.slice(0, 3)).toEqual(['POST search', 'POST search', 'POST search']);
    expect(performance.now() - before).toBeGreaterThan((asked.length - 1) * 30);
  });

  test('when Notion fails on the way, what came stays, and nothing counts as gone', async () => {
    const { notion, shelf } = await workspace();
    for (let n = 1; n <= 4; n += 1) notion.page(n, `Page ${n}`, [block('paragraph', 'x')]);
    await shelf.read();
    for (let n = 1; n <= 4; n += 1) notion.page(n, `Page ${n}`, [block('paragraph', 'y')], { edited: '2026-03-03T00:00:00.000Z' });
    notion.failWith(null, null, { status: 503, headers: { 'retry-after': '999' } });
    expect(await shelf.read()).toMatchObject({ documents: { length: 1 }, incomplete: expect.stringContaining('status 503'), gone: [] });
    expect(shelf.held.size).toBe(4);
  });
});

describe('a look at Notion', () => {
  test('says how much there is and shows the first pages', async () => {
    const { notion, shelf } = await workspace();
    notion.page(1, 'Welcome', [block('paragraph', 'Hello there.')]);
    expect(await shelf.test()).toEqual({ message: 'There is 1 page to read.', found: 1, sample: [{ title: 'Welcome', text: 'Hello there.', url: expect.stringContaining('notion.so/Welcome') }] });
    for (let n = 2; n <= 9; n += 1) notion.page(n, `Page ${n}`, [block('paragraph', 'x')]);
    expect(await shelf.test()).toMatchObject({ message: 'There are pages to read.', found: null, sample: { length: 3 } });
  });

  test('its secret is for Notion, and ids are found in every kind of address', () => {
    expect(notionSource.secretsFor({ pages: [], pagesMax: 1 })).toBe('api.notion.com');
    const [id, plain] = [notionId(7), notionId(7).replaceAll('-', '')];
    for (const written of [id, plain, ` ${plain.toUpperCase()} `, `https://www.notion.so/${plain}`, `https://www.notion.so/acme/A-title-1234-${plain}?v=${'f'.repeat(32)}&pvs=4`, `https://acme.notion.site/Table?v=${'f'.repeat(32)}&p=${plain}`]) expect(idIn(written)).toBe(id);
  });
});
