import { z } from 'zod';

/** Roles inside an organization, weakest first. A declared role admits itself and every stronger one. */
export const ROLES = ['member', 'billing', 'admin', 'owner'] as const;
export type Role = (typeof ROLES)[number];

/** What an API key may do. A key carries a list of these; an endpoint names the one it needs. */
export const SCOPES = ['chat', 'knowledge:read', 'knowledge:write', 'usage:read', 'config:read', 'config:write'] as const;
export const Scope = z.enum(SCOPES);
export type Scope = z.infer<typeof Scope>;

/**
 * Who may call an endpoint. Every endpoint declares exactly one; the server refuses to start otherwise.
 * - `public`: anybody; the string says why that is safe.
 * - `user`: any signed-in person, whatever the organization.
 * - `member`: a signed-in member of the acting organization with at least this role; with `scope`, also a secret API
 *   key of that organization that holds the scope.
 * - `key`: API keys only; `publishable` also admits `pk_` keys from their allowed origins.
 * - `operator`: people who run this installation.
 */
export type Access =
  | { public: string }
  | { user: true }
  | { member: Role; scope?: Scope }
  | { key: Scope; publishable?: true }
  | { operator: true };

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** How a body travels: JSON by default, `multipart` for uploads, `none` where there is no body. */
export type BodyKind = 'json' | 'multipart';

/** One operation of the API: the single source of validation, OpenAPI, client types and access. */
export interface Endpoint<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Response extends z.ZodType = z.ZodType,
> {
  method: Method;
  /** Fastify style, e.g. `/api/v1/products/:productId`. Served with and without a trailing slash. */
  path: string;
  /** Further paths that reach the same handler (the layouts other documents use). Same parameter names. */
  aliases?: readonly string[];
  access: Access;
  summary: string;
  tags?: readonly string[];
  params?: Params;
  query?: Query;
  body?: Body;
  bodyKind?: BodyKind;
  /** Largest request body, in bytes; 1 MiB unless told. */
  bodyBytesMax?: number;
  /** The body is signed as it travels: handlers find its very text in `request.rawBody`. */
  signed?: true;
  /** Status of success; 200 unless told. */
  status?: 200 | 201 | 202 | 204;
  response: Response;
  /** Success is not JSON but this content type (a file, an event stream). */
  produces?: string;
}

/** Declares an endpoint; only fixes the types. */
export const endpoint = <
  Params extends z.ZodType = z.ZodUndefined,
  Query extends z.ZodType = z.ZodUndefined,
  Body extends z.ZodType = z.ZodUndefined,
  Response extends z.ZodType = z.ZodUndefined,
>(declaration: Endpoint<Params, Query, Body, Response>): Endpoint<Params, Query, Body, Response> => declaration;

type Part<K extends string, S> = S extends z.ZodUndefined ? unknown : S extends z.ZodType ? Record<K, z.output<S>> : unknown;

/** What a handler receives: `{ params, query, body }`, each only where the endpoint declares it. */
export type Input<E> = E extends Endpoint<infer P, infer Q, infer B, z.ZodType>
  ? Part<'params', P> & Part<'query', Q> & Part<'body', B>
  : never;

type CallPart<K extends string, S> = S extends z.ZodUndefined
  ? unknown
  : S extends z.ZodType
    ? object extends z.input<S> ? Partial<Record<K, z.input<S>>> : undefined extends z.input<S> ? Partial<Record<K, z.input<S>>> : Record<K, z.input<S>>
    : unknown;

/** What a caller sends: like {@link Input}, before defaults and transforms. */
export type CallInput<E> = E extends Endpoint<infer P, infer Q, infer B, z.ZodType>
  ? CallPart<'params', P> & CallPart<'query', Q> & CallPart<'body', B>
  : never;

/** What a handler returns and a caller gets. */
export type Output<E> = E extends Endpoint<z.ZodType, z.ZodType, z.ZodType, infer R>
  ? R extends z.ZodUndefined ? void : z.output<R>
  : never;

/** A page of a list: `next_cursor` goes into the next call's `cursor`; null on the last page. */
export const page = <T extends z.ZodType>(item: T) =>
  z.object({ data: z.array(item), next_cursor: z.string().nullable(), total: z.number().int().optional() });

export const Id = z.uuid();
export const Timestamp = z.iso.datetime();
