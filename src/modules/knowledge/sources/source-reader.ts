import type { z } from 'zod';
import type { Egress } from '#platform/egress/egress.ts';
import type { ReadSourceKind, SourceTest } from './contract.ts';

/** What a reader works with. Secrets are in plain here and nowhere else; they never go into an error or a document. */
export interface ReadContext<Config, Secrets> {
  config: Config;
  secrets: Secrets;
  egress: Egress;
  /** Ends when the buyer stops the reading, its time is over, or the server goes down. */
  signal: AbortSignal;
  /** Documents that may still come, by plan and limits. Reading more is in vain. */
  documentsMax: number;
  /** Links followed from the first page, by plan. */
  depthMax: number;
  /** Largest document taken, in bytes. */
  bytesMax: number;
  now(): Date;
  /** What {@link remember} was given in the last reading that ended well. */
  checkpoint: Readonly<Record<string, unknown>> | null;
  /** Keeps something for the next reading, small. Stored when this one ends well. */
  remember(checkpoint: Record<string, unknown>): void;
  /** The fingerprints of what is there already, to ask only for what changed. */
  known(externalIds: readonly string[]): Promise<ReadonlyMap<string, string | null>>;
}

/** One thing a reader found, in the order it found them. */
export type Found =
  | { type: 'document'; document: FoundDocument }
  /** Still there and unchanged: nothing was fetched. */
  | { type: 'unchanged'; externalId: string }
  /** Could not be read; the others go on. Does not count as gone. */
  | { type: 'problem'; externalId: string; name: string; message: string }
  | { type: 'progress'; done: number; total: number | null; message: string }
  /** Surely gone: what is known of it is removed, also where the reading does not see everything. Nothing happens where it is not known. */
  | { type: 'gone'; externalId: string }
  /** Not everything was seen (a limit, a time): nothing that is missing counts as gone. */
  | { type: 'incomplete'; reason: string };

export interface FoundDocument {
  /** Tells it from all others of the source, for ever: an address, a path, a key. At most 2,000 characters. */
  externalId: string;
  title: string;
  /** The bytes as they came, read like an upload of this type, or a text. */
  content: { bytes: Uint8Array; contentType: string; fileName: string } | { text: string; contentType: 'text/plain' | 'text/markdown' };
  /** What people may open; null where there is nothing. */
  url: string | null;
  /** How the place tells versions apart; the reading next time can ask with it. */
  fingerprint: string | null;
  metadata: Record<string, string | number | boolean>;
}

/**
 * A kind of source. Readers are pure of the database: they say what they found, and what is new, changed or gone is
 * decided by who called. They may be run again from the start at any time.
 */
export interface SourceReader<Config = unknown, Secrets = unknown> {
  kind: ReadSourceKind;
  title: string;
  description: string;
  config: z.ZodType<Config>;
  secrets: z.ZodType<Secrets>;
  /** A name for a source nobody named, from its settings. */
  nameOf(config: Config): string;
  /** The host (and port) its secrets are for: when it changes they must be given again. */
  secretsFor(config: Config): string;
  /** Looks at the source within seconds. Throws {@link SourceError} when it cannot be read. */
  test(context: ReadContext<Config, Secrets>): Promise<Omit<SourceTest, 'ok'>>;
  /** Everything the source holds. Throws {@link SourceError} when it cannot be read at all. */
  read(context: ReadContext<Config, Secrets>): AsyncIterable<Found>;
  /**
   * For a kind that can tell of changes as they happen: resolves when something changed, or when `signal` ends. Absent
   * where it cannot; `realtime` then asks every minute.
   */
  changed?(context: ReadContext<Config, Secrets>): Promise<void>;
}

/** A source cannot be read. The message is for the buyer: what is wrong and what to do; never a secret, never what a closed port answered. */
export class SourceError extends Error {
  readonly code: 'unreachable' | 'refused' | 'not-found' | 'unexpected' | 'settings' | 'too-large';
  /** Trying again later may help. */
  readonly retryable: boolean;
  constructor(code: SourceError['code'], message: string, options: { retryable?: boolean; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'SourceError';
    this.code = code;
    this.retryable = options.retryable ?? (code === 'unreachable');
  }
}

/** Declares a kind of source; only fixes the types, and parses what comes from outside with the kind's own schemas. */
export const defineSource = <Config, Secrets>(reader: SourceReader<Config, Secrets>): SourceReader<Config, Secrets> => reader;
