import { count, custom, data, defineConnector, del, flag, get, itemsAt, line, list, patch, path, post, read, secret, table, write, type Fields } from '#modules/connections/kit.ts';

const tableName = line('Table');
const filters = table('Filters', 'By column, in the words of PostgREST, e.g. {"status": "eq.open"}.').default({});
const texts = (values: Readonly<Record<string, unknown>>) => Object.fromEntries(Object.entries(values).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]));
const returning = { prefer: 'return=representation' };
const credentials = ({ token = '' }: Fields) => ({ headers: { apikey: token, authorization: `Bearer ${token}` } });

export const supabase = defineConnector({
  id: 'supabase', title: 'Supabase', description: 'Rows of a Supabase project, and vector search in them. The address is the one of the project, e.g. https://abc.supabase.co.', category: 'data',
  auth: custom({ token: secret('API key') }, credentials), baseUrl: null, ownHost: true, probe: get('/rest/v1/'),
  actions: [
    read(['select', 'Read rows', 'The rows of a table that fit the filters.'], { table: tableName, select: line('Columns').default('*'), filters, order: line('Order', 'For example created_at.desc.').optional(), limit: count('Rows', 1, 10_000).default(100), offset: count('Skip', 0, 100_000_000).default(0) },
      ({ table: name, filters: conditions, ...query }) => get(path`/rest/v1/${name}`, { ...texts(conditions), ...query }), (body) => itemsAt(body, '')),
    write(['insert', 'Add rows', 'Adds rows to a table, or replaces those with the same key.'], { table: tableName, rows: list('Rows', 'A list of objects.'), upsert: flag('Replace existing ones').default(false) },
      ({ table: name, rows, upsert }) => ({ ...post(path`/rest/v1/${name}`, rows), headers: { prefer: upsert ? 'return=representation,resolution=merge-duplicates' : 'return=representation' } })),
    write(['update', 'Change rows', 'Changes the rows that fit the filters; a filter is needed.'], { table: tableName, filters: needed(), values: table('Values') },
      ({ table: name, filters: conditions, values }) => ({ ...patch(path`/rest/v1/${name}`, values, texts(conditions)), headers: returning })),
    write(['delete', 'Delete rows', 'Deletes the rows that fit the filters; a filter is needed.'], { table: tableName, filters: needed() },
      ({ table: name, filters: conditions }) => ({ ...del(path`/rest/v1/${name}`, texts(conditions)), headers: returning })),
    read(['match-documents', 'Find by vector', 'The rows nearest to a vector, by a function such as match_documents.'], { function: line('Function').default('match_documents'), query_embedding: data('Vector'), match_count: count('Rows', 1, 1000).default(4), filter: table('Filter').default({}) },
      ({ function: name, ...body }) => post(path`/rest/v1/rpc/${name}`, body), (body) => itemsAt(body, '')),
    write(['call-function', 'Call a function', 'Calls a function of the database.'], { function: line('Function'), arguments: table('Arguments').default({}) }, (input) => post(path`/rest/v1/rpc/${input.function}`, input.arguments)),
  ],
});

/** Without a filter the service would touch every row. */
function needed() {
  return table('Filters', 'By column, e.g. {"id": "eq.5"}.').refine((value) => Object.keys(value).length > 0, 'give at least one filter');
}
