import { z } from 'zod';
import { line, lines, optionalLine, secret } from './fields.ts';

export const DATABASE_ENGINES = ['postgres', 'mysql', 'mongodb', 'snowflake'] as const;

/** Rows of tables, documents of collections, or the answer of a query. It is only ever read. */
export const DatabaseConfig = z.strictObject({
  engine: z.enum(DATABASE_ENGINES).default('postgres').meta({ title: 'Database', ui: { labels: { postgres: 'PostgreSQL', mysql: 'MySQL or MariaDB', mongodb: 'MongoDB', snowflake: 'Snowflake' } } }),
  host: line('Host', 'For Snowflake the account, such as myorg-account.'),
  port: z.int().min(1).max(65_535).nullable().default(null).meta({ title: 'Port', description: 'Empty takes the usual one.' }),
  database: line('Database'),
  user: optionalLine('User', 'Best one who may only read.'),
  encryption: z.enum(['verify', 'require', 'off']).default('verify').meta({ title: 'Encryption', description: 'Verified certificate, any certificate, or none.', ui: { advanced: true } }),
  tables: lines('Tables', 'Tables or collections, with their schema where needed. Each row becomes a document.'),
  query: z.string().trim().max(20_000).default('').meta({ title: 'Query', description: 'Instead of tables: one SELECT. Each row becomes a document.', ui: { widget: 'code', advanced: true } }),
  idColumn: optionalLine('Id column', 'Empty takes the primary key.'),
  titleColumn: optionalLine('Title column', 'Empty takes a column named title, name or subject.'),
  textColumns: lines('Text columns', 'Nothing written: all columns.'),
  urlColumn: optionalLine('Link column', 'The address people may open.'),
  rowsMax: z.int().min(1).max(100_000).default(10_000).meta({ title: 'Rows', description: 'Reading ends when so many are there.', ui: { advanced: true } }),
  warehouse: optionalLine('Warehouse', 'Snowflake only.'),
  schema: optionalLine('Schema', 'Snowflake only.'),
});
export type DatabaseConfig = z.infer<typeof DatabaseConfig>;
export const DatabaseSecrets = z.strictObject({ password: secret('Password', 'For Snowflake a programmatic access token.').optional() });
export type DatabaseSecrets = z.infer<typeof DatabaseSecrets>;
