import { oneLine, readList, readRecord, readText } from '../plain.ts';
import type { PlainRecord } from '../plain.ts';
import { namesSecret, REMOVED } from '../secret-patterns.ts';
import { plainText } from '../tools/tool-text.ts';
import type { Gap, RemoteServer } from './mcp-entry.ts';

type Credential = RemoteServer['credentials'][number];

/** A header as a file gives it: perhaps with a value, perhaps with a gap in it. */
export interface WrittenHeader { name: string; value: string; secret: boolean; required: boolean; description: string; variables: PlainRecord | null }

/** `${NAME}`, `${input:name}`, `{{name}}`, `{name}`, `{env:NAME}`, `<name>`, `%NAME%`: gaps as files write them. */
const GAP = /\$\{(?:env:|input:|secrets\.)?([\w.-]{1,80})\}|\{\{\s*([\w. -]{1,80}?)\s*\}\}|\$([A-Z][A-Z0-9_]{2,60})|\{(?:env:|file:)?([\w.-]{1,80})\}|<([^<>]{1,80})>|%([A-Z][A-Z0-9_]{2,60})%/g;

/** The remote server behind an address and headers; null for what is no web address. */
export function remoteServer(written: string, transport: string | null, headers: readonly WrittenHeader[], declared: PlainRecord | null = null): RemoteServer | null {
  const clean = oneLine(written, 1_500);
  const remarks: string[] = [];
  const variables: Gap[] = [];
  const template = clean.replace(GAP, (_whole, ...names: unknown[]) => {
    const name = (names.slice(0, 6).flatMap((one) => (typeof one === 'string' && one !== '' ? [one] : []))[0] ?? '').trim().replace(/[^\w-]+/g, '_').slice(0, 60) || 'value';
    if (!variables.some((variable) => variable.name === name)) variables.push(gapOf(name, readRecord(declared, name)));
    return `{${name}}`;
  });
  const probe = template.replace(/\{[\w-]+\}/g, 'x');
  if (!URL.canParse(probe) || !/^https?:$/.test(new URL(probe).protocol)) return null;
  const [base = '', query = ''] = (template.split('#')[0] ?? '').split('?');
  const { credentials, rest } = queryCredentials(query);
  let url = rest === '' ? base : `${base}?${rest}`;
  if (new URL(probe).username !== '' || url.includes(REMOVED)) {
    url = url.replace(/\/\/[^/@]*@/, '//');
    remarks.push('A user name or password in its address was removed.');
  }
  if (/^http:\/\/[^/:]*\.[^/:]*(?:[/?]|$)/i.test(url) && !/^http:\/\/[\d.]+(?:[/?]|$)/.test(url)) {
    remarks.push(`The file names ${base}; https is used instead, since nothing is sent unencrypted.`);
    url = url.replace(/^http:/i, 'https:');
  }
  const used = variables.filter(({ name }) => url.includes(`{${name}}`));
  return { url, transport: transportOf(transport, base), variables: used, ...readHeaders(headers, credentials), revision: null, remarks };
}

/** `sse` only where it is said, or where the address says it and nothing else does. */
function transportOf(written: string | null, url: string): RemoteServer['transport'] {
  const name = (written ?? '').toLowerCase().replace(/[^a-z]/g, '');
  if (name === 'sse') return 'sse';
  return name === '' && /\/sse\/?$/.test(url) ? 'sse' : 'streamable-http';
}

function queryCredentials(query: string): { credentials: Credential[]; rest: string } {
  const credentials: Credential[] = [];
  const rest = query.split('&').filter((pair) => {
    const [name = '', value = ''] = pair.split('=');
    if (pair === '' || !/^[\w.~-]{1,100}$/.test(name)) return false;
    if (!namesSecret(name) && !value.includes(REMOVED)) return true;
    credentials.push({ place: 'query', name, prefix: '', title: name });
    return false;
  });
  return { credentials, rest: rest.join('&') };
}

function readHeaders(written: readonly WrittenHeader[], credentials: readonly Credential[]): Pick<RemoteServer, 'headers' | 'headerGaps' | 'credentials'> {
  const headers: Record<string, string> = {};
  const gaps: Gap[] = [];
  const found: Credential[] = [...credentials];
  for (const header of written.slice(0, 30)) {
    const name = header.name.trim();
    if (!/^[\w!#$%&'*+.^`|~-]{1,100}$/.test(name)) continue;
    const hasGap = new RegExp(GAP.source).test(header.value);
    if (header.secret || namesSecret(name) || header.value.includes(REMOVED) || (hasGap && /key|token|secret|auth|password|credential/i.test(`${name} ${header.value}`))) found.push(credentialOf(header, name));
    else if (['content-type', 'accept', 'host', 'user-agent'].includes(name.toLowerCase())) continue;
    else if (hasGap || header.value === '') {
      if (header.required || hasGap) gaps.push(gapOf(name, { description: header.description, default: firstDefault(header) }));
    } else headers[name] = header.value.slice(0, 2_000);
  }
  return { headers, headerGaps: gaps, credentials: found.slice(0, 5) };
}

/** `Bearer ${TOKEN}` → a bearer token; `Token …` → a header with a prefix; a bare gap → the header as a whole. */
function credentialOf({ value, description }: WrittenHeader, name: string): Credential {
  const scheme = /^([A-Za-z][\w-]{1,20}) +\S/.exec(value.trim())?.[1] ?? '';
  const title = plainText(description, 60) || name;
  const isAuthorization = name.toLowerCase() === 'authorization';
  if (isAuthorization && (scheme.toLowerCase() === 'bearer' || (value.trim() === '' && !/basic/i.test(description)))) return { place: 'bearer', name: '', prefix: '', title: 'token' };
  return { place: 'header', name, prefix: scheme === '' ? '' : `${scheme} `, title: isAuthorization ? 'credential' : title };
}

function gapOf(name: string, declared: PlainRecord | null): Gap {
  const choices = readList(declared, 'choices').filter((choice) => typeof choice === 'string').map((choice) => oneLine(choice, 200)).slice(0, 50);
  return { name, initial: oneLine(readText(declared, 'default') ?? readText(declared, 'value') ?? '', 500), description: plainText(readText(declared, 'description') ?? '', 300), choices };
}

function firstDefault({ variables }: WrittenHeader): string {
  for (const variable of Object.values(variables ?? {})) {
    const initial = readText(variable, 'default');
    if (initial !== null) return initial;
  }
  return '';
}

/** Headers given as `{name: value}`. */
export const headersOf = (headers: PlainRecord | null): WrittenHeader[] =>
  Object.entries(headers ?? {}).flatMap(([name, value]) => (typeof value === 'string' ? [{ name, value, secret: false, required: false, description: '', variables: null }] : []));
