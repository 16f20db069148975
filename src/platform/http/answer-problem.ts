import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { Problem, problems, type ProblemType } from './problem.ts';

/** What OpenAI's clients read as the kind of an error, by status. */
const OPENAI_TYPES: Record<number, string> = {
  400: 'invalid_request_error', 401: 'authentication_error', 402: 'insufficient_quota', 403: 'permission_error', 404: 'not_found_error',
  409: 'conflict_error', 413: 'invalid_request_error', 415: 'invalid_request_error', 422: 'invalid_request_error', 429: 'rate_limit_error',
};

/** The body of an error answer (RFC 9457); under `/v1` also the `error` member that OpenAI's clients expect. */
export function problemBody(problem: Problem, requestId: string, path: string): Record<string, unknown> {
  const { type, issues, message } = problem;
  const code = type.code.replaceAll('-', '_');
  return {
    type: `/docs/problems#${type.code}`, title: type.title, status: type.status, detail: message, instance: path, code,
    request_id: requestId, errors: issues, ...problem.extra,
    ...(path.startsWith('/v1/') ? { error: { message, type: OPENAI_TYPES[type.status] ?? 'api_error', code, param: issues[0]?.path ?? null } } : {}),
  };
}

/** Turns whatever was thrown into an answer. Only a Problem explains itself; the rest is logged and answers a bare 500. */
export function answerProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = asProblem(error);
  if (problem.type.status >= 500) request.log.error({ err: error }, 'request failed');
  const path = request.url.split('?', 1)[0] ?? '';
  // The clients of /v1 retry on their own; where that cannot help they are told.
  if (problem.type.status < 500 && problem.type.status !== 429 && problem.type.status !== 409) void reply.header('x-should-retry', 'false');
  return reply.code(problem.type.status).headers(problem.headers).type('application/problem+json').send(JSON.stringify(problemBody(problem, request.id, path)));
}

function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof Error && 'statusCode' in error) return fromFastify(error as FastifyError);
  return new Problem(problems.internal);
}

function fromFastify(error: FastifyError): Problem {
  const byStatus: Record<number, ProblemType> = {
    400: problems['bad-request'], 404: problems['not-found'], 413: problems['too-large'], 415: problems['unsupported-media-type'], 429: problems['rate-limited'],
  };
  const type = byStatus[error.statusCode ?? 500];
  if (!type) return new Problem(problems.internal);
  return new Problem(type, type === problems['bad-request'] ? error.message.slice(0, 200) : undefined);
}
