import { z } from 'zod';
import type { RemoteQuestion } from '#modules/runtime/ports.ts';
import type { LangflowClient } from './langflow-client.ts';
import { eventsIn, wordsOf } from './read-run.ts';

const Job = z.looseObject({ job_id: z.string() });
const Failed = z.looseObject({ errorMessage: z.string() });
const Built = z.looseObject({
  build_data: z.looseObject({
    id: z.string(), valid: z.boolean(), params: z.unknown(),
    data: z.looseObject({ outputs: z.record(z.string(), z.looseObject({ message: z.unknown() })).nullish() }).nullish(),
  }),
  /** Only newer servers say it. */
  output_meta: z.looseObject({ display_name: z.string() }).optional(),
});

/**
 * Builds a flow as the server's editor does, step by step, and says of the first step that fails what the server says;
 * null where every step is built, and for older servers, which build otherwise or not at all. The build ends with that step.
 * It has a session of its own, so that the conversation does not remember it.
 */
export async function firstFailure(client: LangflowClient, reference: string, { text, sessionId }: RemoteQuestion, signal: AbortSignal): Promise<string | null> {
  const started = await client.call('POST', `/api/v1/build/${encodeURIComponent(reference)}/flow?log_builds=false&event_delivery=streaming`, signal, { inputs: { input_value: text, session: `${sessionId}:check`, type: 'chat' } });
  const job = started.status < 300 ? Job.safeParse(started.json) : null;
  if (!job?.success) return null;
  const answer = await client.stream('GET', `/api/v1/build/${encodeURIComponent(job.data.job_id)}/events?event_delivery=streaming`, signal);
  for await (const { event, data } of eventsIn(answer)) {
    if (event === 'end') return null;
    if (event === 'error') return `The flow cannot be built on the Langflow server${wordsOf(data, client.clean)}`;
    const step = event === 'end_vertex' ? Built.safeParse(data).data : undefined;
    if (step?.build_data.valid === false) return `The step "${nameOf(step)}" cannot be built on the Langflow server${wordsOf({ text: reasonOf(step) }, client.clean)}`;
  }
  return null;
}

const NAME_CHARS_MAX = 80;
const nameOf = ({ build_data: { id }, output_meta: meta }: z.infer<typeof Built>): string => (meta?.display_name ?? id).slice(0, NAME_CHARS_MAX);

/** The message of the output that carries the error; its stack trace stays where it is. */
function reasonOf({ build_data: { data, params } }: z.infer<typeof Built>): string {
  const failed = Object.values(data?.outputs ?? {}).flatMap(({ message }) => Failed.safeParse(message).data ?? []);
  return failed[0]?.errorMessage ?? (typeof params === 'string' ? params : '');
}
