import { isPublicAddress } from '#platform/egress/egress.ts';
import { isRecord, oneLine, readList, readRecord, readText } from '../plain.ts';
import type { PlainRecord } from '../plain.ts';
import { plainText } from '../tools/tool-text.ts';
import type { Api, RawOperation } from './read-api.ts';

export interface ServerVariable { name: string; initial: string; choices: string[]; description: string }

/** Where operations are sent. A setting is an address that somebody has to give, choose or complete. */
export interface ApiServer {
  kind: 'fixed' | 'setting';
  /** Without a slash at its end; with `{name}` for each variable. Empty where the document names no host. */
  url: string;
  variables: readonly ServerVariable[];
  /** Other addresses the document offers, this one among them; empty unless there are several. */
  choices: readonly string[];
  /** Stands before every path when the document names no host. */
  basePath: string;
  /** What the seller should know, in words. */
  remarks: readonly string[];
}

const VARIABLES_MAX = 20;

/** The server of an operation: its own, its path's, or the document's. */
export function serverOf(api: Api, operation: RawOperation): ApiServer {
  const offered = (api.isSwagger ? swaggerServers(api.root) : operation.servers.filter(isRecord)).flatMap(readServer);
  const usable = offered.filter((server) => server.url !== '');
  const best = usable.find((server) => !isOwnComputer(server.url)) ?? usable[0];
  if (!best) {
    const [relative] = offered;
    return { kind: 'setting', url: '', variables: [], choices: [], basePath: relative?.basePath ?? '', remarks: ['The document does not say at which address the API is. Set it before the product is used.'] };
  }
  const remarks = [...best.remarks];
  if (isOwnComputer(best.url)) remarks.push(`The document names the address ${best.url}, which is only reachable inside its author's network. Set the public one.`);
  const choices = usable.length > 1 && usable.every((server) => server.variables.length === 0) ? [...new Set(usable.map((server) => server.url))].slice(0, 50) : [];
  const kind = best.variables.length > 0 || choices.length > 1 || isOwnComputer(best.url) ? 'setting' : 'fixed';
  return { ...best, kind, choices: choices.length > 1 ? choices : [], remarks };
}

interface OfferedServer { url: string; basePath: string; variables: ServerVariable[]; remarks: string[] }

function readServer(server: PlainRecord): OfferedServer[] {
  // A choice of protocols is no choice here.
  const written = oneLine(readText(server, 'url') ?? '', 1_000).replace(/\/+$/, '').replace(/^\{[^{}]{1,100}\}:\/\//, 'https://');
  const named = [...new Set([...written.matchAll(/\{([^{}]{1,100})\}/g)].map((match) => match[1] ?? ''))].slice(0, VARIABLES_MAX);
  const declared = readRecord(server, 'variables');
  const variables = named.map((name) => variableOf(name, readRecord(declared, name)));
  if (!/^(?:https?:)?\/\/|^\{/i.test(written)) {
    const basePath = /^\/[^?#]*$/.test(written) ? written : '';
    return [{ url: '', basePath, variables: [], remarks: [] }];
  }
  const absolute = written.startsWith('//') ? `https:${written}` : written;
  if (!isAddress(absolute, variables)) return [];
  const { url, remarks } = secured(absolute);
  return [{ url, basePath: '', variables, remarks }];
}

function variableOf(name: string, declared: PlainRecord | null): ServerVariable {
  const choices = readList(declared, 'enum').filter((choice) => typeof choice === 'string').map((choice) => oneLine(choice, 200)).slice(0, 50);
  return { name, initial: oneLine(readText(declared, 'default') ?? choices[0] ?? '', 500), choices, description: plainText(readText(declared, 'description') ?? '', 300) };
}

function isAddress(url: string, variables: readonly ServerVariable[]): boolean {
  const filled = url.replace(/\{([^{}]{1,100})\}/g, (_whole, name: string) => variables.find((variable) => variable.name === name)?.initial || 'x');
  if (!URL.canParse(filled)) return false;
  const { protocol, username, password } = new URL(filled);
  return (protocol === 'https:' || protocol === 'http:') && username === '' && password === '';
}

/** Credentials and questions do not travel in the open; the API's https address is the same host nearly everywhere. */
function secured(url: string): { url: string; remarks: string[] } {
  if (!/^http:\/\//i.test(url) || isOwnComputer(url) || /^http:\/\/[^/]*:\d/i.test(url)) return { url, remarks: [] };
  return { url: url.replace(/^http:/i, 'https:'), remarks: [`The document names ${url}; https is used instead, since nothing is sent unencrypted.`] };
}

const HOST = /^https?:\/\/(\[[^\]]*\]|[^/:?#]*)/i;

/** A name without a dot, the loopback, or a private address. */
function isOwnComputer(url: string): boolean {
  const host = (HOST.exec(url)?.[1] ?? '').toLowerCase().replace(/^\[|\]$/g, '');
  if (host.includes('{')) return false;
  if (/^[\d.]+$/.test(host) || host.includes(':')) return !isPublicAddress(host);
  return !host.includes('.') || /\.(?:localhost|local|internal|test)$/.test(host);
}

function swaggerServers(root: PlainRecord): PlainRecord[] {
  const host = readText(root, 'host');
  const basePath = readText(root, 'basePath') ?? '';
  if (host === null || host === '') return [{ url: basePath || '/' }];
  const schemes = readList(root, 'schemes');
  const scheme = schemes.includes('https') || !schemes.includes('http') ? 'https' : 'http';
  return [{ url: `${scheme}://${host}${basePath.startsWith('/') || basePath === '' ? basePath : `/${basePath}`}` }];
}
