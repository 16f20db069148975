import type { FastifyRequest } from 'fastify';
import { Problem, problems as kernel } from '#platform/http/problem.ts';

/** Refuses a body that is not multipart, or that cannot be taken apart, before anything of it is read. */
export function requireMultipart(request: FastifyRequest): void {
  if (!request.isMultipart()) throw new Problem(kernel['unsupported-media-type'], 'Send files as multipart/form-data in the field "file".');
  if (!/;\s*boundary=("[^"]{1,200}"|[^\s;"]{1,200})/i.test(request.headers['content-type'] ?? '')) throw new Problem(kernel['bad-request'], 'The multipart body names no boundary.');
}
