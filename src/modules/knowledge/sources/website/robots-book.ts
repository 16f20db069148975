import { SourceError } from '../source-reader.ts';
import { ALL_ALLOWED, readRobots, type RobotsRules } from './robots-rules.ts';
import type { SiteClient } from './site-client.ts';

/** The robots.txt of each origin, fetched when its first page is. */
export class RobotsBook {
  readonly #client: SiteClient;
  readonly #agent: string;
  readonly #rules = new Map<string, Promise<RobotsRules>>();

  constructor(client: SiteClient, agent: string) {
    this.#client = client;
    this.#agent = agent;
  }

  /** Throws {@link SourceError} while it cannot be fetched: then nothing may be read (RFC 9309, 2.3.1.4). */
  async of(url: URL): Promise<RobotsRules> {
    const known = this.#rules.get(url.origin) ?? this.#fetch(url);
    this.#rules.set(url.origin, known);
    return known;
  }

  async #fetch(url: URL): Promise<RobotsRules> {
    const { limits } = this.#client;
    const answer = await this.#client.follow(new URL('/robots.txt', url), { accept: 'text/plain, */*;q=0.5', bytesMax: limits.robotsBytesMax, cut: true }).catch((error: unknown) => {
      // Lost in redirects, or not to be unpacked: like one that is not there.
      if (error instanceof SourceError && error.code === 'unexpected') return null;
      throw error;
    });
    if (answer === null || (answer.status >= 400 && answer.status < 500 && answer.status !== 429)) return ALL_ALLOWED;
    if (answer.status !== 200) {
      throw new SourceError('unreachable', `The site answers its rules for robots (robots.txt) with an error (${answer.status}). While that is so, nothing of it may be read. Try again later.`);
    }
    // What is cut through in the middle is no line.
    const text = answer.bytes.toString('utf8');
    const rules = readRobots(answer.cut ? text.slice(0, text.lastIndexOf('\n') + 1) : text, this.#agent);
    if (rules.delayMs !== null && rules.delayMs > 0) this.#client.paceOf(url).slowTo(Math.min(rules.delayMs, limits.delayMaxMs));
    return rules;
  }
}
