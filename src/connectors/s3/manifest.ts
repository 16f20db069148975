import { custom, count, defineConnector, flag, line, runs, secret, textArea, type Outside } from '#modules/connections/kit.ts';
import { signed } from './signature.ts';
import { objectsOf } from './listing.ts';

const key = line('Key', 'Name of the object, e.g. reports/2026.txt.');
const call = async (outside: Outside, request: Parameters<typeof signed>[1]) => outside.http(signed(outside, request));

export const s3 = defineConnector({
  id: 's3', title: 'Amazon S3', description: 'Files in a bucket of Amazon S3, or of a service that speaks the same.', category: 'files',
  auth: custom({ accessKeyId: line('Access key id'), secretAccessKey: secret('Secret access key'), region: line('Region').regex(/^[a-z0-9-]+$/), bucket: line('Bucket').regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/) }),
  baseUrl: ({ region = '' }) => `https://s3.${region}.amazonaws.com`, ownHost: true, probe: async (outside) => call(outside, { method: 'GET', key: '', query: { 'list-type': '2', 'max-keys': '1' } }),
  actions: [
    runs('read', ['get', 'Read a file', 'The content of a file: text as text, anything else in Base64.'], { key }, async (outside, input) => {
      const { body, headers } = await call(outside, { method: 'GET', key: input.key });
      return { key: input.key, media_type: headers['content-type'] ?? '', content: body };
    }),
    runs('write', ['put', 'Write a file', 'Stores a file, replacing one of the same name.'], { key, content: textArea('Content'), base64: flag('Content is Base64').default(false), contentType: line('Type').default('text/plain; charset=utf-8') }, async (outside, input) => {
      const { headers } = await call(outside, { method: 'PUT', key: input.key, body: input.base64 ? Buffer.from(input.content, 'base64') : Buffer.from(input.content), contentType: input.contentType });
      return { key: input.key, etag: headers['etag'] ?? '' };
    }),
    runs('read', ['list', 'List files', 'The files of the bucket whose name begins with a text.'], { prefix: line('Begins with').optional(), limit: count('Files', 1, 1000).default(100), after: line('After').optional() }, async (outside, { prefix, limit, after }) => {
      const { body } = await call(outside, { method: 'GET', key: '', query: { 'list-type': '2', 'max-keys': String(limit), ...(prefix ? { prefix } : {}), ...(after ? { 'start-after': after } : {}) } });
      return objectsOf(String(body));
    }),
    runs('write', ['delete', 'Delete a file', 'Deletes a file.'], { key }, async (outside, input) => {
      await call(outside, { method: 'DELETE', key: input.key });
      return { key: input.key };
    }),
  ],
});
