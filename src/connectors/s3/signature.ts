import { createHmac } from 'node:crypto';
import type { HttpCall, Outside } from '#modules/connections/kit.ts';
import { sha256 } from '#platform/crypto/seal.ts';

export interface S3Request { method: 'GET' | 'PUT' | 'DELETE'; key: string; query?: Readonly<Record<string, string>>; body?: Buffer; contentType?: string }

/** Everything but letters, digits and `-_.~` is percent-encoded, as the signature wants it. */
const encoded = (text: string): string => encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** A request with an AWS Signature Version 4 (docs.aws.amazon.com, "Signature Version 4 signing process"). */
export function signed({ fields, address, now }: Pick<Outside, 'fields' | 'address' | 'now'>, { method, key, query = {}, body, contentType }: S3Request): HttpCall {
  const { accessKeyId = '', secretAccessKey = '', region = '', bucket = '' } = fields;
  const time = now().toISOString().replace(/[-:]|\.\d{3}/g, '');
  const day = time.slice(0, 8);
  // The bucket stands in the host name or, as servers of one's own have it, in the path.
  const resource = `${address.hostname.startsWith(`${bucket}.`) ? '' : `/${encoded(bucket)}`}/${key.split('/').map(encoded).join('/')}`;
  const payload = sha256(body ?? '');
  const search = Object.entries(query).map(([name, value]) => `${encoded(name)}=${encoded(value)}`).toSorted().join('&');
  const headers = { host: address.host, 'x-amz-content-sha256': payload, 'x-amz-date': time };
  const names = Object.keys(headers).join(';');
  const canonical = [method, resource, search, ...Object.entries(headers).map(([name, value]) => `${name}:${value}`), '', names, payload].join('\n');
  const scope = `${day}/${region}/s3/aws4_request`;
  const secret = [day, region, 's3', 'aws4_request'].reduce<string | Buffer>((known, part) => hmac(known, part), `AWS4${secretAccessKey}`);
  const signature = hmac(secret, ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n')).toString('hex');
  return {
    method, path: `${resource}${search === '' ? '' : `?${search}`}`, ...(body ? { bytes: body } : {}),
    headers: { 'x-amz-content-sha256': payload, 'x-amz-date': time, authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`, ...(contentType ? { 'content-type': contentType } : {}) },
  };
}
