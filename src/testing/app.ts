import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';
import { z } from 'zod';
import { loadConfig } from '#config';
import { freePort } from '#adapters/pglite/free-port.ts';
import { Me } from '#modules/identity/contract.ts';
import type { CallInput, Output } from '#platform/contract/endpoint.ts';
import { connect } from '#platform/db/database.ts';
import type { AnyEndpoint } from '#platform/http/serve.ts';
import { createLogger } from '#platform/log/logger.ts';
import type { FileStore } from '#platform/storage/file-store.ts';
import { chooseAdapters } from '../choose-adapters.ts';
import { compose, type Adapters, type Composition } from '../compose.ts';
import { startTestDatabase } from './database.ts';

/** An answer: `body` is what the endpoint promises when the status says success, a problem otherwise. */
export interface Answer<T> { status: number; body: T; problem: { code: string; detail: string; errors: { path: string; message: string }[] }; headers: Headers }

/** Somebody who calls the API: a signed-in person, a key, or a stranger. */
export interface Caller {
  call<E extends AnyEndpoint>(endpoint: E, input?: CallInput<E>): Promise<Answer<Output<E>>>;
  /** Like `call`, but fails the test unless the status is a success. */
  ok<E extends AnyEndpoint>(endpoint: E, input?: CallInput<E>): Promise<Output<E>>;
  fetch(path: string, init?: RequestInit): Promise<Response>;
}

export interface Person extends Caller { name: string; email: string; cookie: string; organizationId: string; projectId: string; me(): Promise<Me> }

export interface TestApp {
  baseUrl: string;
  composition: Composition;
  files: FileStore;
  stranger: Caller;
  /** Signs somebody up; their organization and first project exist afterwards. */
  person(name: string, options?: { operator?: boolean }): Promise<Person>;
  /** Somebody with an API key. */
  key(secret: string, headers?: Record<string, string>): Caller;
  /** Waits until events and jobs have been worked off. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

const PASSWORD = 'a long enough password';

/**
 * Starts the whole product in this process on a database of its own, listening on the loopback. Ends with the test file.
 * `environment` adds settings as the environment would; `adapt` changes an implementation that they choose.
 */
export async function startApp(environment: Record<string, string> = {}, adapt: (chosen: Adapters) => Adapters = (chosen) => chosen): Promise<TestApp> {
  const port = await freePort();
  const baseUrl = `http://127.0.0.1:${port}`;
  const folder = await mkdtemp(path.join(tmpdir(), 'cmp-test-'));
  const config = loadConfig({ NODE_ENV: 'test', PORT: String(port), BASE_URL: baseUrl, DATA_DIR: folder, LOG_LEVEL: 'error', SAMPLE_CONTENT: 'false', ...environment });
  const source = await startTestDatabase();
  const database = connect(source.url);
  const log = createLogger(config.LOG_LEVEL);
  const adapters = adapt(chooseAdapters(config, { database, databaseUrl: source.url, embedded: source.embedded }, log));
  const composition = await compose(config, adapters, log);
  await composition.start();
  await composition.app.listen({ port, host: '127.0.0.1' });
  const stranger = caller(baseUrl, {});
  let stopped = false;

  const app: TestApp = {
    baseUrl, composition, files: adapters.files, stranger,
    async person(name, options = {}) {
      const email = `${name.toLowerCase().replaceAll(' ', '.')}.${Math.random().toString(36).slice(2, 8)}@example.com`;
      const answer = await stranger.fetch('/api/auth/sign-up/email', {
        method: 'POST', headers: { 'content-type': 'application/json', origin: baseUrl }, body: JSON.stringify({ name, email, password: PASSWORD }),
      });
      if (!answer.ok) throw new Error(`sign-up failed: ${answer.status} ${await answer.text()}`);
      if (options.operator) await database.pool.query('update auth."user" set operator = true where email = $1', [email]);
      const cookie = answer.headers.getSetCookie().map((item) => item.split(';')[0]).join('; ');
      const who = caller(baseUrl, { cookie, origin: baseUrl });
      const me = async () => Me.parse(await (await who.fetch('/api/v1/me')).json());
      const home = (await me()).organizations[0];
      if (!home?.projects[0]) throw new Error('sign-up made no organization');
      return { ...caller(baseUrl, { cookie, origin: baseUrl, 'x-organization-id': home.id }), name, email, cookie, organizationId: home.id, projectId: home.projects[0].id, me };
    },
    key: (secret, headers = {}) => caller(baseUrl, { authorization: `Bearer ${secret}`, ...headers }),
    settled: async () => composition.jobs.idle(),
    async stop() {
      if (stopped) return;
      stopped = true;
      await composition.stop();
      await adapters.code.close();
      await adapters.egress.close();
      await database.close();
      await source.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
  afterAll(async () => app.stop());
  return app;
}

function caller(baseUrl: string, headers: Record<string, string>): Caller {
  const send = async (pathname: string, init: RequestInit = {}) => fetch(`${baseUrl}${pathname}`, { redirect: 'manual', ...init, headers: { ...headers, ...Object.fromEntries(new Headers(init.headers)) } });
  const call: Caller['call'] = async (endpoint, input) => {
    const parts = z.object({ params: z.record(z.string(), z.unknown()).default({}), query: z.record(z.string(), z.unknown()).default({}), body: z.unknown().optional() }).parse(input ?? {});
    const pathname = endpoint.path.replace(/:(\w+)/g, (_all, name: string) => encodeURIComponent(String(parts.params[name])));
    const query = new URLSearchParams(Object.entries(parts.query).flatMap(([name, value]): [string, string][] => (value === undefined ? [] : [[name, z.coerce.string().parse(value)]]))).toString();
    const body = parts.body instanceof FormData ? { body: parts.body } : parts.body === undefined ? {} : { body: JSON.stringify(parts.body), headers: { 'content-type': 'application/json' } };
    const answer = await send(`${pathname}${query ? `?${query}` : ''}`, { method: endpoint.method, ...body });
    const text = await answer.text();
    const json: unknown = /json/.test(answer.headers.get('content-type') ?? '') ? JSON.parse(text) : text;
    return { status: answer.status, body: json as never, problem: json as never, headers: answer.headers };
  };
  return {
    call,
    async ok(endpoint, input) {
      const answer = await call(endpoint, input);
      if (answer.status >= 300) throw new Error(`${endpoint.method} ${endpoint.path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
      return answer.body;
    },
    fetch: send,
  };
}
