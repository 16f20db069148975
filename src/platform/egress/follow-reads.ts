import type { Response } from 'undici';
import { EgressRefused, type Egress } from './egress.ts';

const REDIRECTS_MAX = 3;

export interface FollowedRequest { method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'; headers: Record<string, string>; body?: string | Uint8Array<ArrayBuffer>; signal: AbortSignal }

export interface FollowedAnswer {
  response: Response;
  /** Where it came from. */
  url: URL;
  /** It is a redirect that was not followed: one too many, or of a call that may change something. Its body is let go. */
  redirected: boolean;
}

/**
 * Sends a request and follows redirects of reads, three at most, each through the guard. Another origin gets nothing of
 * what this one was sent but `accept`: a secret may be in any header or in the address. Throws EgressRefused, also for
 * the way from an encrypted address to one that is not.
 */
export async function followReads(egress: Pick<Egress, 'fetch'>, first: URL, request: FollowedRequest): Promise<FollowedAnswer> {
  let url = first;
  let headers = request.headers;
  for (let hop = 0; ; hop += 1) {
    const response = await egress.fetch(url, { ...request, headers, redirect: 'manual' });
    const location = response.headers.get('location');
    if (response.status < 300 || response.status >= 400 || response.status === 304 || !location) return { response, url, redirected: false };
    await response.body?.cancel();
    if (request.method !== 'GET' || hop >= REDIRECTS_MAX || !URL.canParse(location, url.href)) return { response, url, redirected: true };
    const next = new URL(location, url);
    if (url.protocol === 'https:' && next.protocol !== 'https:') throw new EgressRefused('redirect to an unencrypted address');
    if (next.origin !== url.origin) headers = { accept: request.headers['accept'] ?? '*/*' };
    url = next;
  }
}
