import { EgressRefused, type Egress } from '#platform/egress/egress.ts';
import { NodeError, type NodeContext } from '#modules/flows/index.ts';

const BODY_BYTES_MAX = 5 * 1024 * 1024;
const TIMEOUT_MS = 30_000;

/** HTTP for nodes of a flow: through the egress guard, bounded in time and size. */
export function fetchForFlow(egress: Egress, signal: AbortSignal): NodeContext['fetch'] {
  return async (url, init = {}) => {
    try {
      const response = await egress.fetch(url, { ...init, signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]) });
      return { status: response.status, headers: Object.fromEntries(response.headers), body: await boundedText(response.body) };
    } catch (error) {
      if (error instanceof EgressRefused) throw new NodeError('node-http-failed', error.message);
      throw error;
    }
  };
}

/** The same for a run that must change nothing outside: only what reads. */
export const readOnly = (fetch: NodeContext['fetch']): NodeContext['fetch'] => async (url, init = {}) => {
  const method = (init.method ?? 'GET').toUpperCase();
  if (method !== 'GET' && method !== 'HEAD') throw new NodeError('node-stopped', 'This step sends something to another system, which a try-out does not do.');
  return fetch(url, init);
};

async function boundedText(body: AsyncIterable<Uint8Array> | null): Promise<string> {
  if (!body) return '';
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of body) {
    bytes += piece.byteLength;
    if (bytes > BODY_BYTES_MAX) throw new NodeError('node-http-failed', 'The answer of the other server is larger than 5 MB.');
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}
