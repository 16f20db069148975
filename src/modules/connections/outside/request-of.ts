import { randomBytes } from 'node:crypto';
import type { HttpCall } from '../kit/http-call.ts';
import { OutsideError } from '../kit/outside-error.ts';
import type { Credentials } from '../kit/auth.ts';

/** Headers that decide how a message is framed or routed; nobody sets them by hand. */
const RESERVED = new Set(['host', 'content-length', 'transfer-encoding', 'connection', 'upgrade', 'te', 'trailer', 'keep-alive', 'expect', 'proxy-authorization', 'proxy-connection', 'cookie', 'forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto']);

export interface RequestBody { content: string | Uint8Array<ArrayBuffer>; mediaType: string }

/**
 * The address of a call: below the connection's own, or a whole one at a host that may have the credentials. Throws
 * OutsideError for every other, so that a credential only ever goes where it was made for.
 */
export function addressOf(call: HttpCall, base: URL | null, hosts: readonly string[], anyHost: boolean): URL {
  const url = /^https?:\/\//i.test(call.path) ? absolute(call.path, base, hosts, anyHost) : below(call.path, base);
  for (const [name, value] of Object.entries(call.query ?? {})) {
    for (const item of Array.isArray(value) ? value : [value]) if (item !== undefined && item !== null) url.searchParams.append(name, String(item));
  }
  return url;
}

function absolute(written: string, base: URL | null, hosts: readonly string[], anyHost: boolean): URL {
  if (!URL.canParse(written)) throw new OutsideError('input-invalid', `"${written.slice(0, 100)}" is not a web address.`);
  const url = new URL(written);
  // An extra host is one of the open internet, where credentials travel encrypted.
  const known = url.origin === base?.origin || (url.protocol === 'https:' && url.port === '' && hosts.includes(url.hostname));
  if (!known && !anyHost) throw new OutsideError('input-invalid', `This connection may not call ${url.host}: its credentials were made for ${base?.host ?? 'no host'}.`);
  return url;
}

function below(path: string, base: URL | null): URL {
  if (!base) throw new OutsideError('connection-missing', 'This connector needs a connection that says where the system is.');
  if (path === '') return new URL(base);
  const root = base.pathname.replace(/\/+$/, '');
  const url = new URL(`${base.origin}${root}${path.startsWith('/') ? '' : '/'}${path}`);
  if (url.origin !== base.origin || !(url.pathname === root || url.pathname.startsWith(`${root}/`))) throw new OutsideError('input-invalid', 'The path leads away from the address of the connection.');
  return url;
}

/** Headers of a call with those of its credentials, which win. Throws OutsideError for reserved and unreadable ones. */
export function headersOf(own: HttpCall['headers'], credentials: Credentials, body: RequestBody | null, fixed: Readonly<Record<string, string>>): Record<string, string> {
  const headers = new Map<string, string>([['accept', '*/*'], ['user-agent', 'cmp-flows/1.0']]);
  if (body) headers.set('content-type', body.mediaType);
  for (const [written, value] of [...Object.entries(fixed), ...Object.entries(own ?? {}), ...Object.entries(credentials.headers ?? {})]) {
    if (value === undefined) continue;
    const name = written.trim().toLowerCase();
    if (!/^[a-z0-9!#$%&'*+.^_`|~-]{1,200}$/.test(name) || RESERVED.has(name)) throw new OutsideError('input-invalid', `The header "${written.slice(0, 50)}" cannot be set.`);
    if (!/^[\t\x20-\x7e\x80-\xff]{0,8000}$/.test(value)) throw new OutsideError('input-invalid', `The header "${name}" holds characters that a header cannot carry.`);
    headers.set(name, value);
  }
  return Object.fromEntries(headers);
}

export function bodyOf({ json, form, text, bytes, parts }: HttpCall): RequestBody | null {
  if (json !== undefined) return { content: JSON.stringify(json), mediaType: 'application/json' };
  if (form) return { content: new URLSearchParams(Object.entries(form).flatMap(([name, value]): [string, string][] => (value === undefined || value === null ? [] : [[name, String(value)]]))).toString(), mediaType: 'application/x-www-form-urlencoded' };
  if (text !== undefined) return { content: text, mediaType: 'text/plain; charset=utf-8' };
  if (bytes) return { content: new Uint8Array(bytes), mediaType: 'application/octet-stream' };
  return parts ? multipart(parts) : null;
}

/** RFC 7578. The boundary is random, so no part can hold it. */
function multipart(parts: NonNullable<HttpCall['parts']>): RequestBody {
  const boundary = `part-${randomBytes(16).toString('hex')}`;
  const quoted = (written: string) => written.replace(/["\r\n]/g, (character) => encodeURIComponent(character));
  const pieces = parts.flatMap(({ name, content, filename, mediaType }) => [
    `--${boundary}\r\ncontent-disposition: form-data; name="${quoted(name)}"${filename === undefined ? '' : `; filename="${quoted(filename)}"`}\r\n${mediaType === undefined ? '' : `content-type: ${quoted(mediaType)}\r\n`}\r\n`,
    content, '\r\n',
  ]);
  return { content: new Uint8Array(Buffer.concat([...pieces, `--${boundary}--\r\n`].map((piece) => Buffer.from(piece)))), mediaType: `multipart/form-data; boundary=${boundary}` };
}
