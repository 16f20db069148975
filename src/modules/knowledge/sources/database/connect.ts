import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { BoundedSocket, TooManyBytes } from '#platform/egress/bounded-socket.ts';
import { tlsFault } from '#platform/egress/tls-fault.ts';
import { SourceError } from '../source-reader.ts';
import { BATCH_BYTES_MAX, CONNECT_MS_MAX, type DatabaseContext } from './engine.ts';

/**
 * The checked address of a host. Every reason why there is none reads the same, so that nobody learns which addresses and
 * ports are closed, silent or private. Throws SourceError.
 */
export const addressOf = async ({ egress }: DatabaseContext, host: string, port: number, usualPorts: readonly number[]): Promise<string> =>
  egress.addressOf(host, port, usualPorts).catch((cause: unknown) => { throw unreachable(host, port, cause); });

/** A connection to a checked address, not yet opened. */
export const socketTo = ({ signal }: DatabaseContext, address: string, port: number): BoundedSocket =>
  new BoundedSocket({ address, port, bytesMax: BATCH_BYTES_MAX, connectMs: CONNECT_MS_MAX, signal });

/** A connection to a host, not yet opened. Throws SourceError. */
export const dial = async (context: DatabaseContext, host: string, port: number, usualPorts: readonly number[]): Promise<BoundedSocket> =>
  socketTo(context, await addressOf(context, host, port, usualPorts), port);

export const unreachable = (host: string, port: number, cause: unknown): SourceError =>
  new SourceError('unreachable', `No database could be reached at ${host}, port ${port}. Check both, that the database accepts connections from the internet, and that it uses one of the usual ports.`, { cause });

export interface TlsSettings { servername?: string; rejectUnauthorized: boolean; ca?: string }

/** How the connection is encrypted, verified for the host as it was written; null: not at all. Throws SourceError for a certificate that is none. */
export function tlsFor({ config: { encryption, certificate } }: DatabaseContext, host: string): TlsSettings | null {
  if (encryption === 'off') return null;
  if (certificate !== '') requireCertificate(certificate);
  return { ...(isIP(host) === 0 ? { servername: host } : {}), rejectUnauthorized: encryption === 'verify', ...(certificate === '' ? {} : { ca: certificate }) };
}

function requireCertificate(pem: string): void {
  try {
    void new X509Certificate(pem);
  } catch {
    throw new SourceError('settings', 'The certificate authority is no certificate in PEM. It begins with -----BEGIN CERTIFICATE-----.');
  }
}

export const broken = (cause: unknown): SourceError => new SourceError('unreachable', 'The connection to the database broke. Reading begins anew next time.', { cause });

export interface Target { socket: BoundedSocket | null; host: string; port: number }

/** What went wrong, in words: with the connection itself, with what the driver says of the database, or else with the wire; null for a fault of ours. */
export const explain = (error: unknown, target: Target, ofDriver: (error: unknown) => SourceError | null): SourceError | null =>
  explainConnection(error, target) ?? ofDriver(error) ?? (target.socket?.errored ? broken(error) : null);

function explainConnection(error: unknown, { socket, host, port }: Target): SourceError | null {
  const unanswered = socket !== null && !socket.answered;
  if (error instanceof SourceError && !(unanswered && error.retryable)) return error;
  const cause = socket?.errored ?? error;
  if (cause instanceof TooManyBytes) return new SourceError('too-large', `The database sent more at once than can be taken: ${cause.message}. Leave out large columns by naming the text columns.`, { cause });
  if (unanswered) return unreachable(host, port, error);
  const encryption = encryptionWords(error) ?? encryptionWords(cause);
  if (encryption !== null) return new SourceError('refused', encryption, { cause: error });
  return null;
}

function encryptionWords(error: unknown): string | null {
  const fault = tlsFault(error);
  switch (fault?.kind) {
    case undefined: return null;
    case 'certificate': return `The certificate of the database is not trusted: ${fault.why}${fault.signer ? '; give the certificate authority of its provider' : ''}.`;
    case 'unencrypted': return 'The database does not encrypt its connections. Switch that on there; unencrypted, passwords and rows can be read on the way.';
    case 'handshake': return 'No encrypted connection to the database came about. Check which versions of TLS it takes.';
  }
}

/** The answer, or an error after so long: for a server that never answers. The connection is of no use afterwards. */
export async function within<T>(ms: number, answer: Promise<T>, onLate: () => void): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new SourceError('unexpected', `The database did not answer within ${Math.round(ms / 1000)} seconds. Read fewer rows, or make the query cheaper.`, { retryable: true }));
      onLate();
    }, ms);
  });
  return Promise.race([answer, late]).finally(() => { clearTimeout(timer); });
}
