import { z } from 'zod';
import { redactor } from '#platform/crypto/redact.ts';
import { sha256 } from '#platform/crypto/seal.ts';
import type { Egress } from '#platform/egress/egress.ts';
import type { Fields } from '../kit/auth.ts';
import { OutsideError } from '../kit/outside-error.ts';
import type { OpenConnection } from './open-outside.ts';
import { readAnswer } from './read-answer.ts';

/** Valid OAuth 2.0 access tokens, renewed before they expire. */
export interface TokenSource {
  /** The connection's fields with a token that is valid now. Throws OutsideError when the service refuses to renew it. */
  current(connection: OpenConnection, signal: AbortSignal): Promise<Fields>;
  /** Whether another token can be had without a person. */
  renewable(connection: OpenConnection): boolean;
  forget(connection: OpenConnection): void;
}

const Token = z.object({ access_token: z.string().min(1), expires_in: z.coerce.number().positive().default(3600), refresh_token: z.string().min(1).optional() });

const EARLY_MS = 60_000;
const REMEMBERED_MAX = 1_000;
const RENEW_MS_MAX = 20_000;

/** `onRotated` keeps a refresh token that replaces the one it was had for. */
export function createTokens(egress: Pick<Egress, 'fetch'>, now: () => Date, onRotated: (connection: OpenConnection, refreshToken: string) => Promise<void>): TokenSource {
  let known = new Map<string, { token: Promise<string>; until: number }>();
  // What the token was had for says who it belongs to, so that no other connection ever finds it.
  const keyOf = ({ connector, fields }: OpenConnection) => sha256(JSON.stringify([connector.id, fields['clientId'], fields['clientSecret'], fields['refreshToken']]));

  async function renew(connection: OpenConnection, remember: (until: number) => void): Promise<string> {
    const { connector, fields } = connection;
    const endpoint = connector.auth.token;
    if (!endpoint) throw new Error(`${connector.id} has no token endpoint`);
    const url = new URL(typeof endpoint.url === 'function' ? endpoint.url(fields) : endpoint.url);
    const refresh = fields['refreshToken'];
    const form = {
      client_id: fields['clientId'] ?? '', client_secret: fields['clientSecret'] ?? '', ...(endpoint.scope ? { scope: endpoint.scope } : {}),
      ...(refresh ? { grant_type: 'refresh_token', refresh_token: refresh } : { grant_type: 'client_credentials' }),
    };
    const response = await egress.fetch(url, {
      method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' }, body: new URLSearchParams(form).toString(), redirect: 'manual', signal: AbortSignal.timeout(RENEW_MS_MAX),
    }).catch((error: unknown) => { throw new OutsideError('call-failed', `${url.host}: no new access token could be had.`, { cause: error }); });
    const { body } = await readAnswer(response, { method: 'POST', path: '', answer: 'json' }, url.host, redactor([form.client_secret, refresh ?? '']));
    const token = Token.safeParse(body);
    if (!token.success) throw new OutsideError('call-failed', `${url.host} answered without an access token.`);
    remember(now().getTime() + token.data.expires_in * 1000 - EARLY_MS);
    if (refresh && token.data.refresh_token && token.data.refresh_token !== refresh) await onRotated(connection, token.data.refresh_token);
    return token.data.access_token;
  }

  const renewable: TokenSource['renewable'] = ({ connector, fields }) =>
    connector.auth.token !== undefined && Boolean(fields['clientId']) && Boolean(fields['clientSecret']) && (Boolean(fields['refreshToken']) || !fields['accessToken']);

  return {
    renewable,
    async current(connection) {
      if (!renewable(connection)) return connection.fields;
      const key = keyOf(connection);
      const remembered = known.get(key);
      if (remembered && remembered.until > now().getTime()) return { ...connection.fields, accessToken: await remembered.token };
      if (known.size >= REMEMBERED_MAX) known = new Map();
      // Kept while it is on its way, so that calls at the same time share one renewal.
      const entry = { token: Promise.resolve(''), until: now().getTime() + RENEW_MS_MAX };
      entry.token = renew(connection, (until) => { entry.until = until; });
      known.set(key, entry);
      entry.token.catch(() => { if (known.get(key) === entry) known.delete(key); });
      return { ...connection.fields, accessToken: await entry.token };
    },
    forget(connection) {
      known.delete(keyOf(connection));
    },
  };
}
