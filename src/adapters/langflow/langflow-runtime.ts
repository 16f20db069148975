import { z } from 'zod';
import type { Studio } from '#modules/catalog/ports.ts';
import { RemoteError, type RemoteDeployment, type RemoteEvent, type RemoteQuestion, type RemoteRuntime, type RemoteSetting } from '#modules/runtime/ports.ts';
import { langflowClient, type LangflowClient, type LangflowOptions } from './langflow-client.ts';
import { firstFailure } from './build-flow.ts';
import { deployFlow, findDeployed, foldersPath, readFlow } from './langflow-flows.ts';
import { withOwnCode } from './own-code.ts';
import { readRun } from './read-run.ts';
import { startByWebhook, startsByWebhook } from './start-by-webhook.ts';
import { uploadImages } from './upload-images.ts';

/** Runs flows on a Langflow server, versions 1.0 and newer (API v1). */
export function langflowRuntime(options: LangflowOptions): RemoteRuntime {
  const client = langflowClient(options);
  return {
    kind: 'langflow',
    probe: async (signal) => probe(client, signal),
    deploy: async (deployment, signal) => deployFlow(client, await admitted(client, options, deployment, signal), signal),
    run: (reference, question, signal) => run(client, reference, question, signal),
    check: async (reference, question, signal) => firstFailure(client, reference, question, signal),
    async remove(reference, signal) {
      const { status } = await client.call('DELETE', `/api/v1/flows/${encodeURIComponent(reference)}`, signal);
      // 422: the reference is no id there, so there is nothing either.
      if (status >= 300 && status !== 404 && status !== 422) throw new RemoteError('bad-answer', `The Langflow server did not remove the flow (status ${status}).`);
    },
  };
}

/** The visual editor of a Langflow server; `publicUrl` is where a person's browser reaches it. */
export function langflowStudio(options: LangflowOptions, publicUrl: string): Studio {
  const client = langflowClient(options);
  const urlOf = (reference: string) => `${publicUrl}/flow/${encodeURIComponent(reference)}`;
  return {
    async open(deployment, signal) {
      const reference = await deployFlow(client, await admitted(client, options, deployment, signal), signal);
      return { reference, url: urlOf(reference) };
    },
    async find({ id, place }, signal) {
      const reference = await findDeployed(client, id, place, signal);
      return reference === null ? null : { reference, url: urlOf(reference) };
    },
    read: async (reference, signal) => readFlow(client, reference, signal),
  };
}

const admitted = async (client: LangflowClient, { shared = false }: LangflowOptions, deployment: RemoteDeployment, signal: AbortSignal): Promise<RemoteDeployment> =>
  (shared ? { ...deployment, definition: await withOwnCode(client, deployment.definition, signal) } : deployment);

const Version = z.looseObject({ version: z.string() });
const Description = z.looseObject({ paths: z.record(z.string(), z.unknown()) });

/** Paths that mean something to us, by what we call it. */
const FEATURES: Readonly<Record<string, string>> = {
  '/api/v1/projects/': 'projects', '/api/v1/folders/': 'folders', '/api/v1/webhook/{flow_id_or_name}': 'webhook', '/api/v1/build/{flow_id}/flow': 'build', '/api/v1/responses': 'responses', '/api/v2/files': 'files v2', '/api/v2/workflows': 'workflows v2',
};

async function probe(client: LangflowClient, signal: AbortSignal) {
  const version = Version.safeParse((await client.call('GET', '/api/v1/version', signal)).json);
  if (!version.success) throw new RemoteError('bad-answer', 'This server does not answer as Langflow does.');
  await foldersPath(client, signal);
  // The server's own description tells more than its version; some operators switch it off.
  const described = await client.call('GET', '/openapi.json', signal).catch((error: unknown) => {
    if (error instanceof RemoteError) return null;
    throw error;
  });
  const paths = Description.safeParse(described?.json).data?.paths ?? {};
  return { version: version.data.version, features: Object.entries(FEATURES).flatMap(([path, name]) => (Object.hasOwn(paths, path) ? [name] : [])) };
}

async function* run(client: LangflowClient, reference: string, question: RemoteQuestion, signal: AbortSignal): AsyncGenerator<RemoteEvent> {
  // A flow whose file has a chat input is asked without looking first.
  if (question.inputNode === null && await startsByWebhook(client, reference, signal)) {
    yield* await startByWebhook(client, reference, question, signal);
    return;
  }
  const tweaks = tweaksOf(question.settings);
  const files = question.images.length === 0 ? [] : await uploadImages(client, reference, question.images, signal);
  if (files.length > 0 && question.inputNode !== null) tweaks[question.inputNode] = { ...tweaks[question.inputNode], files };
  const answer = await client.stream('POST', `/api/v1/run/${encodeURIComponent(reference)}?stream=true`, signal, {
    input_value: question.text, input_type: 'chat', output_type: 'chat', session_id: question.sessionId, tweaks,
  });
  try {
    yield* readRun(answer, client.clean);
  } catch (error) {
    throw RemoteError.from(error, 'The Langflow server');
  }
}

/** Langflow lets a caller override every field of every component, so only declared settings become tweaks. */
function tweaksOf(settings: readonly RemoteSetting[]): Record<string, Record<string, unknown>> {
  const tweaks: Record<string, Record<string, unknown>> = {};
  for (const { name, node, field, value } of settings) {
    if (field === null) continue;
    // Langflow would run it.
    if (/code/i.test(field)) throw new RemoteError('flow-failed', `The parameter "${name}" stands for code, which is never set from outside.`);
    tweaks[node] = { ...tweaks[node], [field]: value };
  }
  return tweaks;
}
