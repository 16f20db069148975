import type { FastifyRequest } from 'fastify';
import type { Process } from '#platform/context.ts';
import { uuidFrom, uuidv7 } from '#platform/crypto/ids.ts';
import { Problem } from '#platform/http/problem.ts';
import { problems } from './problems.ts';

/**
 * The id of what a request makes. With the `Idempotency-Key` header (draft-ietf-httpapi-idempotency-key-header) it
 * follows from organization, person, route and key, so that a repetition finds what the first request made and nobody
 * else ever does; without it every request makes something new. Throws 422 for a header that is no key.
 */
export function requestId({ tenant, actor }: Process, route: string, request: FastifyRequest): string {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return uuidv7();
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,200}$/.test(key)) throw new Problem(problems['idempotency-key-invalid']);
  return uuidFrom('request', tenant, actor.kind === 'user' ? actor.userId : actor.kind, route, key);
}
