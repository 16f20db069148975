import { readFile } from 'node:fs/promises';
import pg from 'pg';
import { inject } from 'vitest';
import { compileEmbeddedDatabase, startEmbeddedDatabase } from '#adapters/pglite/embedded-database.ts';
import { uuidv7 } from '#platform/crypto/ids.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** File with a migrated embedded database; empty when a server is used. */
    databaseSnapshot: string;
    /** URL of the migrated template database on a Postgres server; empty when the embedded one is used. */
    databaseTemplate: string;
    /** URL whose login the product uses on that server. */
    databaseLogin: string;
  }
}

export interface TestDatabase {
  url: string;
  /** The owner's login, for looking behind the policies. */
  adminUrl: string;
  embedded: boolean;
  close(): Promise<void>;
}

/** Read and compiled once for all the files that this process serves. */
let prepared: Promise<{ program: WebAssembly.Module; snapshot: Uint8Array }> | undefined;
const prepare = async (): Promise<{ program: WebAssembly.Module; snapshot: Uint8Array }> => {
  const [program, file] = await Promise.all([compileEmbeddedDatabase(), readFile(inject('databaseSnapshot'))]);
  return { program, snapshot: new Uint8Array(file) };
};

/** A fresh migrated database of its own for one test file: in memory, or on the server the run was given. */
export async function startTestDatabase(): Promise<TestDatabase> {
  const template = inject('databaseTemplate');
  if (!template) {
    const embedded = await startEmbeddedDatabase({ dataDir: null, ...await (prepared ??= prepare()) });
    return { url: embedded.url, adminUrl: embedded.url, embedded: true, close: async () => embedded.close() };
  }
  const name = `test_${uuidv7().replaceAll('-', '')}`;
  const administer = async (statement: string) => {
    const client = new pg.Client({ connectionString: databaseUrl(template, 'postgres') });
    await client.connect();
    await client.query(statement).finally(async () => client.end());
  };
  await administer(`create database ${name} template ${new URL(template).pathname.slice(1)}`);
  return { url: databaseUrl(inject('databaseLogin'), name), adminUrl: databaseUrl(template, name), embedded: false, close: async () => administer(`drop database ${name} with (force)`) };
}

function databaseUrl(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.toString();
}
