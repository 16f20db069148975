/**
 * What the journey needs around the browser: a server of its own on an empty data folder, a fresh database where the
 * run was given a Postgres, and a customer's website on another origin.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createSocketServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { findNode24 } from '../scripts/node24.mjs';

const root = path.resolve(import.meta.dirname, '..');

/** The folder with flows and documents made by others, or null where it is absent. */
export const sharedData: string | null = [process.env.CMP_SHARED_DATA, path.resolve(root, '../shared/data')]
  .find((folder): folder is string => folder !== undefined && folder !== '' && existsSync(folder)) ?? null;

export interface RunningServer { baseUrl: string; stop: () => Promise<void> }

/** Everything outside this machine is off, whatever the environment of the run says: the journey is the same everywhere. */
const NOTHING_OUTSIDE = Object.fromEntries([
  'REDIS_URL', 'STORAGE_URL', 'STRIPE_SECRET_KEY', 'OPENAI_API_KEY', 'OPENAI_BASE_URL', 'ANTHROPIC_API_KEY', 'ANTHROPIC_BASE_URL', 'COHERE_API_KEY', 'COHERE_BASE_URL', 'OIDC_ISSUER', 'SMTP_URL', 'VAULT_ADDR', 'SECRET_KEY', 'BRAND_NAME', 'SAMPLE_CONTENT',
].map((name) => [name, '']));

/** How long a first start may take, with its migrations and its sample content. */
const START_MS = 150_000;

/**
 * Starts the server as a new machine would: nothing there yet, sample content on. An empty `databaseUrl` means the embedded
 * database; `settings` are variables of its environment.
 */
export async function startServer(databaseUrl: string, settings: Readonly<Record<string, string>> = {}): Promise<RunningServer> {
  const port = await freePort();
  const folder = mkdtempSync(path.join(tmpdir(), 'journey-'));
  const baseUrl = `http://localhost:${port}`;
  const server = spawn(findNode24() ?? process.execPath, [path.join(root, 'src/main.ts')], {
    cwd: root, stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env, ...NOTHING_OUTSIDE, NODE_ENV: 'development', HOST: '127.0.0.1', PORT: String(port), BASE_URL: baseUrl, DATA_DIR: folder, DATABASE_URL: databaseUrl, LOG_LEVEL: 'warn',
      // As `npm start` does it: the same files are not compiled again for each of the servers.
      NODE_COMPILE_CACHE: path.join(root, '.cache/compile'), ...settings,
    },
  });
  let said = '';
  for (const stream of [server.stdout, server.stderr]) stream.setEncoding('utf8').on('data', (text: string) => { said = `${said}${text}`.slice(-8_000); });
  const ended = once(server, 'exit');
  const stop = async () => {
    if (server.exitCode === null) {
      server.kill('SIGTERM');
      const insist = setTimeout(() => { server.kill('SIGKILL'); }, 15_000);
      await ended;
      clearTimeout(insist);
    }
    rmSync(folder, { recursive: true, force: true });
  };
  for (const deadline = Date.now() + START_MS; ; await wait(200)) {
    if (await answers(`${baseUrl}/readyz`)) return { baseUrl, stop };
    if (server.exitCode === null && Date.now() < deadline) continue;
    await stop();
    throw new Error(`the server did not start:\n${said}`);
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false; // It does not listen yet.
  }
}

async function freePort(): Promise<number> {
  const socket = createSocketServer().listen(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = addressOf(socket.address());
  socket.close();
  await once(socket, 'close');
  return port;
}

function addressOf(address: AddressInfo | string | null): AddressInfo {
  if (address === null || typeof address === 'string') throw new Error('not listening on a port');
  return address;
}

/** An empty database on the server of `adminUrl`, whose login owns it. */
export async function freshDatabase(adminUrl: string): Promise<{ url: string; drop: () => Promise<void> }> {
  const name = `journey_${Date.now().toString(36)}_${process.pid}`;
  const administer = async (statement: string) => {
    const client = new pg.Client({ connectionString: adminUrl });
    await client.connect();
    await client.query(statement).finally(async () => client.end());
  };
  await administer(`create database ${name}`);
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return { url: url.toString(), drop: async () => administer(`drop database if exists ${name} with (force)`) };
}

export interface CustomerSite { origin: string; /** As it is entered among the allowed domains. */ domain: string; show: (body: string) => void; close: () => Promise<void> }

/** A customer's website: one page, on an origin that is not the product's. */
export async function startSite(): Promise<CustomerSite> {
  let shown = '';
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(`<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>Paper Lane Books</title><style>body{font:16px/1.6 Georgia,serif;max-width:44rem;margin:4rem auto;padding:0 1rem}</style><h1>Paper Lane Books</h1><p>A small shop for books about programming. Ask the assistant in the corner.</p>${shown}`);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const domain = `127.0.0.1:${addressOf(server.address()).port}`;
  return {
    origin: `http://${domain}`, domain,
    show: (body) => { shown = body; },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
