import type { Egress } from '#platform/egress/egress.ts';
import { refusalWords } from '#platform/egress/refusal-words.ts';
import { bodyText, callServer, ServerCallError } from '#platform/egress/server-call.ts';
import { refusal, type StatusHints } from '../http/refusal.ts';
import { createSourceHttp, type SourceAnswer, type SourceHttp, type SourceHttpParts } from '../http/source-http.ts';
import { SourceError } from '../source-reader.ts';
import { DELIMITER, FLUSH, packet, PacketReader } from './packet-lines.ts';

/** A branch as it stands. */
export interface GitHead { commit: string; /** Null where the server does not tell which one is the default. */ branch: string | null }

export interface GitRemoteParts extends Pick<SourceHttpParts, 'signal' | 'now' | 'triesMax' | 'answerMs'> {
  egress: Egress;
  url: URL;
  /** The header that proves who asks; null for what is public. */
  authorization: string | null;
  secrets: readonly string[];
}

/** What one request asks for. Without `withBlobs` the files themselves stay there, where the server knows how. */
export interface PackRequest { wants: readonly string[]; withBlobs: boolean }

const ADVERTISEMENT_BYTES_MAX = 32 * 1024 * 1024;
/** A server may count long before it begins to send. */
const FIRST_BYTE_MS = 60_000;
const IDLE_MS = 30_000;
const AGENT = 'agent=git/cmp-knowledge';
const UNREACHABLE = 'This address cannot be reached from here. Check it, and that it is open to the internet.';

/**
 * A repository behind Git's smart HTTP protocol (gitprotocol-http), the second version or the first, only ever read. The
 * one request of our own that libraries cannot make is for the newest state without its files, to fetch then only those
 * that are wanted. Throws {@link SourceError}.
 */
export class GitRemote {
  readonly #parts: GitRemoteParts;
  readonly #http: SourceHttp;
  readonly #hints: StatusHints;
  #base: URL;
  #authorization: string | null;
  #capabilities = new Map<string, string>();
  /** References as the first version tells them, with its symbolic ones; null where the second version is spoken. */
  #told: { refs: Map<string, string>; head: string | null } | null = null;

  private constructor(parts: GitRemoteParts) {
    this.#parts = parts;
    this.#hints = hintsFor(parts.authorization !== null);
    this.#http = createSourceHttp({ ...parts, secrets: () => parts.secrets, hints: this.#hints });
    this.#base = parts.url;
    this.#authorization = parts.authorization;
  }

  static async open(parts: GitRemoteParts): Promise<GitRemote> {
    const remote = new GitRemote(parts);
    await remote.#discover();
    return remote;
  }

  /** Whether a state can be had without its files, and single files afterwards. */
  get canFilter(): boolean {
    return this.#told === null && (this.#capabilities.get('fetch') ?? '').split(' ').includes('filter');
  }

  /** @param branch empty for the default one. */
  async head(branch: string): Promise<GitHead> {
    const refs = this.#told ?? await this.#listRefs(branch);
    const name = branch === '' ? 'HEAD' : `refs/heads/${branch}`;
    const commit = refs.refs.get(name);
    if (commit) return { commit, branch: branch === '' ? refs.head : branch };
    throw new SourceError('not-found', branch === '' ? 'The repository is empty.' : `There is no branch “${branch.slice(0, 100)}” in this repository.`);
  }

  /** A pack as it comes. */
  async* pack({ wants, withBlobs }: PackRequest, depth: 1 | null): AsyncGenerator<Uint8Array> {
    const filter = !withBlobs && this.canFilter;
    const body = this.#told
      ? [...wants.map((want, index) => packet(`want ${want}${index === 0 ? ` side-band-64k ofs-delta no-progress ${AGENT}` : ''}\n`)), depth === null ? '' : packet(`deepen ${depth}\n`), FLUSH, packet('done\n')].join('')
      : [packet('command=fetch\n'), packet(`${AGENT}\n`), DELIMITER, packet('ofs-delta\n'), packet('no-progress\n'), ...wants.map((want) => packet(`want ${want}\n`)),
        depth === null ? '' : packet(`deepen ${depth}\n`), filter ? packet('filter blob:none\n') : '', packet('done\n'), FLUSH].join('');
    const reader = new PacketReader(await this.#post(body));
    await this.#skipToPack(reader, depth !== null);
    for (let next = await reader.next(); Buffer.isBuffer(next); next = await reader.next()) {
      if (next[0] === 1) yield next.subarray(1);
      else if (next[0] === 3) throw this.#refusedBecause(next.subarray(1).toString('utf8'));
    }
  }

  async #discover(): Promise<void> {
    let { url, answer: { bytes, header, url: from } } = await this.#advertisement();
    // Repositories move. Credentials stay with the host they were given for, and the new one is asked in our own words.
    this.#base = new URL(from.href.replace(/\/info\/refs\?.*$/, ''));
    if (from.origin !== url.origin) {
      this.#authorization = null;
      ({ url, answer: { bytes, header, url: from } } = await this.#advertisement());
    }
    if (!(header('content-type') ?? '').startsWith('application/x-git-upload-pack-advertisement')) {
      throw new SourceError('not-found', `There is no Git repository at this address of ${url.host}, but something else. Write the one that a clone over HTTPS uses.`);
    }
    const reader = new PacketReader(oneChunk(bytes));
    let line = await reader.line();
    if (line?.startsWith('# service=')) {
      await reader.next();
      line = await reader.line();
    }
    if (line === 'version 2') await this.#readCapabilities(reader);
    else await this.#readRefs(reader, line);
    const format = this.#capabilities.get('object-format') ?? 'sha1';
    if (format !== 'sha1') throw new SourceError('unexpected', `This repository counts its objects in ${format.slice(0, 20)}, which is not read. Copy it to one that uses SHA-1.`);
  }

  async #advertisement(): Promise<{ url: URL; answer: SourceAnswer }> {
    const url = new URL(`${this.#base.href.replace(/\/+$/, '')}/info/refs?service=git-upload-pack`);
    return { url, answer: await this.#http.send({ url, headers: this.#headers({ accept: '*/*' }), bytesMax: ADVERTISEMENT_BYTES_MAX }) };
  }

  async #readCapabilities(reader: PacketReader): Promise<void> {
    for (let line = await reader.line(); line !== null; line = await reader.line()) {
      const [name = '', ...value] = line.split('=');
      this.#capabilities.set(name, value.join('='));
    }
  }

