import { isRecord, read, readList, readRecord, readText } from '../plain.ts';
import { clientServers, readClientConfig } from './read-client-config.ts';
import { isDockerServer, readDockerServer } from './read-docker.ts';
import type { McpEntry } from './mcp-entry.ts';
import { readRegistryServer, registryServer } from './read-registry.ts';
import { isTool, readTools } from './read-tools.ts';

/** The servers (and tools) an MCP document describes, whatever form it has; empty for none. */
export function readEntries(document: unknown, fallbackName: string): McpEntry[] {
  const registry = registryServer(document);
  if (registry) return [readRegistryServer(registry)];
  if (isDockerServer(document)) return [readDockerServer(document, fallbackName)];
  const bundle = bundleServer(document);
  if (bundle) return [bundle];
  const servers = clientServers(document);
  if (servers) return readClientConfig(servers, readList(document, 'tools'));
  const tools = readTools(document);
  return tools.length === 0 ? [] : [{
    name: fallbackName, title: fallbackName, description: '', version: null, remote: null, kind: 'list of tools', secrets: [], tools,
    problem: 'The file lists tools, and does not say at which address their server is.',
  }];
}

/** `manifest.json` of a packed local server. */
function bundleServer(document: unknown): McpEntry | null {
  const server = readRecord(document, 'server');
  if (server === null || readRecord(server, 'mcp_config') === null || (readText(document, 'manifest_version') ?? readText(document, 'dxt_version')) === null) return null;
  const name = readText(document, 'name') ?? '';
  return {
    name, title: readText(document, 'display_name') ?? name, description: readText(document, 'description') ?? '', version: readText(document, 'version'), remote: null,
    kind: `${readText(server, 'type') ?? 'local'} bundle`, secrets: Object.keys(readRecord(document, 'user_config') ?? {}).slice(0, 50), tools: readTools(document),
    problem: 'It is a program that is installed on the computer of its user. Programs of a file are never started here.',
  };
}

/** What can be picked in an MCP file, by name; null for what is no MCP file. A list of servers offers each of them. */
export function mcpDocuments(document: unknown): { name: string; document: unknown }[] | null {
  const listed = serverList(document);
  if (listed) return listed.map((one) => ({ name: readText(registryServer(one), 'name') ?? readText(one, 'name') ?? '', document: one }));
  if (Array.isArray(document)) return document.length > 0 && document.every(isRecord) && document.some(isTool) ? [{ name: '', document }] : null;
  const isOne = readText(document, 'jsonrpc') === '2.0' || registryServer(document) !== null || isDockerServer(document) || bundleServer(document) !== null || clientServers(document) !== null
    || isTool(document) || readList(document, 'tools').some(isTool) || readList(read(document, 'result'), 'tools').some(isTool) || (readText(document, '$schema') ?? '').includes('modelcontextprotocol') || isEmptyList(read(document, 'servers'));
  return isOne ? [{ name: readText(registryServer(document), 'name') ?? readText(document, 'name') ?? '', document }] : null;
}

const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

/** Entries of a registry: a list, `{servers: […]}`, or a Docker catalogue `{registry: {name: …}}`. */
function serverList(document: unknown): unknown[] | null {
  const catalogue = readRecord(document, 'registry');
  if (catalogue !== null && Object.values(catalogue).some(isDockerServer)) {
    return Object.entries(catalogue).flatMap(([name, entry]) => (isDockerServer(entry) ? [{ name, ...entry }] : []));
  }
  const list: unknown = Array.isArray(document) ? document : read(document, 'servers');
  if (!Array.isArray(list)) return null;
  const servers = list.filter((one) => registryServer(one) !== null || isDockerServer(one));
  return servers.length > 0 ? servers : null;
}
