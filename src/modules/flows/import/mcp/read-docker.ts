import { isRecord, oneLine, readList, readRecord, readText } from '../plain.ts';
import type { PlainRecord } from '../plain.ts';
import { plainText } from '../tools/tool-text.ts';
import type { McpEntry } from './mcp-entry.ts';
import { readTools } from './read-tools.ts';
import { headersOf, remoteServer } from './remote-address.ts';

/** Whether something is a `server.yaml` of the Docker registry, or an entry of its catalogue. */
export function isDockerServer(value: unknown): value is PlainRecord {
  if (!isRecord(value) || Object.hasOwn(value, 'services')) return false;
  const described = readRecord(value, 'about') !== null || readRecord(value, 'meta') !== null || readRecord(value, 'metadata') !== null || readText(value, 'title') !== null;
  return described && ((readText(value, 'image') !== null && ['server', 'poci'].includes(readText(value, 'type') ?? '')) || readRecord(value, 'remote') !== null);
}

export function readDockerServer(server: PlainRecord, fallbackName: string): McpEntry {
  const about = readRecord(server, 'about');
  const config = readRecord(server, 'config');
  const remote = readRecord(server, 'remote');
  const name = oneLine(readText(server, 'name') ?? '', 200) || fallbackName;
  const oauth = readList(server, 'oauth').concat(readList(readRecord(server, 'oauth'), 'providers')).filter(isRecord);
  const address = remote && remoteServer(readText(remote, 'url') ?? '', readText(remote, 'transport_type') ?? readText(remote, 'transport'), headersOf(readRecord(remote, 'headers')));
  const image = oneLine(readText(server, 'image') ?? '', 200);
  return {
    name,
    title: plainText(readText(about, 'title') ?? readText(server, 'title') ?? '', 120) || name,
    description: plainText(readText(about, 'description') ?? readText(server, 'description') ?? '', 500),
    version: null,
    // Who signs in with OAuth ends up with a token, which is what a connection holds.
    remote: address && address.credentials.length === 0 && oauth.length > 0 ? { ...address, credentials: [{ place: 'bearer', name: '', prefix: '', title: 'access token' }] } : address,
    kind: address ? 'remote' : `image ${image || 'unknown'}`,
    problem: address ? null : remote ? 'Its address is not a web address.' : `It is started as a container (${image || 'no image is named'}) on the computer of its user. Programs of a file are never started here.`,
    secrets: [...readList(config, 'secrets'), ...readList(server, 'secrets'), ...oauth].flatMap((secret) => readText(secret, 'env') ?? readText(secret, 'name') ?? []).map((secret) => oneLine(secret, 100)),
    tools: readTools({ tools: readList(server, 'tools') }),
  };
}
