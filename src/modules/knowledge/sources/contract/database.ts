import { z } from 'zod';
import { line, lines, optionalLine, secret } from './fields.ts';

export const DATABASE_ENGINES = ['postgres', 'mysql', 'mongodb', 'snowflake'] as const;

const only = (...engines: (typeof DATABASE_ENGINES)[number][]) => ({ when: { path: 'engine', equals: engines } });

/** Rows of tables, documents of collections, or the answer of a query. It is only ever read. */
export const DatabaseConfig = z.strictObject({
  engine: z.enum(DATABASE_ENGINES).default('postgres').meta({ title: 'Database', ui: { labels: { postgres: 'PostgreSQL', mysql: 'MySQL or MariaDB', mongodb: 'MongoDB', snowflake: 'Snowflake' } } }),
  host: line('Host', 'A name, without user and password. MongoDB also takes several with commas, or mongodb+srv://name; for Snowflake it is the account, such as myorg-account.'),
  port: z.int().min(1).max(65_535).nullable().default(null).meta({ title: 'Port', description: 'Empty takes the usual one.', ui: only('postgres', 'mysql', 'mongodb') }),
  database: line('Database'),
  user: optionalLine('User').meta({ title: 'User', description: 'Best one who may only read.', ui: { widget: 'text' } }),
  encryption: z.enum(['verify', 'require', 'off']).default('verify').meta({ title: 'Encryption', description: 'Verified certificate, any certificate, or none.', ui: { advanced: true, ...only('postgres', 'mysql', 'mongodb') } }),
  certificate: z.string().trim().max(20_000).default('').meta({ title: 'Certificate authority', description: 'In PEM, where the provider of the database signs its certificates itself.', ui: { widget: 'textarea', advanced: true, ...only('postgres', 'mysql', 'mongodb') } }),
  tables: lines('Tables', 'Tables or collections, with their schema where needed. Each row becomes a document.'),
  query: z.string().trim().max(20_000).default('').meta({ title: 'Query', description: 'Instead of tables: one SELECT; each row becomes a document. For MongoDB: which documents of the collections, as a filter in JSON.', ui: { widget: 'code', advanced: true } }),
  idColumn: optionalLine('Id column', 'What tells a row from all others. Empty takes the primary key.'),
  titleColumn: optionalLine('Title column', 'Empty takes a column named title, name, subject or question.'),
  textColumns: lines('Text columns', 'Nothing written: all columns but those that look like passwords and keys.'),
  urlColumn: optionalLine('Link column', 'The address people may open.'),
  rowsMax: z.int().min(1).max(100_000).default(10_000).meta({ title: 'Rows', description: 'Reading ends when so many are there.', ui: { advanced: true } }),
  channel: z.string().trim().regex(/^[a-z_]\w{0,62}$/i, 'Letters, digits and underscores').default('knowledge').meta({ title: 'Channel', description: 'For reading at once: changes are told by NOTIFY on this channel.', ui: { advanced: true, ...only('postgres') } }),
  authDatabase: optionalLine('Sign-in database').default('admin').meta({ title: 'Sign-in database', description: 'Where the user was made.', ui: { widget: 'text', advanced: true, ...only('mongodb') } }),
  warehouse: optionalLine('Warehouse').meta({ title: 'Warehouse', ui: { widget: 'text', ...only('snowflake') } }),
  schema: optionalLine('Schema').meta({ title: 'Schema', description: 'Empty takes PUBLIC.', ui: { widget: 'text', ...only('snowflake') } }),
  role: optionalLine('Role').meta({ title: 'Role', description: 'Empty takes the usual one of the user.', ui: { widget: 'text', advanced: true, ...only('snowflake') } }),
});
export type DatabaseConfig = z.infer<typeof DatabaseConfig>;

export const DatabaseSecrets = z.strictObject({
  password: secret('Password', 'For Snowflake a programmatic access token.').optional(),
  privateKey: secret('Private key', 'Instead of a token: the private key of the user’s key pair, in PEM.', only('snowflake').when).optional(),
});
export type DatabaseSecrets = z.infer<typeof DatabaseSecrets>;
