import { z } from 'zod';
import type { Egress } from '#platform/egress/egress.ts';
import { bodyText, callServer, type ServerAnswer } from '#platform/egress/server-call.ts';
import { RemoteError, type RemoteQuestion, type RemoteRuntime } from '#modules/runtime/ports.ts';
import { jsonOf, readAnswer } from './read-answer.ts';

export interface N8nOptions {
  /** The production address of the workflow's webhook or chat trigger. */
  webhookUrl: string;
  /** Header authentication of the webhook; empty where it has none. Never logged, never in an error. */
  header: { name: string; value: string } | null;
  request: Egress['request'];
  timeouts?: { firstByteMs: number; idleMs: number };
}

const TIMEOUTS = { firstByteMs: 120_000, idleMs: 120_000 };
const PROBE_MS = 15_000;
const ANSWER_BYTES_MAX = 4 * 1024 * 1024;
const SERVER = 'The n8n server';

/**
 * Runs a workflow on the seller's n8n server through its webhook: `chatInput` and `sessionId` as its chat trigger takes
 * them, and what the product adds. The workflow stays there, so deploying only names it.
 */
export function n8nRuntime({ webhookUrl, header, request, timeouts = TIMEOUTS }: N8nOptions): RemoteRuntime {
  const headers = { accept: 'application/json', ...(header === null ? {} : { [header.name]: header.value }) };
  const clean = (text: string) => (header !== null && header.value.length >= 6 ? text.replaceAll(header.value, '(hidden)') : text).replace(/\s+/g, ' ').trim().slice(0, 300);

  return {
    kind: 'n8n',
    async probe(signal) {
      try {
        // Calling the webhook would run the workflow, so the server is asked for its health. A proxy may hide that.
        const answer = await callServer(request, { method: 'GET', url: new URL('/healthz', webhookUrl).href, headers: { accept: 'application/json' }, signal, firstByteMs: PROBE_MS, idleMs: PROBE_MS });
        await bodyText(answer.body, ANSWER_BYTES_MAX);
        if (answer.status >= 500) throw new RemoteError('unreachable', `${SERVER} failed with status ${answer.status}.`);
        return { version: null, features: answer.status === 200 ? ['webhook', 'health'] : ['webhook'] };
      } catch (error) {
        throw RemoteError.from(error, SERVER);
      }
    },
    deploy: async () => 'webhook',
    remove: async () => undefined,
    async *run(_reference, question, signal) {
      try {
        const answer = await callServer(request, {
          method: 'POST', url: webhookUrl, headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(bodyOf(question)), signal, ...timeouts,
        });
        await refuse(answer, clean);
        yield* readAnswer(answer, clean);
      } catch (error) {
        throw RemoteError.from(error, SERVER);
      }
    },
  };
}

const bodyOf = ({ runId, text, sessionId, images, history, settings, instructions, passages }: RemoteQuestion) => ({
  action: 'sendMessage', chatInput: text, sessionId, runId, instructions, images, history: history.flatMap((turn) => (turn.role === 'tool' ? [] : [{ role: turn.role, content: turn.content }])),
  parameters: Object.fromEntries(settings.map(({ name, value }) => [name, value])),
  passages: passages.map(({ title, page, url, text: passage }, index) => ({ number: index + 1, title, page, url, text: passage })),
});

const Refusal = z.looseObject({ message: z.string() });

async function refuse({ status, body }: ServerAnswer, clean: (text: string) => string): Promise<void> {
  if (status >= 200 && status < 300) return;
  const text = await bodyText(body, ANSWER_BYTES_MAX);
  if (status >= 300 && status < 400) throw new RemoteError('refused', `${SERVER} answered with a redirect, which is not followed.`);
  if (status === 401 || status === 403) throw new RemoteError('unauthorized', `${SERVER} refused the credential.`);
  const words = clean(Refusal.safeParse(jsonOf(text)).data?.message ?? '');
  if (status === 404) throw new RemoteError('flow-missing', `The n8n workflow does not listen${words === '' ? '. Is it active?' : `: ${words}`}`);
  throw new RemoteError('flow-failed', `The workflow failed on the n8n server${words === '' ? ` with status ${status}.` : `: ${words}`}`);
}
