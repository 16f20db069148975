import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { RemoteError } from '#modules/runtime/ports.ts';
import type { LangflowClient } from './langflow-client.ts';

const DATA_URL = /^data:image\/(png|jpeg|webp|gif);base64,([A-Za-z0-9+/=\s]+)$/;
const Uploaded = z.looseObject({ file_path: z.string() });

/** Puts pictures beside the flow and returns the paths its chat input takes. Only pictures sent as data are passed on. */
export async function uploadImages(client: LangflowClient, flowId: string, images: readonly string[], signal: AbortSignal): Promise<string[]> {
  const paths: string[] = [];
  for (const [index, image] of images.entries()) {
    const [, type, data] = DATA_URL.exec(image) ?? [];
    if (type === undefined || data === undefined) throw new RemoteError('flow-failed', 'Send pictures as data (PNG, JPEG, WebP or GIF); a Langflow server takes no addresses.');
    const boundary = `cmp-${randomUUID()}`;
    const head = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="picture-${index + 1}.${type}"\r\ncontent-type: image/${type}\r\n\r\n`;
    const body = Buffer.concat([Buffer.from(head), Buffer.from(data, 'base64'), Buffer.from(`\r\n--${boundary}--\r\n`)]);
    const answer = await client.upload(`/api/v1/files/upload/${encodeURIComponent(flowId)}`, `multipart/form-data; boundary=${boundary}`, body, signal);
    const uploaded = Uploaded.safeParse(answer.json);
    if (!uploaded.success) throw new RemoteError('flow-failed', `The Langflow server did not take the picture (status ${answer.status}).`);
    paths.push(uploaded.data.file_path);
  }
  return paths;
}
