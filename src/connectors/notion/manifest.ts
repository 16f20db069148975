import { bearer, choice, count, defineConnector, get, itemsAt, json, line, list, patch, path, post, read, table, textArea, textAt, write } from '#modules/connections/kit.ts';

const page_id = line('Page', 'Its id.');
const database_id = line('Database', 'Its id.');
const page_size = count('Entries', 1, 100).default(50);
const start_cursor = line('Continue at').optional();
const paragraphs = (text: string) => text.split(/\n{2,}/).map((part) => ({ object: 'block', type: 'paragraph', paragraph: { rich_text: pieces(part) } }));
/** The API takes at most 2,000 characters in one piece of text. */
const pieces = (text: string) => (text.match(/[^]{1,2000}/g) ?? []).map((content) => ({ type: 'text', text: { content } }));
const blocks = (children: unknown[] | undefined, text: string | undefined) => children ?? (text === undefined ? undefined : paragraphs(text));

export const notion = defineConnector({
  id: 'notion', title: 'Notion', description: 'Pages and databases.', category: 'documents',
  auth: bearer('Integration secret'), baseUrl: 'https://api.notion.com/v1', headers: { 'notion-version': '2022-06-28' }, probe: get('/users/me'),
  actions: [
    read(['search', 'Search', 'Finds pages and databases by title.'], { query: line('Title').optional(), object: choice('What', ['page', 'database']).optional(), page_size, start_cursor },
      ({ object, ...body }) => post('/search', { ...body, ...(object ? { filter: { property: 'object', value: object } } : {}) })),
    read(['query-database', 'Entries of a database', 'The entries of a database that fit a filter.'], { database_id, filter: json('Filter').optional(), sorts: list('Order').optional(), page_size, start_cursor },
      ({ database_id: id, ...body }) => post(path`/databases/${id}/query`, body)),
    read(['get-database', 'Database', 'The properties of a database.'], { database_id }, (input) => get(path`/databases/${input.database_id}`)),
    read(['get-page', 'Page', 'The properties of a page.'], { page_id }, (input) => get(path`/pages/${input.page_id}`)),
    read(['get-blocks', 'Content of a page', 'The blocks of a page, and their text.'], { block_id: line('Page or block', 'Its id.'), page_size, start_cursor },
      ({ block_id, ...query }) => get(path`/blocks/${block_id}/children`, query), (body) => ({ text: itemsAt(body, 'results').map(blockText).join('\n'), blocks: itemsAt(body, 'results'), next_cursor: textAt(body, 'next_cursor') || null })),
    write(['create-page', 'Make a page', 'Makes a page below another, or an entry of a database.'], { parent_page_id: line('Below page').optional(), database_id: line('In database').optional(), title: line('Title').optional(), properties: table('Properties', 'Of a database entry, as the API wants them.').default({}), text: textArea('Text').optional(), children: list('Blocks').optional() },
      ({ parent_page_id, database_id: database, title, properties, text, children }) => post('/pages', {
        parent: database ? { database_id: database } : { page_id: parent_page_id }, properties: { ...(title ? { title: { title: pieces(title) } } : {}), ...properties }, children: blocks(children, text),
      })),
    write(['update-page', 'Change a page', 'Changes properties of a page or entry.'], { page_id, properties: table('Properties').default({}), archived: json('Archived').optional() }, ({ page_id: id, ...body }) => patch(path`/pages/${id}`, body)),
    write(['append-blocks', 'Add to a page', 'Adds text or blocks at the end of a page.'], { block_id: line('Page or block', 'Its id.'), text: textArea('Text').optional(), children: list('Blocks').optional() },
      ({ block_id, text, children }) => patch(path`/blocks/${block_id}/children`, { children: blocks(children, text) ?? [] })),
    read(['list-users', 'People', 'The people of the workspace.'], { page_size, start_cursor }, (query) => get('/users', query)),
  ],
});

/** A block holds its text under the name of its kind. */
const blockText = (block: unknown): string => itemsAt(block, `${textAt(block, 'type')}.rich_text`).map((piece) => textAt(piece, 'plain_text')).join('');
