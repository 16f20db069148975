import { isRecord, oneLine, read, readList, readRecord, readText } from '../plain.ts';
import type { PlainRecord } from '../plain.ts';
import { looksLikePlaceholder, namesSecret } from '../secret-patterns.ts';
import { plainText } from '../tools/tool-text.ts';
import type { McpEntry } from './mcp-entry.ts';
import { readTools } from './read-tools.ts';
import { headersOf, remoteServer } from './remote-address.ts';

const SERVERS_MAX = 100;

/** The servers of a client's configuration by name, whatever client it is for; null for what is none. */
export function clientServers(document: unknown): PlainRecord | null {
  const mcp = readRecord(document, 'mcp');
  const places = [readRecord(document, 'mcpServers'), readRecord(mcp, 'servers'), readRecord(mcp, 'mcpServers'), readRecord(document, 'context_servers'), readRecord(document, 'servers'), mcp];
  const named = places.find((place) => place !== null && Object.values(place).some(isServer));
  if (named) return named;
  // Written explicitly, an empty or damaged list of servers is still one.
  if (readRecord(document, 'mcpServers') !== null) return readRecord(document, 'mcpServers');
  if (isServer(document)) return { server: document };
  return isRecord(document) && Object.keys(document).length > 0 && Object.values(document).every(isServer) ? document : null;
}

const addressOf = (server: unknown): string | null => ['url', 'serverUrl', 'httpUrl', 'endpoint'].map((key) => readText(server, key)).find((url) => url !== null) ?? null;
const commandOf = (server: unknown): string | null => readText(server, 'command') ?? readText(readRecord(server, 'command'), 'path');

const TRANSPORTS: ReadonlySet<string> = new Set(['http', 'https', 'sse', 'streamable-http', 'streamablehttp', 'streamable_http', 'remote', 'stdio', 'local']);

/** Started by a command, or reached at an address; an address alone could be anything. */
function isServer(value: unknown): boolean {
  if (!isRecord(value) || Object.hasOwn(value, 'openapi') || Object.hasOwn(value, 'nodes')) return false;
  if (commandOf(value) !== null || Array.isArray(read(value, 'command'))) return Array.isArray(read(value, 'args')) || Object.hasOwn(value, 'env') || readText(value, 'type') !== null || Object.keys(value).length <= 2;
  const url = addressOf(value);
  if (url === null) return false;
  const type = (readText(value, 'type') ?? readText(value, 'transport') ?? readText(value, 'transportType') ?? '').toLowerCase();
  return TRANSPORTS.has(type) || readText(value, 'serverUrl') !== null || readText(value, 'httpUrl') !== null || isRecord(value['headers']) || Object.keys(value).length <= 2;
}

export const readClientConfig = (servers: PlainRecord, tools: readonly unknown[]): McpEntry[] =>
  Object.entries(servers).filter(([, server]) => isRecord(server)).slice(0, SERVERS_MAX).map(([name, server]) => readServer(oneLine(name, 200) || 'server', server, tools));

function readServer(name: string, server: unknown, tools: readonly unknown[]): McpEntry {
  const args = [...readList(server, 'command'), ...readList(server, 'args')].filter((argument) => typeof argument === 'string');
  const bridged = bridgedAddress(args);
  const url = addressOf(server) ?? bridged?.url ?? null;
  const command = commandOf(server) ?? args[0] ?? '';
  const transport = readText(server, 'transport') ?? readText(server, 'transportType') ?? readText(server, 'type') ?? bridged?.transport ?? null;
  const remote = url === null ? null : remoteServer(url, transport, [...headersOf(readRecord(server, 'headers') ?? readRecord(server, 'requestInit')), ...(bridged?.headers ?? [])]);
  return {
    name, title: name, description: plainText(readText(server, 'description') ?? '', 500), version: null, kind: remote ? 'remote' : commandWords(command),
    remote: remote && bridged && addressOf(server) === null ? { ...remote, remarks: [...remote.remarks, 'The file reaches it through a program on the user’s computer; here it is reached directly.'] } : remote,
    problem: remote ? null : url === null ? `It is started as a program (${commandWords(command)}) on the computer of its user. Programs of a file are never started here.` : 'Its address is not a web address.',
    secrets: askedFor(readRecord(server, 'env')),
    tools: tools.length > 0 ? readTools(tools) : readTools({ tools: readList(server, 'tools').filter(isRecord) }),
  };
}

/** `npx mcp-remote https://…`: a program that only passes on to a remote server. */
function bridgedAddress(args: readonly string[]): { url: string; transport: string | null; headers: ReturnType<typeof headersOf> } | null {
  const at = args.findIndex((argument) => /^(?:@[\w-]+\/)?(?:mcp-remote|supergateway|mcp-proxy)(?:@[\w.^~-]+)?$/.test(argument));
  if (at === -1) return null;
  const url = args.slice(at + 1).find((argument) => /^https?:\/\//.test(argument));
  if (url === undefined) return null;
  const headers = args.flatMap((argument, index) => (args[index - 1] === '--header' ? [/^([\w-]{1,100}):\s*(.*)$/.exec(argument)] : []))
    .flatMap((match) => (match ? [{ name: match[1] ?? '', value: match[2] ?? '', secret: false, required: false, description: '', variables: null }] : []));
  const said = args[args.indexOf('--transport') + 1] ?? '';
  return { url, headers, transport: args.includes('--transport') && said.startsWith('sse') ? 'sse' : null };
}

/** The program alone: its arguments may hold secrets. */
const commandWords = (command: string): string => oneLine(command.split(/[\\/]/).at(-1)?.split(' ')[0] ?? '', 40) || 'a command';

/** Environment variables that are credentials, or gaps to fill in. */
const askedFor = (env: PlainRecord | null): string[] =>
  Object.entries(env ?? {}).flatMap(([name, value]) => (namesSecret(name) || (typeof value === 'string' && looksLikePlaceholder(value)) ? [oneLine(name, 100)] : []));
