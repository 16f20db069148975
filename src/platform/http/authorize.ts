import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ROLES, type Access, type Role, type Scope } from '../contract/endpoint.ts';
import type { Actor } from '../context.ts';
import { isUuid } from '../crypto/ids.ts';
import type { Authenticator, PresentedKey } from './authenticator.ts';
import { Problem, problems } from './problem.ts';

export interface Authorized { actor: Actor; tenant: string }

const PathIds = z.object({ organizationId: z.string().optional(), subscriptionId: z.string().optional() }).catch({});

/**
 * Decides who calls an endpoint and for which tenant, by what the endpoint declares. Throws 401 without a usable
 * credential, 403 where the credential lacks the right, 404 where the tenant or subscription is not the caller's.
 */
export async function authorize(access: Access, request: FastifyRequest, authenticator: Authenticator, origins: readonly string[]): Promise<Authorized> {
  const ids = PathIds.parse(request.params ?? {});
  if ('public' in access) return { actor: { kind: 'anonymous' }, tenant: '' };
  const presented = presentedKey(request);
  if ('key' in access) return byKey(presented, access.key, access.publishable ?? false, ids, request, authenticator, origins);
  if (presented !== null) {
    if ('member' in access && access.scope) return byKey(presented, access.scope, false, ids, request, authenticator, origins);
    await authenticator.key(presented);
    throw new Problem(problems.forbidden, 'API keys cannot be used for this call; sign in instead.');
  }
  return bySession(access, ids, request, authenticator, origins);
}

async function bySession(
  access: Exclude<Access, { public: string } | { key: Scope }>, ids: z.infer<typeof PathIds>, request: FastifyRequest, authenticator: Authenticator, origins: readonly string[],
): Promise<Authorized> {
  const user = await authenticator.session(request.headers);
  if (!user) throw new Problem(problems.unauthenticated);
  refuseForeignOrigin(request, origins);
  const actor = { kind: 'user' as const, userId: user.userId, name: user.name, email: user.email, operator: user.operator };
  if ('operator' in access) {
    if (!user.operator) throw new Problem(problems.forbidden, 'Only operators of this installation may do this.');
    return { actor: { ...actor, role: null }, tenant: '' };
  }
  if ('user' in access) return { actor: { ...actor, role: null }, tenant: '' };
  const header = request.headers['x-organization-id'];
  const tenant = ids.organizationId ?? (typeof header === 'string' ? header : user.activeTenant);
  if (!tenant || !isUuid(tenant)) throw new Problem(problems['not-found'], 'Name the organization you act for.');
  const role = await authenticator.role(user.userId, tenant);
  if (!role) throw new Problem(problems['not-found']);
  if (!roleAtLeast(role, access.member)) throw new Problem(problems.forbidden, `This needs the role ${access.member} or higher in the organization.`);
  return { actor: { ...actor, role }, tenant };
}

async function byKey(
  presented: string | null, scope: Scope, publishable: boolean, ids: z.infer<typeof PathIds>, request: FastifyRequest, authenticator: Authenticator, origins: readonly string[],
): Promise<Authorized> {
  if (presented === null) throw new Problem(problems.unauthenticated, 'Send an API key as "Authorization: Bearer …".');
  const key = await authenticator.key(presented);
  if (key.publishable && !publishable) throw new Problem(problems.forbidden, 'A publishable key cannot be used for this call; use a secret key from your server.');
  if (key.publishable) checkOrigin(key, request, origins);
  else if (isForeignBrowser(request)) throw new Problem(problems.forbidden, 'A secret key must not be used in a browser; use a publishable key.');
  if (!key.scopes.includes(scope)) throw new Problem(problems['scope-missing'], `This call needs the scope "${scope}".`);
  if (ids.subscriptionId && ids.subscriptionId !== key.subscriptionId) throw new Problem(problems['not-found']);
  authenticator.keyUsed(key.keyId);
  return {
    actor: { kind: 'key', keyId: key.keyId, scopes: key.scopes, publishable: key.publishable, live: key.live, subscriptionId: key.subscriptionId },
    tenant: key.tenant,
  };
}

/** Whether a role includes another. */
export const roleAtLeast = (role: Role, needed: Role): boolean => ROLES.indexOf(role) >= ROLES.indexOf(needed);

/** How a WebSocket names its key among the subprotocols. */
const SUBPROTOCOL = 'cmp.key.';

/** The key a request carries: `Authorization: Bearer`, `x-api-key`, `api-key` or a WebSocket subprotocol, the same in each; null when none. */
export function presentedKey(request: FastifyRequest): string | null {
  const { authorization } = request.headers;
  if (typeof authorization === 'string') {
    const [scheme, value, ...rest] = authorization.split(' ');
    if (scheme?.toLowerCase() !== 'bearer' || !value || rest.length > 0) throw new Problem(problems['key-invalid'], 'Send the key as "Authorization: Bearer …".');
    return value;
  }
  const protocol = request.headers['sec-websocket-protocol'];
  // A browser cannot set headers on a WebSocket, so its key travels as a subprotocol.
  if (typeof protocol === 'string') return protocol.split(',').map((item) => item.trim()).find((item) => item.startsWith(SUBPROTOCOL))?.slice(SUBPROTOCOL.length) ?? null;
  const header = request.headers['x-api-key'] ?? request.headers['api-key'];
  return typeof header === 'string' && header ? header : null;
}

/**
 * A publishable key serves the exact origins listed for it, and the console's own pages, where its buyer tries it out.
 * Without an Origin (a server) it is refused; only there does a Referer of our own count, since browsers name no Origin
 * when a page reads from its own server.
 */
function checkOrigin(key: PresentedKey, request: FastifyRequest, own: readonly string[]): void {
  const { origin, referer } = request.headers;
  if (origin && (key.allowedOrigins.includes(origin) || own.includes(origin))) return;
  if (!origin && referer && own.includes(URL.parse(referer)?.origin ?? '')) return;
  throw new Problem(problems['origin-not-allowed'], origin ? `${origin} is not among the allowed domains of this key.` : 'A publishable key works only from a page on an allowed domain.');
}

const isForeignBrowser = (request: FastifyRequest) => request.headers['sec-fetch-site'] === 'cross-site';

/** Cookies travel by themselves, so a state-changing call must come from our own pages (CSRF). */
function refuseForeignOrigin(request: FastifyRequest, origins: readonly string[]): void {
  if (request.method === 'GET' || request.method === 'HEAD') return;
  const { origin } = request.headers;
  const site = request.headers['sec-fetch-site'];
  if (origin && !origins.includes(origin) && !(site === 'same-origin')) throw new Problem(problems.forbidden, 'This call must come from the console itself.');
  if (site === 'cross-site') throw new Problem(problems.forbidden, 'This call must come from the console itself.');
}
