import { z } from 'zod';
import type { Egress } from '#platform/egress/egress.ts';
import { bodyText, callServer, type ServerAnswer } from '#platform/egress/server-call.ts';
import { signedHeaders } from '#platform/crypto/webhook-signature.ts';
import { RemoteError, type RemoteQuestion, type RemoteRuntime } from '#modules/runtime/ports.ts';
import { readAnswer } from './read-answer.ts';

export interface HttpRuntimeOptions {
  /** Where messages are posted. */
  url: string;
  /** Signs what we send; the seller's server checks it. Never logged, never in an error. */
  secret: string;
  request: Egress['request'];
  timeouts?: { firstByteMs: number; idleMs: number };
  now?: () => Date;
}

const TIMEOUTS = { firstByteMs: 120_000, idleMs: 120_000 };
const MANAGE = { firstByteMs: 15_000, idleMs: 15_000 };
const REFUSAL_BYTES_MAX = 64 * 1024;
const SERVER = 'The endpoint';
/** A message an endpoint need not know. */
const NOT_HANDLED: ReadonlySet<number> = new Set([404, 405, 422, 501]);

/**
 * Runs a product on the seller's own endpoint. Each message is JSON `{type, timestamp, data}`, signed by Standard
 * Webhooks: `ping`, `deploy`, `run`, `remove`. Only `run` must be answered; see {@link readAnswer} for its answers.
 */
export function httpRuntime({ url, secret, request, timeouts = TIMEOUTS, now = () => new Date() }: HttpRuntimeOptions): RemoteRuntime {
  const send = async (type: string, id: string, data: Record<string, unknown>, signal: AbortSignal, bounds = MANAGE): Promise<ServerAnswer> => {
    const at = now();
    const body = JSON.stringify({ type, timestamp: at.toISOString(), data });
    const headers = signedHeaders(secret, { id, timestamp: Math.floor(at.getTime() / 1000), body });
    return callServer(request, {
      method: 'POST', url, body, signal, ...bounds, headers: { ...headers, 'content-type': 'application/json', accept: 'text/event-stream, application/x-ndjson, application/json' },
    });
  };
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw RemoteError.from(error, SERVER);
    }
  };
  const tell = async (type: string, id: string, data: Record<string, unknown>, signal: AbortSignal) => guarded(async () => {
    const answer = await send(type, id, data, signal);
    const text = await bodyText(answer.body, REFUSAL_BYTES_MAX);
    if (!NOT_HANDLED.has(answer.status)) refuse(answer.status, text, secret);
    return { status: answer.status, text };
  });

  return {
    kind: 'http',
    async probe(signal) {
      const { status, text } = await tell('ping', crypto.randomUUID(), {}, signal);
      const facts = Facts.safeParse(jsonOf(text)).data;
      if (status === 404) throw new RemoteError('flow-missing', `${SERVER} answers that there is nothing at this address.`);
      return { version: facts?.version ?? null, features: status < 300 ? ['ping'] : [] };
    },
    async deploy({ id, name, place }, signal) {
      await tell('deploy', `deploy-${id}`, { config_uuid: id, name, place }, signal);
      return id;
    },
    async remove(reference, signal) {
      await tell('remove', `remove-${reference}`, { config_uuid: reference }, signal);
    },
    async *run(reference, question, signal) {
      const answer = await guarded(async () => {
        const given = await send('run', question.runId, dataOf(reference, question), signal, timeouts);
        if (given.status < 200 || given.status > 299) refuse(given.status, await bodyText(given.body, REFUSAL_BYTES_MAX), secret);
        return given;
      });
      try {
        yield* readAnswer(answer);
      } catch (error) {
        throw RemoteError.from(error, SERVER);
      }
    },
  };
}

const dataOf = (reference: string, question: RemoteQuestion): Record<string, unknown> => ({
  run_id: question.runId, config_uuid: question.subscriptionId, deployment: reference, session_id: question.sessionId, message: question.text, images: question.images,
  history: question.history.flatMap((turn) => (turn.role === 'tool' ? [] : [{ role: turn.role, content: turn.content }])),
  instructions: question.instructions, parameters: Object.fromEntries(question.settings.map(({ name, value }) => [name, value])),
  passages: question.passages.map(({ title, page, url, text }, index) => ({ number: index + 1, title, page, url, text })),
  run_token: question.runToken,
});

const Facts = z.looseObject({ version: z.string().max(60).optional() });
const Refusal = z.looseObject({ error: z.union([z.string(), z.looseObject({ message: z.string() })]).optional(), detail: z.string().optional(), message: z.string().optional() });

/** Throws for every status but success. */
function refuse(status: number, text: string, secret: string): void {
  if (status >= 200 && status < 300) return;
  if (status >= 300 && status < 400) throw new RemoteError('refused', `${SERVER} answered with a redirect, which is not followed.`);
  if (status === 401 || status === 403) throw new RemoteError('unauthorized', `${SERVER} did not accept our signature.`);
  const { error, detail, message } = Refusal.safeParse(jsonOf(text)).data ?? {};
  const words = ((typeof error === 'string' ? error : error?.message) ?? detail ?? message ?? '').replaceAll(secret, '(hidden)').replace(/\s+/g, ' ').trim().slice(0, 300);
  if (status === 404) throw new RemoteError('flow-missing', `${SERVER} does not know this product${words === '' ? '.' : `: ${words}`}`);
  throw new RemoteError('flow-failed', `${SERVER} failed${words === '' ? ` with status ${status}.` : `: ${words}`}`);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Words are a courtesy: an answer that cannot be read has none.
    return null;
  }
}
