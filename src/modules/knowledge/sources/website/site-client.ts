import type { Egress } from '#platform/egress/egress.ts';
import { callServer, ServerCallError } from '#platform/egress/server-call.ts';
import { HostPace } from '../http/host-pace.ts';
import { SourceError } from '../source-reader.ts';
import { CrawlEnded, type CrawlLimits } from './crawl-limits.ts';
import { pageAddress } from './page-address.ts';
import { ACCEPT_ENCODING, type ReadBody, readBody, tooLarge } from './read-body.ts';

interface SiteRequest {
  accept: string;
  headers?: Record<string, string>;
  bytesMax: number;
  cut: boolean;
}

export interface SiteAnswer extends ReadBody {
  url: URL;
  status: number;
  headers: { get(name: string): string | null };
}

const REFUSAL_BYTES_MAX = 64 * 1024;

/** The same for a closed port, a private address and a name that does not exist, so that nobody scans a network with it. */
const UNREACHABLE = 'This address cannot be reached. Check that it is right, and open to everyone on the internet.';

/**
 * Asks a site politely and within bounds: in each host's pace, again later where it asks for that, through the egress
 * guard, with all bodies counted against one budget. Redirects are answered as they are by {@link SiteClient.get}.
 */
export class SiteClient {
  readonly limits: CrawlLimits;
  readonly signal: AbortSignal;
  readonly #egress: Egress;
  readonly #now: () => Date;
  readonly #paces = new Map<string, HostPace>();
  #bytes = 0;

  constructor({ egress, limits, signal, now }: { egress: Egress; limits: CrawlLimits; signal: AbortSignal; now: () => Date }) {
    this.limits = limits;
    this.signal = signal;
    this.#egress = egress;
    this.#now = now;
  }

  paceOf(url: URL): HostPace {
    const pace = this.#paces.get(url.host) ?? new HostPace(this.limits);
    this.#paces.set(url.host, pace);
    return pace;
  }

  /** One answer, whatever its status. Throws {@link SourceError}, {@link CrawlEnded} or the signal's reason. */
  async get(url: URL, request: SiteRequest): Promise<SiteAnswer> {
    const pace = this.paceOf(url);
    for (let attempt = 0; ; attempt += 1) {
      const answer = await pace.run(async () => this.#once(url, request), this.signal);
      if ((answer.status !== 429 && answer.status !== 503) || attempt >= this.limits.retriesMax) return answer;
      const asked = retryAfterMs(answer.headers.get('retry-after'), this.#now());
      if (asked !== null && asked > this.limits.retryWaitMaxMs) return answer;
      pace.rest(asked ?? Math.min(this.limits.retryWaitMaxMs, 5000 * 2 ** attempt));
    }
  }

  /** The answer behind all redirects, at whatever host: for a site's files for robots, which may lie elsewhere. */
  async follow(start: URL, request: SiteRequest): Promise<SiteAnswer> {
    let url = start;
    for (let hop = 0; hop <= this.limits.redirectsMax; hop += 1) {
      const answer = await this.get(url, request);
      const next = redirectOf(answer);
      if (next === null) return answer;
      const target = pageAddress(next, url);
      if (target === null) break;
      url = target;
    }
    throw new SourceError('unexpected', 'This address is redirected too often, or to something that is no web page.');
  }

  async #once(url: URL, request: SiteRequest): Promise<SiteAnswer> {
    const { limits } = this;
    const ended = new AbortController();
    const timer = setTimeout(() => { ended.abort(new SourceError('unreachable', `The answer took longer than ${seconds(limits.answerMs)}.`)); }, limits.answerMs);
    const signal = AbortSignal.any([this.signal, ended.signal]);
    try {
      const { status, headers, body } = await callServer(this.#egress.request, {
        method: 'GET', url: url.href, signal, firstByteMs: limits.firstByteMs, idleMs: limits.idleMs,
        headers: { 'user-agent': limits.userAgent, accept: request.accept, 'accept-encoding': ACCEPT_ENCODING, ...request.headers },
      });
      const bounds = { ...request, spend: this.spend };
      // One that says how large it is need not be read to know; the reading below then ends with this reason.
      if (!request.cut && Number(headers.get('content-length') ?? 0) > request.bytesMax) ended.abort(tooLarge(request.bytesMax));
      if (status === 200 || status === 203) return { url, status, headers, ...await readBody(body, headers.get('content-encoding'), bounds) };
      // Of an error and of a redirect only the status counts; a short body is read so that the connection can serve again.
      await readBody(body, null, { ...bounds, bytesMax: REFUSAL_BYTES_MAX, cut: true });
      return { url, status, headers, bytes: Buffer.alloc(0), cut: false };
    } catch (error) {
      throw failureOf(error, limits);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Counts bytes against the budget of the crawl. Throws {@link CrawlEnded}. */
  readonly spend = (bytes: number): void => {
    this.#bytes += bytes;
    if (this.#bytes > this.limits.totalBytesMax) throw new CrawlEnded(`Reading ended after ${Math.round(this.limits.totalBytesMax / 1024 / 1024)} MB.`);
  };
}

/** Where an answer sends on, as it was written; null where it does not. */
export function redirectOf({ status, headers }: Pick<SiteAnswer, 'status' | 'headers'>): string | null {
  return [301, 302, 303, 307, 308].includes(status) ? headers.get('location') : null;
}

/** Milliseconds that `Retry-After` asks for (RFC 9110, 10.2.3): seconds or a date. */
export function retryAfterMs(header: string | null, now: Date): number | null {
  if (header === null) return null;
  if (/^\s*\d{1,9}\s*$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - now.getTime());
}

function failureOf(error: unknown, limits: CrawlLimits): unknown {
  if (!(error instanceof ServerCallError)) return error;
  if (error.kind === 'timeout') return new SourceError('unreachable', `The server did not answer within ${seconds(limits.firstByteMs)}, or fell silent.`, { cause: error });
  return new SourceError('unreachable', UNREACHABLE, { cause: error });
}

const seconds = (ms: number): string => (ms < 1500 ? 'a second' : `${Math.round(ms / 1000)} seconds`);
