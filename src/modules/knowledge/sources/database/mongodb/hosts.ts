import { promises as dns, type SrvRecord } from 'node:dns';
import { SourceError } from '../../source-reader.ts';
import { unreachable, within } from '../connect.ts';
import { CONNECT_MS_MAX, type DatabaseContext } from '../engine.ts';

export interface Host { name: string; port: number }

const PORT = 27_017;
const HOSTS_MAX = 20;
const SRV = /^mongodb\+srv:\/\//;

/**
 * The servers that are written, or that stand behind a `mongodb+srv://` name in the domain name system. These too must be
 * of the domain that was written (initial DNS seedlist discovery, "same parent domain"). Throws SourceError.
 */
export async function hostsOf({ config }: DatabaseContext, resolve: (name: string) => Promise<SrvRecord[]> = dns.resolveSrv): Promise<Host[]> {
  const { host: written, port } = config;
  if (!SRV.test(written)) return written.split(',').map((part) => hostOf(part.trim(), port ?? PORT)).slice(0, HOSTS_MAX);
  const name = written.replace(SRV, '').toLowerCase().replace(/\.$/, '');
  if (port !== null || /[:,]/.test(name)) throw new SourceError('settings', 'An address with mongodb+srv:// is one name without a port.');
  if (name.split('.').length < 3) throw new SourceError('settings', 'An address with mongodb+srv:// needs a name such as cluster0.abcde.mongodb.net.');
  const domain = name.slice(name.indexOf('.'));
  const records = await within(CONNECT_MS_MAX, resolve(`_mongodb._tcp.${name}`), () => undefined).catch((cause: unknown) => { throw unreachable(name, PORT, cause); });
  const hosts = records.map((record) => ({ name: record.name.toLowerCase().replace(/\.$/, ''), port: record.port }));
  if (hosts.length === 0 || hosts.length > HOSTS_MAX || hosts.some((host) => !host.name.endsWith(domain))) throw unreachable(name, PORT, new Error('the records of the name are not of its domain'));
  return hosts;
}

function hostOf(part: string, port: number): Host {
  const [, name, own] = /^(\[[0-9a-f:.]+\]|[^:]+)(?::(\d{1,5}))?$/i.exec(part) ?? [];
  // More than one colon is an address of IPv6 without brackets.
  if (name === undefined) return { name: part, port };
  return { name: name.replace(/^\[|\]$/g, ''), port: own === undefined ? port : Number(own) };
}
