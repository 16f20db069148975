import { isRecord, oneLine, readFlag, readList, readRecord, readText } from '../plain.ts';
import type { PlainRecord } from '../plain.ts';
import { looksLikePlaceholder, namesSecret } from '../secret-patterns.ts';
import { plainText } from '../tools/tool-text.ts';
import type { McpEntry } from './mcp-entry.ts';
import { readTools } from './read-tools.ts';
import { headersOf, remoteServer } from './remote-address.ts';
import type { WrittenHeader } from './remote-address.ts';

/** The `server.json` inside whatever the registry wraps around it; null for what is none. */
export function registryServer(document: unknown): PlainRecord | null {
  for (const candidate of [readRecord(document, 'server'), isRecord(document) ? document : null]) {
    if (candidate === null || readText(candidate, 'name') === null) continue;
    if (readRecord(candidate, 'version_detail') !== null || Array.isArray(candidate['packages']) || Array.isArray(candidate['remotes'])) return candidate;
    if (/modelcontextprotocol\.io\/schemas\/.*server/.test(readText(candidate, '$schema') ?? '')) return candidate;
  }
  return null;
}

/** One entry of the MCP registry, in the shapes of 2025-05 to today: names with underscores and without. */
export function readRegistryServer(server: PlainRecord): McpEntry {
  const name = oneLine(readText(server, 'name') ?? '', 200);
  const remotes = readList(server, 'remotes').filter(isRecord);
  const packages = readList(server, 'packages').filter(isRecord);
  // What is spoken today before what is only kept for old servers.
  const remote = remotes.toSorted((a, b) => Number(typeOf(a) === 'sse') - Number(typeOf(b) === 'sse')).map(remoteOf).find((found) => found !== null) ?? null;
  const [first] = packages;
  const kind = remote ? 'remote' : first ? packageWords(first) : 'unknown';
  return {
    name, title: plainText(readText(server, 'title') ?? '', 120) || (name.split('/').at(-1) ?? name),
    description: plainText(readText(server, 'description') ?? '', 500),
    version: readText(server, 'version') ?? readText(readRecord(server, 'version_detail'), 'version'),
    remote, kind,
    problem: remote ? null : remotes.length > 0 ? 'Its address is not a web address.' : first ? `It is started as a program (${kind}) on the computer of its user. Programs of a file are never started here.` : 'The file says neither how it is started nor at which address it is.',
    secrets: packages.flatMap((one) => readList(one, 'environment_variables').concat(readList(one, 'environmentVariables'))).flatMap(secretName),
    tools: readTools(server),
  };
}

const typeOf = (remote: PlainRecord): string | null => readText(remote, 'type') ?? readText(remote, 'transport_type') ?? readText(remote, 'transportType');

function remoteOf(remote: PlainRecord): McpEntry['remote'] {
  const given = remote['headers'];
  const headers = Array.isArray(given) ? given.flatMap(headerOf) : headersOf(readRecord(remote, 'headers'));
  const server = remoteServer(readText(remote, 'url') ?? '', typeOf(remote), headers, readRecord(remote, 'variables'));
  const revision = readText(remote, 'protocolVersion');
  return server && { ...server, revision: revision !== null && /^\d{4}-\d{2}-\d{2}$/.test(revision) ? revision : null };
}

function headerOf(header: unknown): WrittenHeader[] {
  const name = readText(header, 'name');
  return name === null ? [] : [{
    name, value: readText(header, 'value') ?? readText(header, 'default') ?? '', description: readText(header, 'description') ?? '', variables: readRecord(header, 'variables'),
    secret: readFlag(header, 'is_secret') || readFlag(header, 'isSecret') || Object.values(readRecord(header, 'variables') ?? {}).some((variable) => readFlag(variable, 'is_secret') || readFlag(variable, 'isSecret')),
    required: readFlag(header, 'is_required') || readFlag(header, 'isRequired'),
  }];
}

const packageWords = (one: PlainRecord): string => {
  const registry = oneLine(readText(one, 'registry_name') ?? readText(one, 'registryType') ?? readText(one, 'registry_type') ?? '', 30);
  return `${registry === '' || registry === 'unknown' ? '' : `${registry} `}package ${oneLine(readText(one, 'identifier') ?? readText(one, 'name') ?? '', 100)}`;
};

function secretName(variable: unknown): string[] {
  const name = oneLine(readText(variable, 'name') ?? '', 100);
  const value = readText(variable, 'value') ?? '';
  return name !== '' && (readFlag(variable, 'is_secret') || readFlag(variable, 'isSecret') || namesSecret(name) || looksLikePlaceholder(value)) ? [name] : [];
}
