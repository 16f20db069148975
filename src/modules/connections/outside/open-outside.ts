import { redactor } from '#platform/crypto/redact.ts';
import { sha256 } from '#platform/crypto/seal.ts';
import type { Egress } from '#platform/egress/egress.ts';
import { followReads } from '#platform/egress/follow-reads.ts';
import { secretFields, type Credentials, type Fields } from '../kit/auth.ts';
import type { Connector, Outside } from '../kit/connector.ts';
import type { HttpAnswer, HttpCall } from '../kit/http-call.ts';
import { OutsideError } from '../kit/outside-error.ts';
import { readAnswer } from './read-answer.ts';
import { addressOf, bodyOf, headersOf } from './request-of.ts';
import type { TokenSource } from './tokens.ts';

/** A connection that was opened: which system, where, and with which credentials. */
export interface OpenConnection { connector: Connector; fields: Fields; baseUrl: string | null }

export interface OutsideParts {
  egress: Pick<Egress, 'fetch' | 'addressOf'>;
  tokens: TokenSource;
  signal: AbortSignal;
  now(): Date;
  /** Sent along with what changes something, so that a repetition can be told from a second order. */
  idempotencyKey?: string | undefined;
}

const ANSWER_MS_MAX = 90_000;
const UNREACHABLE = 'This address cannot be reached from here';

/** Where a connection leads: its own address, or the connector's. Null where neither says. */
export function placeOf({ connector, fields, baseUrl }: OpenConnection): URL | null {
  const written = baseUrl ?? (typeof connector.baseUrl === 'function' ? connector.baseUrl(fields) : connector.baseUrl);
  return written !== null && URL.canParse(written) ? new URL(written) : null;
}

/** What actions reach through a connection. All of it passes the egress guard, and credentials leave only to their own hosts. */
export function openOutside(connection: OpenConnection, parts: OutsideParts): Outside {
  const { connector, fields } = connection;
  const place = placeOf(connection);
  const { egress, signal } = parts;

  async function http(call: HttpCall): Promise<HttpAnswer> {
    const renewed = await parts.tokens.current(connection, signal);
    try {
      return await send(call, renewed);
    } catch (error) {
      // The token may have been revoked before its time: nothing was done, so the call is repeated with a new one.
      if (!(error instanceof OutsideError) || error.status !== 401 || !parts.tokens.renewable(connection)) throw error;
      parts.tokens.forget(connection);
      return send(call, await parts.tokens.current(connection, signal));
    }
  }

  async function send(call: HttpCall, known: Fields): Promise<HttpAnswer> {
    const credentials = connector.auth.apply(known);
    const redact = redactor(secretsOf(connector, known, credentials));
    const url = addressOf(call, place, connector.hosts ?? [], connector.auth.kind === 'none');
    for (const [name, value] of Object.entries(credentials.query ?? {})) url.searchParams.set(name, value);
    const body = bodyOf(call);
    const extra = { ...connector.headers, ...(parts.idempotencyKey && call.method !== 'GET' ? { 'idempotency-key': headerKey(parts.idempotencyKey) } : {}) };
    const headers = headersOf(call.headers, credentials, body, extra);
    const within = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS_MAX)]);
    try {
      const { response, redirected } = await followReads(egress, url, { method: call.method, headers, ...(body ? { body: body.content } : {}), signal: within });
      if (redirected) throw new OutsideError('call-failed', `${url.host} redirects ${call.method === 'GET' ? 'too often' : 'this call elsewhere'}.`, { status: response.status });
      return await readAnswer(response, call, url.host, redact);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof OutsideError) throw error;
      if (within.aborted) throw new OutsideError('call-failed', `${url.host} did not answer within ${ANSWER_MS_MAX / 1000} seconds.`, { cause: error });
      // Refused and closed addresses read the same, so that nobody can scan a network with it.
      throw new OutsideError('call-failed', `${url.host}: ${UNREACHABLE}.`, { cause: error });
    }
  }

  return {
    fields, signal, now: parts.now, http,
    get address(): URL {
      if (!place) throw new OutsideError('connection-missing', `The connection with ${connector.title} has no address.`);
      return place;
    },
    async reach(host, port, usualPorts) {
      try {
        return await egress.addressOf(host, port, usualPorts);
      } catch (error) {
        throw new OutsideError('call-failed', `${host}: ${UNREACHABLE}.`, { cause: error });
      }
    },
  };
}

/** Everything that must not be shown: secret fields, and what they become on the wire. */
function secretsOf(connector: Connector, fields: Fields, { headers = {}, query = {} }: Credentials): string[] {
  const named = secretFields(connector.auth).flatMap((name) => (Object.hasOwn(fields, name) ? [fields[name] ?? ''] : []));
  const basic = Object.values(headers).flatMap((value) => (value.startsWith('Basic ') ? [value.slice('Basic '.length)] : []));
  return [...named, ...basic, ...(connector.auth.kind === 'custom' ? [] : Object.values(query))];
}

const headerKey = (key: string): string => (/^[\x21-\x7e]{1,200}$/.test(key) ? key : sha256(key));
