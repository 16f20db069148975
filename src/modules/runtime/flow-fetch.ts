import type { Process } from '#platform/context.ts';
import { EgressRefused, type Egress } from '#platform/egress/egress.ts';
import { OutsideError, type HeldCredential } from '#modules/connections/index.ts';
import { NodeError, type NodeContext } from '#modules/flows/index.ts';
import type { OutsideAccess } from './outside.ts';

const BODY_BYTES_MAX = 5 * 1024 * 1024;
const TIMEOUT_MS = 30_000;
const REDIRECTS_MAX = 3;

type Init = NonNullable<Parameters<NodeContext['fetch']>[1]>;
type Response = Awaited<ReturnType<Egress['fetch']>>;
type CredentialUse = NonNullable<Init['credentials']>[number];

/**
 * HTTP for nodes of a flow: through the egress guard, bounded in time and size. `credential` finds what a bound connection
 * holds; it is added here, so that nodes never see it, and only for the origin it was made for.
 */
export function fetchForFlow(egress: Egress, runSignal: AbortSignal, credential: (connection: string) => Promise<HeldCredential>): NodeContext['fetch'] {
  return async (address, init = {}) => {
    const { credentials = [], enough, signal: own, readsOnly: _, ...request } = init;
    const signal = AbortSignal.any([runSignal, ...(own ? [own] : []), AbortSignal.timeout(TIMEOUT_MS)]);
    try {
      const held = await Promise.all(credentials.map(async (use) => ({ use, credential: await credential(use.connection) })));
      const { url, headers } = withCredentials(new URL(address), request.headers ?? {}, held);
      const redact = (text: string) => held.reduce((known, { credential: one }) => one.redact(known), text);
      const response = held.length === 0 ? await egress.fetch(url, { ...request, signal }) : await sameOrigin(egress, url, { ...request, headers, signal });
      const answered = Object.fromEntries([...response.headers].map(([name, value]) => [name, redact(value)]));
      return { status: response.status, headers: answered, body: redact(await boundedText(response.body, enough)) };
    } catch (error) {
      if (error instanceof EgressRefused) throw new NodeError('node-http-failed', error.message);
      if (error instanceof OutsideError) throw new NodeError(error.code === 'connection-missing' ? 'node-connection-missing' : 'node-http-failed', error.message, { cause: error });
      if (error instanceof NodeError) throw error;
      runSignal.throwIfAborted();
      if (signal.aborted) throw new NodeError('node-http-failed', `${new URL(address).host} did not answer within ${TIMEOUT_MS / 1_000} seconds.`, { cause: error });
      // A server that is down is no fault of ours. Refused and closed addresses read the same, so that nobody can scan a network with it.
      if (isNetworkFailure(error)) throw new NodeError('node-http-failed', UNREACHABLE, { cause: error });
      throw error;
    }
  };
}

const UNREACHABLE = new EgressRefused('').message;

/** What `fetch` throws where a connection could not be made or broke off; its causes carry the code of the system. */
const isNetworkFailure = (error: unknown): boolean => error instanceof TypeError && error.cause instanceof Error;

/** The same for a seller who tries a server while making a product: with the connections bound to it, where there is one. */
export const fetchForSeller = (egress: Egress, { calls }: OutsideAccess) => ({ tenant, signal }: Process, productId: string | null): NodeContext['fetch'] =>
  fetchForFlow(egress, signal, async (connection) => {
    if (productId === null) throw new OutsideError('connection-missing', 'Import the file first and bind a connection to the product.');
    return calls.credential({ tenant, subscriptionId: null, productId, sellerId: tenant }, connection, signal);
  });

/** The same for a run that must change nothing outside: only what reads. */
export const readOnly = (fetch: NodeContext['fetch']): NodeContext['fetch'] => async (url, init = {}) => {
  const method = (init.method ?? 'GET').toUpperCase();
  if (init.readsOnly !== true && method !== 'GET' && method !== 'HEAD') throw new NodeError('node-stopped', 'This step sends something to another system, which a try-out does not do.');
  return fetch(url, init);
};

function withCredentials(url: URL, own: Readonly<Record<string, string>>, held: readonly { use: CredentialUse; credential: HeldCredential }[]): { url: URL; headers: Record<string, string> } {
  const target = new URL(url);
  const headers = new Map(Object.entries(own).map(([name, value]) => [name.toLowerCase(), value]));
  for (const { use, credential } of held) {
    if (credential.origin !== url.origin) throw new NodeError('node-connection-missing', `The connection "${use.connection.slice(0, 100)}" was made for ${new URL(credential.origin).host}; its credential is not sent to ${url.host}.`);
    switch (use.place) {
      case 'bearer': headers.set('authorization', `Bearer ${credential.secret}`); break;
      case 'basic': headers.set('authorization', `Basic ${Buffer.from(`${credential.username}:${credential.secret}`).toString('base64')}`); break;
      case 'header': headers.set(use.name.toLowerCase(), `${use.prefix}${credential.secret}`); break;
      case 'query': target.searchParams.set(use.name, credential.secret); break;
    }
  }
  return { url: target, headers: Object.fromEntries(headers) };
}

type GuardedInit = NonNullable<Parameters<Egress['fetch']>[1]>;

/** Follows redirects as far as they stay with the origin the credentials were made for. */
async function sameOrigin(egress: Egress, first: URL, init: GuardedInit): Promise<Response> {
  let url = first;
  let request = init;
  for (let hop = 0; hop <= REDIRECTS_MAX; hop += 1) {
    const response = await egress.fetch(url, { ...request, redirect: 'manual' });
    const location = response.headers.get('location');
    if (response.status < 300 || response.status >= 400 || response.status === 304 || !location) return response;
    await response.body?.cancel();
    const next = new URL(location, url);
    if (next.origin !== url.origin) throw new NodeError('node-http-failed', `${url.host} redirects to ${next.host}, where the credential does not belong.`);
    // As browsers do: other than 307 and 308, a redirect of what is not a read becomes a read (RFC 9110, section 15.4).
    if (response.status === 303 || (response.status < 303 && request.method !== 'GET' && request.method !== 'HEAD')) request = { ...request, method: 'GET', body: null };
    url = next;
  }
  throw new NodeError('node-http-failed', `${first.host} redirects too often.`);
}

/** The text of an answer; `enough` sees each piece and ends the reading of one that stays open. */
async function boundedText(body: AsyncIterable<Uint8Array> | null, enough: Init['enough']): Promise<string> {
  if (!body) return '';
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const piece of body) {
    bytes += piece.byteLength;
    if (bytes > BODY_BYTES_MAX) throw new NodeError('node-http-failed', 'The answer of the other server is larger than 5 MB.');
    const part = decoder.decode(piece, { stream: true });
    text += part;
    if (enough?.(part)) return text;
  }
  return text + decoder.decode();
}
