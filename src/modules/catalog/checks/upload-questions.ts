import type { Process } from '#platform/context.ts';
import type { Input, Output } from '#platform/contract/endpoint.ts';
import { problems as kernel } from '#platform/http/problem.ts';
import type { HttpExchange } from '#platform/http/serve.ts';
import { changeDraft, draftRow } from '../drafts.ts';
import { readUpload } from '../read-upload.ts';
import { ownProduct } from '../seller-products.ts';
import type { checkEndpoints } from './contract.ts';
import { readQuestions } from './read-questions.ts';

type Upload = typeof checkEndpoints.uploadQuestions;

const FILE_BYTES_MAX = 1024 * 1024;

/** Replaces the questions of a draft by those of a file; a file with any fault changes nothing. */
export async function uploadQuestions(process: Process, { params: { productId } }: Input<Upload>, { request, reply }: HttpExchange): Promise<void> {
  // Before the file is read, so that nobody uploads to a product that takes none.
  await process.run(async (ctx) => draftRow(ctx, await ownProduct(ctx, productId)));
  const { bytes } = await readUpload(request, { bytesMax: FILE_BYTES_MAX, tooLarge: kernel['too-large'] });
  const questions = readQuestions(bytes);
  await process.run(async (ctx) => changeDraft(ctx, productId, { questions }));
  const answer: Output<Upload> = { questions };
  await reply.send(answer);
}
