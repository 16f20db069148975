import { z } from 'zod';
import { line, secret } from './fields.ts';

/** What a connection holds: texts by name. */
export type Fields = Readonly<Record<string, string>>;

/** What credentials add to a request. */
export interface Credentials { headers?: Readonly<Record<string, string>>; query?: Readonly<Record<string, string>> }

/** Where OAuth 2.0 tokens are had (RFC 6749, sections 4.4 and 6). */
export interface TokenEndpoint { url: string | ((fields: Fields) => string); scope?: string }

/** How a connection proves who it is. */
export interface Auth {
  kind: 'none' | 'bearer' | 'api-key' | 'basic' | 'oauth2' | 'custom';
  /** The form of a connection: texts only. Those drawn as passwords are never shown again. */
  fields: z.ZodObject<Record<string, z.ZodType>>;
  /** For `oauth2`, `fields.accessToken` is the valid token. */
  apply(fields: Fields): Credentials;
  token?: TokenEndpoint;
}

type Shape = Record<string, z.ZodType>;

/** Nothing to prove. `more` asks for what else a connection needs, e.g. an address; it is offered by every kind. */
export const noAuth = (more: Shape = {}): Auth => ({ kind: 'none', fields: z.strictObject(more), apply: () => ({}) });

/** `Authorization: Bearer …` (RFC 6750). */
export const bearer = (title = 'API key', more: Shape = {}): Auth =>
  ({ kind: 'bearer', fields: z.strictObject({ token: secret(title), ...more }), apply: ({ token = '' }) => ({ headers: { authorization: `Bearer ${token}` } }) });

export const apiKeyHeader = (header: string, { title = 'API key', prefix = '', more = {} }: { title?: string; prefix?: string; more?: Shape } = {}): Auth =>
  ({ kind: 'api-key', fields: z.strictObject({ token: secret(title), ...more }), apply: ({ token = '' }) => ({ headers: { [header]: `${prefix}${token}` } }) });

export const apiKeyQuery = (name: string, { title = 'API key', more = {} }: { title?: string; more?: Shape } = {}): Auth =>
  ({ kind: 'api-key', fields: z.strictObject({ token: secret(title), ...more }), apply: ({ token = '' }) => ({ query: { [name]: token } }) });

/** HTTP Basic (RFC 7617). A fixed user name or password is not asked for. */
export const basic = ({ user = 'User name', password = 'Password', fixedUser, fixedPassword, userSuffix = '', more = {} }: {
  user?: string; password?: string; fixedUser?: string; fixedPassword?: string; userSuffix?: string; more?: Shape;
} = {}): Auth => ({
  kind: 'basic',
  fields: z.strictObject({
    ...(fixedUser === undefined ? { username: fixedPassword === undefined ? line(user) : secret(user) } : {}),
    ...(fixedPassword === undefined ? { password: secret(password) } : {}),
    ...more,
  }),
  apply: (fields) => ({ headers: { authorization: `Basic ${Buffer.from(`${fixedUser ?? fields['username'] ?? ''}${userSuffix}:${fixedPassword ?? fields['password'] ?? ''}`).toString('base64')}` } }),
});

/**
 * OAuth 2.0: a refresh token with its client, a client alone (client credentials), or an access token as it is, which
 * then works until it expires.
 */
export const oauth2 = (token: TokenEndpoint, more: Shape = {}, scheme = 'Bearer'): Auth => ({
  kind: 'oauth2',
  token,
  fields: z.strictObject({
    accessToken: secret('Access token', 'Works until it expires. A refresh token with its client lasts.').optional(),
    refreshToken: secret('Refresh token').optional(),
    clientId: line('Client id').optional(),
    clientSecret: secret('Client secret').optional(),
    ...more,
  }).refine((fields) => Boolean(fields['accessToken']) || (Boolean(fields['clientId']) && Boolean(fields['clientSecret'])), {
    error: 'Give an access token, or a client id with its secret (and the refresh token).', path: ['accessToken'],
  }),
  apply: ({ accessToken = '' }) => ({ headers: { authorization: `${scheme} ${accessToken}` } }),
});

/** Whatever else: keys in several headers, tokens that an action puts into its path. */
export const custom = (fields: Shape, apply: (fields: Fields) => Credentials = () => ({})): Auth => ({ kind: 'custom', fields: z.strictObject(fields), apply });

/** Names of the fields that are never shown again. */
export const secretFields = ({ fields }: Auth): string[] => Object.entries(fields.shape).flatMap(([name, schema]) => (isSecret(schema) ? [name] : []));

const isSecret = (schema: z.ZodType): boolean => {
  // The mark sits on the text itself, below `.optional()`.
  const text = schema instanceof z.ZodOptional ? schema.unwrap() : schema;
  return text instanceof z.ZodType && z.globalRegistry.get(text)?.ui?.widget === 'password';
};
