import { DatabaseConfig, DatabaseSecrets } from '../contract/database.ts';
import { defineSource, SourceError } from '../source-reader.ts';
import { isQuery, listed } from './choose-tables.ts';
import type { DatabaseContext, Engine, Session } from './engine.ts';
import { lookAt } from './look-at.ts';
import { readRows } from './read-database.ts';
import { watch } from './watch.ts';

/** Drivers are loaded with the first database of their kind: a server that reads none pays nothing. */
const ENGINES: Readonly<Record<DatabaseConfig['engine'], () => Promise<Engine>>> = {
  postgres: async () => (await import('./postgres/postgres-engine.ts')).postgresEngine,
  mysql: async () => (await import('./mysql/mysql-engine.ts')).mysqlEngine,
  mongodb: async () => (await import('./mongodb/mongodb-engine.ts')).mongodbEngine,
  snowflake: async () => (await import('./snowflake/snowflake-engine.ts')).snowflakeEngine,
};
const NAME_CHARACTERS_MAX = 120;

/** Rows of a PostgreSQL, MySQL, MariaDB or Snowflake database, and documents of MongoDB: each one a document. Nothing is ever written there. */
export const databaseSource = defineSource<DatabaseConfig, DatabaseSecrets>({
  kind: 'database', title: 'Database', description: 'Rows of tables, documents of collections or the answer of one query. The database is only ever read.',
  config: DatabaseConfig, secrets: DatabaseSecrets,
  nameOf: (config) => `${config.database}${isQuery(config) ? '' : config.tables.length === 0 ? '' : `: ${listed(config.tables)}`}`.slice(0, NAME_CHARACTERS_MAX),
  secretsFor: ({ engine, host, port, authDatabase }) => [engine, host.toLowerCase(), port ?? '', engine === 'mongodb' ? authDatabase : ''].join(' '),
  test: async (context) => withSession(context, async (session) => lookAt(session, context)),
  async* read(context) {
    const { session } = await open(context);
    try {
      yield* readRows(session, context);
    } catch (error) {
      throw inWords(error, session, context);
    } finally {
      await session.close();
    }
  },
  async changed(context) {
    try {
      await withSession(context, async (session, { pollMs }) => watch(session, context, pollMs));
    } catch (error) {
      // A connection that was cut because nobody waits any more is no failure.
      if (!context.signal.aborted) throw error;
    }
  },
});

async function withSession<T>(context: DatabaseContext, work: (session: Session, engine: Engine) => Promise<T>): Promise<T> {
  const { engine, session } = await open(context);
  try {
    return await work(session, engine);
  } catch (error) {
    throw inWords(error, session, context);
  } finally {
    await session.close();
  }
}

async function open(context: DatabaseContext): Promise<{ engine: Engine; session: Session }> {
  requireHost(context.config);
  const engine = await ENGINES[context.config.engine]();
  try {
    return { engine, session: await engine.open(context) };
  } catch (error) {
    throw inWords(error, null, context);
  }
}

/** A whole connection string would bring its password into the open. */
function requireHost({ engine, host }: DatabaseConfig): void {
  const names = engine === 'mongodb' ? host.replace(/^mongodb\+srv:\/\//, '').split(',').map((name) => name.trim()) : [host];
  if (names.some((name) => /[/@\s?]/.test(name))) throw new SourceError('settings', 'Write only the name of the host; user, password and database have fields of their own.');
  if (engine !== 'mongodb' && /^[^:]*:\d+$/.test(host)) throw new SourceError('settings', 'Write the port into its own field.');
}

/** What the buyer may know and can do something about; the error behind it goes to the operator's log. Faults of ours stay as they are. */
function inWords(error: unknown, session: Session | null, context: DatabaseContext): unknown {
  const told = error instanceof SourceError ? error : session?.explain(error);
  if (!told) return error;
  const message = withoutSecrets(told.message, context);
  return message === told.message ? told : new SourceError(told.code, message, { cause: told.cause, retryable: told.retryable });
}

/** A database may repeat what it was sent. */
const withoutSecrets = (message: string, { secrets }: DatabaseContext): string =>
  Object.values(secrets).reduce((clean, secret) => (secret.length >= 3 ? clean.replaceAll(secret, '…') : clean), message);
