import { lookup as systemLookup } from 'node:dns';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import type * as Undici from 'undici';
import type { Agent, Headers, RequestInit, Response } from 'undici';

/** An outgoing request was refused. The message is the same for every refused target, so it cannot scan a network. */
export class EgressRefused extends Error {
  override name = 'EgressRefused';
  /** Why, for the operator's log only. */
  readonly reason: string;
  constructor(reason: string) {
    super('This address cannot be reached from here');
    this.reason = reason;
  }
}

export interface Egress {
  /**
   * Like `fetch`, for addresses that people wrote: only http(s) on the usual ports, never a private address, checked on
   * every redirect (five at most) and on the very address that is connected. Secrets in headers are dropped when a
   * redirect leaves the host. With `redirect: 'manual'` a redirect is the answer. Throws {@link EgressRefused}.
   */
  fetch(url: string | URL, init?: RequestInit): Promise<Response>;
  /**
   * The same guard for calls that are made for every answer: redirects are not followed but answered as they are, and
   * the body is bytes as they come, without decompression. Half the work of `fetch`.
   */
  request(url: string | URL, init: GuardedRequest): Promise<GuardedResponse>;
  /**
   * The checked address of a host, for a driver with a protocol of its own, which must connect to just this address.
   * `usualPorts` are those of the protocol; the operator's list opens others. Throws {@link EgressRefused}.
   */
  addressOf(host: string, port: number, usualPorts: readonly number[]): Promise<string>;
  close(): Promise<void>;
}

export interface GuardedRequest { method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'; headers: Record<string, string>; body: string | Uint8Array; signal: AbortSignal }
export interface GuardedResponse { status: number; headers: { get(name: string): string | null }; body: AsyncIterable<Uint8Array> }

type Client = Pick<typeof Undici, 'fetch' | 'request' | 'Headers'> & Record<'trusted' | 'guarded', Agent>;

const REDIRECTS_MAX = 5;
const PORTS = new Set(['', '80', '443']);
const CREDENTIAL_HEADERS = ['authorization', 'cookie', 'x-api-key', 'api-key', 'proxy-authorization'];

/**
 * Creates the guard. `allow` lists hosts (`host` or `host:port`) the operator opened although they are private, e.g. a
 * model server in the same network.
 */
export function createEgress(allow: readonly string[]): Egress {
  const opened = new Set(allow.map((host) => host.toLowerCase()));
  const isOpened = (url: URL) => opened.has(url.host.toLowerCase()) || opened.has(bare(url.hostname)) || opened.has(`${bare(url.hostname)}:${url.port || (url.protocol === 'https:' ? '443' : '80')}`);
  const limits = { connect: { timeout: 10_000 }, headersTimeout: 120_000, bodyTimeout: 300_000, keepAliveTimeout: 30_000, connections: 256 };
  // The client is a twentieth of an idle server's memory, so it is read with the first request.
  let opening: Promise<Client> | undefined;
  const client = async () => opening ??= openClient();
  const openClient = async (): Promise<Client> => {
    const { Agent, Headers, fetch, request } = await import('undici');
    return { fetch, request, Headers, trusted: new Agent(limits), guarded: new Agent({ ...limits, connect: { ...limits.connect, lookup: guardedLookup } }) };
  };

  const check = (url: URL): 'trusted' | 'guarded' => {
    if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new EgressRefused(`protocol ${url.protocol}`);
    if (url.username || url.password) throw new EgressRefused('credentials in the address');
    if (isOpened(url)) return 'trusted';
    if (!PORTS.has(url.port)) throw new EgressRefused(`port ${url.port}`);
    // The resolver hook is not called for addresses written as numbers, so these are checked here.
    const host = bare(url.hostname);
    if (isIP(host) && !isPublicAddress(host)) throw new EgressRefused(`address ${host}`);
    return 'guarded';
  };

  return {
    async fetch(input, init = {}) {
      let url = new URL(input);
      let request: RequestInit = { ...init };
      for (let hop = 0; hop <= REDIRECTS_MAX; hop += 1) {
        const agent = check(url);
        const undici = await client();
        const response = await undici.fetch(url, { ...request, redirect: 'manual', dispatcher: undici[agent] }).catch((error: unknown) => {
          const cause = error instanceof Error ? error.cause : undefined;
          throw cause instanceof EgressRefused ? cause : error;
        });
        const location = response.headers.get('location');
        if (response.status < 300 || response.status >= 400 || response.status === 304 || !location || init.redirect === 'manual') return response;
        await response.body?.cancel();
        const next = new URL(location, url);
        request = redirected(new undici.Headers(request.headers), request, response.status, next.host === url.host && !(url.protocol === 'https:' && next.protocol === 'http:'));
        url = next;
      }
      throw new EgressRefused('too many redirects');
    },
    async request(input, init) {
      const url = new URL(input);
      const agent = check(url);
      const undici = await client();
      const { statusCode, headers, body } = await undici.request(url, { ...init, dispatcher: undici[agent] });
      return {
        status: statusCode,
        headers: { get: (name) => { const value = headers[name.toLowerCase()]; return Array.isArray(value) ? value.join(', ') : value ?? null; } },
        body,
      };
    },
    async addressOf(written, port, usualPorts) {
      const host = bare(written);
      const isOpen = opened.has(`${host}:${port}`) || opened.has(host);
      if (!isOpen && !usualPorts.includes(port)) throw new EgressRefused(`port ${port}`);
      if (isIP(host)) {
        if (!isOpen && !isPublicAddress(host)) throw new EgressRefused(`address ${host}`);
        return host;
      }
      return new Promise((resolve, reject) => {
        (isOpen ? systemLookup : guardedLookup)(host, {}, (error: Error | null, address: unknown) => {
          if (error || typeof address !== 'string') reject(error ?? new EgressRefused(`name ${host} has no address`));
          else resolve(address);
        });
      });
    },
    async close() {
      const undici = await opening;
      await Promise.all([undici?.trusted.close(), undici?.guarded.close()]);
    },
  };
}

const bare = (hostname: string) => hostname.toLowerCase().replace(/^\[|\]$/g, '').replace(/\.$/, '');

/** Whether an IP address is one of the open internet: not private, local, shared, translated or reserved. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  if (parsed.range() !== 'unicast') return false;
  // Provider metadata services that stand in otherwise public or unlisted ranges.
  return !['100.100.100.200', 'fd00:ec2::254'].includes(parsed.toString());
}

type LookupCallback = (error: NodeJS.ErrnoException | null, address: string | { address: string; family: number }[], family?: number) => void;

function guardedLookup(hostname: string, options: { all?: boolean; family?: number | 'IPv4' | 'IPv6' }, callback: LookupCallback): void {
  systemLookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, []);
    // One private record among public ones is enough to refuse: the next answer may be the private one.
    if (addresses.some(({ address }) => !isPublicAddress(address))) return callback(new EgressRefused(`name ${hostname} resolves to a private address`), []);
    const [first] = addresses;
    if (!first) return callback(new EgressRefused(`name ${hostname} has no address`), []);
    return options.all ? callback(null, addresses) : callback(null, first.address, first.family);
  });
}

function redirected(headers: Headers, init: RequestInit, status: number, sameHost: boolean): RequestInit {
  if (!sameHost) for (const name of CREDENTIAL_HEADERS) headers.delete(name);
  const toGet = status === 303 || ((status === 301 || status === 302) && init.method === 'POST');
  const plain = Object.fromEntries(headers);
  return toGet ? { ...init, headers: plain, method: 'GET', body: null } : { ...init, headers: plain };
}