  async #readRefs(reader: PacketReader, first: string | null): Promise<void> {
    const refs = new Map<string, string>();
    let head: string | null = null;
    for (let line = first; line !== null; line = await reader.line()) {
      const [ref = '', capabilities] = line.split('\0');
      const [, oid, name] = /^([0-9a-f]{40}) (.+)$/.exec(ref) ?? [];
      if (oid && name && !/^0{40}$/.test(oid)) refs.set(name, oid);
      for (const capability of capabilities?.split(' ') ?? []) {
        const [key = '', ...value] = capability.split('=');
        this.#capabilities.set(key, value.join('='));
        if (capability.startsWith('symref=HEAD:refs/heads/')) head = capability.slice('symref=HEAD:refs/heads/'.length);
      }
    }
    this.#told = { refs, head };
  }

  async #listRefs(branch: string): Promise<{ refs: Map<string, string>; head: string | null }> {
    const body = [packet('command=ls-refs\n'), packet(`${AGENT}\n`), DELIMITER, packet('symrefs\n'), packet(`ref-prefix ${branch === '' ? 'HEAD' : `refs/heads/${branch}`}\n`), FLUSH].join('');
    const reader = new PacketReader(await this.#post(body));
    const refs = new Map<string, string>();
    let head: string | null = null;
    for (let line = await reader.line(); line !== null; line = await reader.line()) {
      if (line.startsWith('ERR ')) throw this.#refusedBecause(line.slice(4));
      const [oid = '', name = '', ...attributes] = line.split(' ');
      if (/^[0-9a-f]{40}$/.test(oid)) refs.set(name, oid);
      if (name === 'HEAD') head = attributes.find((one) => one.startsWith('symref-target:refs/heads/'))?.slice('symref-target:refs/heads/'.length) ?? null;
    }
    return { refs, head };
  }

  /** Past the answers that come before a pack. */
  async #skipToPack(reader: PacketReader, shallow: boolean): Promise<void> {
    let isShallow = shallow;
    for (let next = await reader.next(); next !== null; next = await reader.next()) {
      const line = Buffer.isBuffer(next) ? next.toString('utf8').trimEnd() : next;
      if (line.startsWith('ERR ')) throw this.#refusedBecause(line.slice(4));
      if (this.#told === null ? line === 'packfile' : !isShallow && /^(NAK|ACK )/.test(line)) return;
      // The list of what was cut off ends with a flush.
      if (line === 'flush') isShallow = false;
    }
    throw new SourceError('unexpected', `${this.#base.host} sent no files. Try again later.`);
  }

  async #post(body: string): Promise<AsyncGenerator<Uint8Array>> {
    const { egress, signal } = this.#parts;
    try {
      const { status, body: answer } = await callServer(egress.request, {
        method: 'POST', url: `${this.#base.href}/git-upload-pack`, signal, firstByteMs: FIRST_BYTE_MS, idleMs: IDLE_MS, body,
        headers: this.#headers({ 'content-type': 'application/x-git-upload-pack-request', accept: 'application/x-git-upload-pack-result' }),
      });
      if (status === 200) return this.#watched(answer);
      const words = refusalWords(this.#http.redact(await bodyText(answer, 100_000).catch(() => '')));
      throw refusal({ status, host: this.#base.host, words, restMs: null }, this.#hints);
    } catch (error) {
      throw this.#failure(error);
    }
  }

  async* #watched(body: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
    try {
      yield* body;
    } catch (error) {
      throw this.#failure(error);
    }
  }

  #failure(error: unknown): unknown {
    if (!(error instanceof ServerCallError)) return error;
    return new SourceError('unreachable', error.kind === 'timeout' ? `${this.#base.host}: ${error.message} Try again later.` : `${this.#base.host}: ${UNREACHABLE}`, { cause: error });
  }

  #headers(own: Record<string, string>): Record<string, string> {
    return { ...(this.#told ? {} : { 'git-protocol': 'version=2' }), 'user-agent': 'git/2.0 (cmp-knowledge)', ...own, ...(this.#authorization === null ? {} : { authorization: this.#authorization }) };
  }

  #refusedBecause(words: string): SourceError {
    return new SourceError('unexpected', `${this.#base.host} does not give this out: ${this.#http.redact(words).replace(/\s+/g, ' ').trim().slice(0, 200)}`);
  }
}

const hintsFor = (withToken: boolean): StatusHints => (withToken
  ? {
    401: 'The token is wrong or has expired. Make a new one that may read the contents of this repository.',
    403: 'The token may not read this repository. Allow it to read contents, or use another.',
    404: 'There is no repository at this address, or the token may not see it.',
  }
  : { 401: 'It does not exist, or is private: check the address, or write an access token.', 403: 'It is private: write an access token.', 404: 'There is no public repository at this address. If it is private, write an access token.' });

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> { yield bytes; }
