import { choice, count, custom, defineConnector, line, list, runs, secret, statement, table, type Fields } from '#modules/connections/kit.ts';
import { runStatement } from './run-statement.ts';

const values = list('Values', 'For $1, $2 and so on.').default([]);
const name = (title: string, what?: string) => line(title, what).max(128);

export const postgres = defineConnector({
  id: 'postgres', title: 'PostgreSQL', description: 'Tables of a PostgreSQL database (also Supabase, Neon, CrateDB and others that speak its protocol).', category: 'data',
  auth: custom({
    host: line('Host'), port: line('Port').regex(/^\d{1,5}$/).default('5432'), database: line('Database'), user: line('User', 'Best one who may only read.'), password: secret('Password').optional(),
    ssl: choice('Encryption', ['verify', 'require', 'off'], 'Verified certificate, any certificate, or none.').default('verify'),
  }),
  baseUrl: ({ host = '', port = '5432' }: Fields) => `postgres://${host}:${port}`,
  probe: async (outside) => runStatement(outside, { text: 'select 1', values: [], readOnly: true, rowsMax: 1 }),
  actions: [
    runs('read', ['query', 'Query', 'Runs one SELECT in a transaction that can only read, for at most 30 seconds.'], { sql: statement('SQL'), values, rowsMax: count('Rows', 1, 10_000).default(1000) },
      async (outside, input) => (await runStatement(outside, { text: input.sql, values: input.values, readOnly: true, rowsMax: input.rowsMax })).rows),
    runs('write', ['execute', 'Execute', 'Runs one statement that may change data; its rows come back where it returns some.'], { sql: statement('SQL'), values, rowsMax: count('Rows', 1, 10_000).default(1000) },
      async (outside, input) => runStatement(outside, { text: input.sql, values: input.values, readOnly: false, rowsMax: input.rowsMax })),
    runs('write', ['insert', 'Add a row', 'Adds a row to a table and returns it.'], { table: name('Table', 'With its schema where needed.'), row: table('Row', 'Values by column.') }, async (outside, input) => {
      const entries = Object.entries(input.row);
      const text = entries.length === 0 ? `insert into ${identifier(input.table)} default values returning *`
        : `insert into ${identifier(input.table)} (${entries.map(([column]) => quoted(column)).join(', ')}) values (${entries.map((_, index) => `$${index + 1}`).join(', ')}) returning *`;
      return (await runStatement(outside, { text, values: entries.map(([, value]) => value), readOnly: false, rowsMax: 1 })).rows[0] ?? null;
    }),
    runs('read', ['list-tables', 'Tables', 'The tables the user sees, with their columns.'], {}, async (outside) => (await runStatement(outside, {
      text: `select table_schema as schema, table_name as table, json_agg(json_build_object('name', column_name, 'type', data_type) order by ordinal_position) as columns
        from information_schema.columns where table_schema not in ('pg_catalog', 'information_schema') group by 1, 2 order by 1, 2`,
      values: [], readOnly: true, rowsMax: 1000,
    })).rows),
  ],
});

/** A name as data of the statement, whatever it holds. */
const quoted = (written: string): string => `"${written.replaceAll('"', '""')}"`;
const identifier = (written: string): string => written.split('.').map(quoted).join('.');
