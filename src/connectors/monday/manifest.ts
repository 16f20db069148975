import { apiKeyHeader, at, count, defineConnector, line, OutsideError, post, runs, table, textArea, textAt, type Outside } from '#modules/connections/kit.ts';

const ITEM = 'id name state created_at updated_at group { title } column_values { id text value }';

/** GraphQL answers refusals with status 200. */
async function ask({ http }: Outside, query: string, variables: object): Promise<unknown> {
  const { body } = await http(post('/v2', { query, variables }));
  const refusal = textAt(body, 'errors.0.message') || textAt(body, 'error_message');
  if (refusal !== '') throw new OutsideError('call-failed', `api.monday.com refused the call: ${refusal.slice(0, 300)}`);
  return at(body, 'data');
}

export const monday = defineConnector({
  id: 'monday', title: 'monday.com', description: 'Items of boards.', category: 'work',
  auth: apiKeyHeader('authorization', { title: 'API token' }), baseUrl: 'https://api.monday.com', headers: { 'api-version': '2025-04' }, probe: async (outside) => ask(outside, '{ me { id } }', {}),
  actions: [
    runs('read', ['list-items', 'Items', 'The items of a board.'], { board: line('Board', 'Its id.'), limit: count('Items', 1, 500).default(50) }, async (outside, { board, limit }) =>
      at(await ask(outside, `query ($board: [ID!], $limit: Int!) { boards(ids: $board) { items_page(limit: $limit) { cursor items { ${ITEM} } } } }`, { board: [board], limit }), 'boards.0.items_page.items')),
    runs('read', ['get-item', 'Item', 'One item.'], { item: line('Item', 'Its id.') }, async (outside, { item }) => at(await ask(outside, `query ($item: [ID!]) { items(ids: $item) { ${ITEM} } }`, { item: [item] }), 'items.0')),
    runs('write', ['create-item', 'Add an item', 'Adds an item to a board.'], { board: line('Board'), name: line('Name'), group: line('Group').optional(), columns: table('Columns').default({}) }, async (outside, { board, name, group, columns }) =>
      at(await ask(outside, `mutation ($board: ID!, $group: String, $name: String!, $columns: JSON) { create_item(board_id: $board, group_id: $group, item_name: $name, column_values: $columns) { ${ITEM} } }`, { board, group: group ?? null, name, columns: JSON.stringify(columns) }), 'create_item')),
    runs('write', ['update-item', 'Change an item', 'Changes columns of an item.'], { board: line('Board'), item: line('Item'), columns: table('Columns') }, async (outside, { board, item, columns }) =>
      at(await ask(outside, `mutation ($board: ID!, $item: ID!, $columns: JSON!) { change_multiple_column_values(board_id: $board, item_id: $item, column_values: $columns) { ${ITEM} } }`, { board, item, columns: JSON.stringify(columns) }), 'change_multiple_column_values')),
    runs('write', ['add-update', 'Comment', 'Comments on an item.'], { item: line('Item'), body: textArea('Text').min(1) }, async (outside, input) => at(await ask(outside, 'mutation ($item: ID!, $body: String!) { create_update(item_id: $item, body: $body) { id } }', input), 'create_update')),
  ],
});
