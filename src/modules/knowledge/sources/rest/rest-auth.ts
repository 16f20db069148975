import { z } from 'zod';
import { isReservedHeader } from '#platform/http/reserved-headers.ts';
import type { RestConfig, RestSecrets } from '../contract/rest.ts';
import { jsonOf } from '../http/json-answer.ts';
import { basicAuthorization, createSourceHttp, headerValue, requireEncrypted, type SourceHttpParts } from '../http/source-http.ts';
import { SourceError } from '../source-reader.ts';

/** Proves to an API who asks. */
export interface RestAuth {
  /** The request with its credentials. Throws {@link SourceError} when there are none to be had. */
  sign(url: URL): Promise<{ url: URL; headers: Record<string, string> }>;
  /** After a 401: whether another try has new credentials. */
  renew(): boolean;
  /** What must not be shown, in the forms it takes on the wire. */
  secrets(): readonly string[];
}

type Signature = { headers?: Record<string, string>; query?: readonly [name: string, value: string] };

const Token = z.object({ access_token: z.string().min(1).max(20_000), expires_in: z.coerce.number().positive().max(10 ** 9).optional().catch(undefined) });

/** A token is replaced so long before it ends. */
const EARLY_MS = 30_000;

/** Signing in as the settings say. Throws {@link SourceError} where a secret is missing or would travel in the open. */
export function restAuth(config: RestConfig, secrets: RestSecrets, parts: Omit<SourceHttpParts, 'secrets' | 'hints'>): RestAuth {
  const held = Object.values(secrets).filter((value): value is string => typeof value === 'string');
  const { username, password } = new URL(config.url);
  if (username !== '' || password !== '') throw new SourceError('settings', 'Write user and password under “Signing in”, not into the address.');
  if (config.auth !== 'none') requireEncrypted(new URL(config.url));
  if (config.auth === 'oauth2') return clientCredentials(config, secrets, parts);
  const { headers = {}, query } = signature(config, secrets);
  const onWire = Object.values(headers).map((value) => value.replace(/^(Basic|Bearer) /, ''));
  return {
    secrets: () => [...held, ...onWire],
    renew: () => false,
    sign: async (url) => {
      const signed = new URL(url);
      if (query) signed.searchParams.set(...query);
      return { url: signed, headers };
    },
  };
}

function signature({ auth, keyIn, keyName }: RestConfig, secrets: RestSecrets): Signature {
  switch (auth) {
    case 'api_key': {
      const key = needed(secrets.apiKey, 'The key');
      if (keyName === '') throw new SourceError('settings', 'Write the name of the header or parameter that carries the key.');
      if (keyIn === 'query') return { query: [keyName, key] };
      // Some APIs want the bare key where others want `Bearer`.
      if (isReservedHeader(keyName) && keyName.toLowerCase() !== 'authorization') throw new SourceError('settings', `The header "${keyName.slice(0, 50)}" cannot carry a key. Write the one that the API names.`);
      return { headers: { [keyName.toLowerCase()]: headerValue(key, 'The key') } };
    }
    case 'bearer': return { headers: { authorization: headerValue(`Bearer ${needed(secrets.token, 'The token')}`, 'The token') } };
    case 'basic': return { headers: { authorization: basicAuthorization(needed(secrets.user, 'The user'), secrets.password ?? '') } };
    default: return {};
  }
}

/** OAuth 2.0 client credentials (RFC 6749, 4.4). A token serves one reading, until it ends or is refused. */
function clientCredentials(config: RestConfig, secrets: RestSecrets, parts: Omit<SourceHttpParts, 'secrets' | 'hints'>): RestAuth {
  const id = needed(secrets.clientId, 'The client id');
  const secret = needed(secrets.clientSecret, 'The client secret');
  if (!/^https?:\/\//i.test(config.tokenUrl) || !URL.canParse(config.tokenUrl)) throw new SourceError('settings', 'Write the address where tokens are given out, such as https://login.example.com/oauth/token.');
  const address = new URL(config.tokenUrl);
  requireEncrypted(address, 'the client secret');
  let held: { token: string; until: number } | null = null;
  const known = new Set([secret]);
  // Both are form-encoded before they become user and password (RFC 6749, 2.3.1).
  const basic = basicAuthorization(encodeURIComponent(id), encodeURIComponent(secret));
  known.add(basic.replace('Basic ', ''));
  const http = createSourceHttp({
    ...parts, secrets: () => [...known],
    hints: { 400: 'Tokens were refused there: check client id, client secret and scope.', 401: 'Tokens were refused there: check client id and client secret.', 403: 'Tokens were refused there: check client id, client secret and scope.', 404: 'Check the token address.' },
  });

  async function fetchToken(): Promise<{ token: string; until: number }> {
    const form = new URLSearchParams({ grant_type: 'client_credentials', ...(config.oauthScope === '' ? {} : { scope: config.oauthScope }), ...(config.clientAuth === 'post' ? { client_id: id, client_secret: secret } : {}) });
    const answer = await http.send({ url: address, method: 'POST', bytesMax: 1024 * 1024, body: form.toString(), headers: { 'content-type': 'application/x-www-form-urlencoded', ...(config.clientAuth === 'basic' ? { authorization: basic } : {}) } });
    const token = Token.safeParse(jsonOf(answer));
    if (!token.success) throw new SourceError('unexpected', `${address.host} answered without an access token. Check the token address.`);
    known.add(token.data.access_token);
    return { token: token.data.access_token, until: token.data.expires_in === undefined ? Infinity : parts.now().getTime() + token.data.expires_in * 1_000 - EARLY_MS };
  }

  return {
    secrets: () => [...known],
    // One that was fetched for this very request would be refused again.
    renew: () => { const had = held !== null; held = null; return had; },
    sign: async (url) => {
      if (!held || held.until <= parts.now().getTime()) held = await fetchToken();
      return { url, headers: { authorization: headerValue(`Bearer ${held.token}`, 'The token') } };
    },
  };
}

function needed(secret: string | undefined, title: string): string {
  if (secret === undefined || secret === '') throw new SourceError('settings', `${title} is missing. Write it under “Signing in”.`);
  return secret;
}
