import { z } from 'zod';
import { RemoteError, type RemoteDeployment } from '#modules/runtime/ports.ts';
import type { LangflowClient } from './langflow-client.ts';

const Named = z.looseObject({ id: z.string(), name: z.string(), folder_id: z.string().nullish() });
/** Lists come bare, or in pages. */
const List = z.union([z.array(Named), z.looseObject({ items: z.array(Named) }).transform((page) => page.items), z.looseObject({ flows: z.array(Named) }).transform((page) => page.flows)]);
const FlowFile = z.looseObject({ data: z.looseObject({ nodes: z.array(z.unknown()), edges: z.array(z.unknown()) }), description: z.string().nullish() });

/** Names longer than this are cut: servers keep them in short columns. */
const NAME_CHARS_MAX = 120;

/**
 * Puts a flow into its tenant's folder and returns the id it has there. Servers from 1.8 on keep our id; on older ones it
 * is found by its name, which therefore carries the id.
 */
export async function deployFlow(client: LangflowClient, deployment: RemoteDeployment, signal: AbortSignal): Promise<string> {
  const file = FlowFile.safeParse(deployment.definition);
  if (!file.success) throw new RemoteError('flow-failed', 'Only a flow that was made with Langflow can run on a Langflow server.');
  const folders = await foldersPath(client, signal);
  const folderId = await ensureFolder(client, folders, deployment.place, signal);
  const name = `${deployment.name.replace(/\s+/g, ' ').trim().slice(0, NAME_CHARS_MAX)}${markOf(deployment.id)}`;
  const flow = { name, description: file.data.description ?? '', data: file.data.data, folder_id: folderId };

  const kept = await client.call('PUT', `/api/v1/flows/${deployment.id}`, signal, flow);
  if (kept.status < 300) return idOf(kept.json);
  if (kept.status !== 404 && kept.status !== 405) throw refused('the flow', kept);
  const known = await findFlow(client, (other) => other === name, folderId, signal);
  const saved = known === null ? await client.call('POST', '/api/v1/flows/', signal, flow) : await client.call('PATCH', `/api/v1/flows/${known}`, signal, flow);
  if (saved.status >= 300) throw refused('the flow', saved);
  return idOf(saved.json);
}

/** The id a flow of ours has on the server, in that folder; null where it is not there. */
export async function findDeployed(client: LangflowClient, id: string, place: string, signal: AbortSignal): Promise<string | null> {
  const folders = List.parse((await client.call('GET', await foldersPath(client, signal), signal)).json);
  const folder = folders.find((one) => one.name === place);
  if (!folder) return null;
  const flow = z.looseObject({ folder_id: z.string().nullish() }).safeParse((await client.call('GET', `/api/v1/flows/${id}`, signal)).json);
  if (flow.success && flow.data.folder_id === folder.id) return id;
  return findFlow(client, (name) => name.endsWith(markOf(id)), folder.id, signal);
}

/** The flow as the server exports it. */
export async function readFlow(client: LangflowClient, id: string, signal: AbortSignal): Promise<unknown> {
  const answer = await client.call('GET', `/api/v1/flows/${encodeURIComponent(id)}`, signal);
  if (answer.status >= 300) throw new RemoteError('flow-missing', 'The Langflow server does not have this flow any more.');
  const { name, description, data, endpoint_name: endpointName } = z.looseObject({ name: z.string(), description: z.string().nullish(), data: z.unknown(), endpoint_name: z.string().nullish() }).parse(answer.json);
  return { name: name.replace(/ · [0-9a-f]{12}$/, ''), description: description ?? '', data, endpoint_name: endpointName ?? null };
}

/** Where folders are listed: they are called projects since 1.5. Answers only to a key that is good. */
export async function foldersPath(client: LangflowClient, signal: AbortSignal): Promise<string> {
  for (const path of ['/api/v1/projects/', '/api/v1/folders/']) if ((await client.call('GET', path, signal)).status < 300) return path;
  throw new RemoteError('bad-answer', 'The Langflow server has no folders to keep tenants apart. Version 1.0 or newer is needed.');
}

async function ensureFolder(client: LangflowClient, path: string, name: string, signal: AbortSignal): Promise<string> {
  const find = async () => List.parse((await client.call('GET', path, signal)).json).find((folder) => folder.name === name)?.id;
  const known = await find();
  if (known !== undefined) return known;
  const made = await client.call('POST', path, signal, { name, description: '' });
  if (made.status >= 300) throw refused('the folder', made);
  const created = Named.parse(made.json);
  // Two at once make two, and the server numbers the second: both then take the one with the plain name.
  return created.name === name ? created.id : await find() ?? created.id;
}

/** Stands at the end of a flow's name, for servers that do not keep our ids. */
const markOf = (id: string): string => ` · ${id.slice(-12)}`;

async function findFlow(client: LangflowClient, isIt: (name: string) => boolean, folderId: string, signal: AbortSignal): Promise<string | null> {
  const answer = await client.call('GET', `/api/v1/flows/?get_all=true&header_flows=true&remove_example_flows=true&folder_id=${folderId}`, signal);
  return List.safeParse(answer.json).data?.find((flow) => isIt(flow.name) && (flow.folder_id ?? folderId) === folderId)?.id ?? null;
}

const idOf = (json: unknown): string => {
  const flow = z.looseObject({ id: z.string() }).safeParse(json);
  if (!flow.success) throw new RemoteError('bad-answer', 'The Langflow server did not say under which id it keeps the flow.');
  return flow.data.id;
};

const refused = (what: string, { status, json }: { status: number; json: unknown }): RemoteError => {
  const detail = z.looseObject({ detail: z.string() }).safeParse(json).data?.detail ?? '';
  return new RemoteError('flow-failed', `The Langflow server refused ${what} with status ${status}${detail === '' ? '.' : `: ${detail.slice(0, 200)}`}`);
};
