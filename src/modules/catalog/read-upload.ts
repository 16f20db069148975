import type { FastifyRequest } from 'fastify';
import { Problem, problems as kernel, type ProblemType } from '#platform/http/problem.ts';
import { withinFileLimit } from '#platform/http/upload-limit.ts';

export interface Upload { bytes: Uint8Array; /** As the sender named it; only ever shown, never a path. */ fileName: string; fields: ReadonlyMap<string, string> }

/** Reads the one file of a multipart body, in the field `file`, with the text fields before it. Throws `tooLarge` beyond the bound. */
export async function readUpload(request: FastifyRequest, options: { bytesMax: number; tooLarge: ProblemType }): Promise<Upload> {
  return withinFileLimit(async () => readParts(request, options.bytesMax), options.tooLarge);
}

async function readParts(request: FastifyRequest, bytesMax: number): Promise<Upload> {
  if (!request.isMultipart()) throw new Problem(kernel['unsupported-media-type'], 'Send the file as multipart/form-data in the field "file".');
  const fields = new Map<string, string>();
  let upload: Omit<Upload, 'fields'> | null = null;
  for await (const part of request.parts({ limits: { files: 1, fields: 10, fileSize: bytesMax } })) {
    if (part.type === 'field') {
      if (typeof part.value === 'string') fields.set(part.fieldname, part.value);
      continue;
    }
    const bytes = await part.toBuffer();
    if (part.fieldname !== 'file') throw new Problem(kernel['bad-request'], 'Send the file in the field "file".');
    upload = { bytes, fileName: part.filename };
  }
  if (!upload) throw new Problem(kernel['bad-request'], 'Send the file in the field "file".');
  return { ...upload, fields };
}
