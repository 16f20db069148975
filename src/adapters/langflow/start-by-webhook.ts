import { z } from 'zod';
import { RemoteError, type RemoteEvent, type RemoteQuestion } from '#modules/runtime/ports.ts';
import type { LangflowClient } from './langflow-client.ts';

const Stored = z.looseObject({ data: z.looseObject({ nodes: z.array(z.looseObject({ data: z.looseObject({ type: z.string() }) })) }) });
const Refusal = z.looseObject({ detail: z.string() });

/** What is said in place of an answer, which such a flow does not give. */
const STARTED = 'Started on the Langflow server.';

/** Whether a flow is entered by its webhook alone: a run with a chat input would reach none of its steps. */
export async function startsByWebhook(client: LangflowClient, reference: string, signal: AbortSignal): Promise<boolean> {
  const { status, json } = await client.call('GET', `/api/v1/flows/${encodeURIComponent(reference)}`, signal);
  // What is missing is told by the run itself.
  const stored = status < 300 ? Stored.safeParse(json).data : undefined;
  const types = stored?.data.nodes.map(({ data }) => data.type) ?? [];
  return types.includes('Webhook') && !types.includes('ChatInput');
}

/**
 * Starts a flow by its webhook, with the data of the question or, without any, the question itself. The server works in the
 * background and only says that it has begun. It takes no tweaks there, so the settings stand beside the message.
 */
export async function startByWebhook(client: LangflowClient, reference: string, { text, sessionId, settings, images, data }: RemoteQuestion, signal: AbortSignal): Promise<RemoteEvent[]> {
  const body = data ?? { message: text, session_id: sessionId, parameters: Object.fromEntries(settings.map(({ name, value }) => [name, value])), ...(images.length === 0 ? {} : { images }) };
  const { status, json } = await client.call('POST', `/api/v1/webhook/${encodeURIComponent(reference)}`, signal, body);
  if (status === 404) throw new RemoteError('flow-missing', 'The Langflow server does not have this flow any more.');
  const words = Refusal.safeParse(json).data?.detail.replace(/\s+/g, ' ').trim() ?? '';
  if (status >= 300) throw new RemoteError('flow-failed', `The Langflow server did not start the flow (status ${status})${words === '' ? '.' : `: ${client.clean(words)}`}`);
  return [{ type: 'text', text: STARTED }, { type: 'finish', usage: null, data: json }];
}
