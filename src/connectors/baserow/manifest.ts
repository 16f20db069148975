import { apiKeyHeader, count, defineConnector, del, get, itemsAt, line, patch, path, post, read, table, write } from '#modules/connections/kit.ts';

const tableId = line('Table', 'Its id.');
const row = line('Row', 'Its id.');
const named = { user_field_names: true };

export const baserow = defineConnector({
  id: 'baserow', title: 'Baserow', description: 'Rows of tables.', category: 'documents',
  auth: apiKeyHeader('authorization', { title: 'Database token', prefix: 'Token ' }), baseUrl: 'https://api.baserow.io', ownHost: true, probe: get('/api/database/tokens/check/'),
  actions: [
    read(['list-rows', 'Rows', 'The rows of a table.'], { table: tableId, search: line('Words').optional(), size: count('Rows', 1, 200).default(100), page: count('Page', 1, 10_000).default(1) }, ({ table: id, ...query }) => get(path`/api/database/rows/table/${id}/`, { ...named, ...query }), (body) => itemsAt(body, 'results')),
    read(['get-row', 'One row', 'One row of a table.'], { table: tableId, row }, (input) => get(path`/api/database/rows/table/${input.table}/${input.row}/`, named)),
    write(['create-row', 'Add a row', 'Adds a row to a table.'], { table: tableId, fields: table('Fields') }, (input) => post(path`/api/database/rows/table/${input.table}/`, input.fields, named)),
    write(['update-row', 'Change a row', 'Changes fields of a row.'], { table: tableId, row, fields: table('Fields') }, (input) => patch(path`/api/database/rows/table/${input.table}/${input.row}/`, input.fields, named)),
    write(['delete-row', 'Delete a row', 'Deletes a row of a table.'], { table: tableId, row }, (input) => del(path`/api/database/rows/table/${input.table}/${input.row}/`)),
  ],
});
