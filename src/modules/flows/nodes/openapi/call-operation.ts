import type { NodeContext } from '../../node-type.ts';
import { NodeError } from '../node-error.ts';
import { checkArguments } from '../tool/check-arguments.ts';
import { parseJson } from '../transform/json.ts';
import { buildRequest } from './build-request.ts';
import type { Operation } from './operation-config.ts';

const TEXT_CHARS_MAX = 1_000_000;
const ERROR_CHARS_MAX = 500;

/**
 * Calls an operation and gives its answer: JSON as data, other text as it is, null where there is none. The arguments are
 * checked first. `key` tells the receiver a repetition of the same call from another one. Throws NodeError in words a model can
 * act on: what does not fit, or the status and what the server said.
 */
export async function callOperation(context: NodeContext, operation: Operation, server: string, given: unknown, key?: string): Promise<unknown> {
  const { url, ...request } = buildRequest(operation, server, checkArguments(operation.arguments, given));
  const idempotency: Record<string, string> = key !== undefined && operation.effect === 'write' ? { 'idempotency-key': key } : {};
  const answer = await context.fetch(url, { ...request, headers: { ...idempotency, ...request.headers }, credentials: operation.credentials, ...(operation.effect === 'read' ? { readsOnly: true } : {}) });
  if (answer.status >= 400) throw new NodeError('node-http-failed', failure(operation, new URL(url).host, answer));
  if (answer.status >= 300) throw new NodeError('node-http-failed', `${new URL(url).host} answered with a redirect (status ${answer.status}), which is not followed.`);
  return readAnswer(answer.headers['content-type'] ?? '', answer.body);
}

function readAnswer(contentType: string, body: string): unknown {
  if (body.trim() === '') return null;
  if (/[/+]json\b/i.test(contentType) || (contentType === '' && /^\s*[[{]/.test(body))) return parseJson(body) ?? body.slice(0, TEXT_CHARS_MAX);
  if (/^(?:image|audio|video|font)\/|^application\/(?:octet-stream|pdf|zip|gzip|vnd\.(?!.*(?:\+json|\+xml)))/i.test(contentType)) {
    return `(The answer is a file of the type ${contentType.split(';')[0] ?? ''}, which cannot be shown as text.)`;
  }
  return body.slice(0, TEXT_CHARS_MAX);
}

function failure(operation: Operation, host: string, { status, body }: { status: number; body: string }): string {
  const said = body.replace(/<[^<>]{0,500}>/g, ' ').replace(/\s+/g, ' ').trim().slice(0, ERROR_CHARS_MAX);
  const hint = status === 401 || status === 403 ? operation.credentials.length > 0 ? ' The credential of the connection was not accepted.' : ' It asks for a credential.' : status === 429 ? ' It was called too often.' : '';
  return `${host} answered “${operation.name}” with status ${status}.${hint}${said === '' ? '' : ` It said: ${said}`}`;
}
