import { count, eq } from 'drizzle-orm';
import type { Process } from '#platform/context.ts';
import type { Input } from '#platform/contract/endpoint.ts';
import { uuidv7 } from '#platform/crypto/ids.ts';
import { one } from '#platform/db/database.ts';
import { Problem, problems as kernel } from '#platform/http/problem.ts';
import type { HttpExchange } from '#platform/http/serve.ts';
import type { FileStore } from '#platform/storage/file-store.ts';
import type { providerEndpoints } from './contract.ts';
import { problems } from './problems.ts';
import { readUpload } from './read-upload.ts';
import { assets } from './tables.ts';

const PICTURE_BYTES_MAX = 5 * 1024 * 1024;
/** Most pictures one organization may keep. */
const PICTURES_MAX = 2000;
/** What browsers show without running anything in it. SVG can carry script, so it is not among them. */
const PICTURE_TYPES: readonly string[] = ['image/png', 'image/jpeg', 'image/webp', 'image/gif'];

/** Pictures of listings and brands: judged by their content, kept under an id of ours, never changed. */
export function pictures(files: FileStore) {
  return {
    async upload(process: Process, _input: unknown, { request, reply }: HttpExchange): Promise<void> {
      const { bytes } = await readUpload(request, { bytesMax: PICTURE_BYTES_MAX, tooLarge: problems['picture-too-large'] });
      const { fileTypeFromBuffer } = await import('file-type');
      const type = await fileTypeFromBuffer(bytes);
      if (!type || !PICTURE_TYPES.includes(type.mime)) throw new Problem(problems['picture-not-readable']);
      const id = uuidv7();
      const fileKey = `${process.tenant}/pictures/${id}`;
      await files.put(fileKey, bytes);
      try {
        await process.run(async ({ tx, tenant }) => {
          const { kept } = one(await tx.select({ kept: count() }).from(assets).where(eq(assets.tenantId, tenant)));
          if (kept >= PICTURES_MAX) throw new Problem(problems['too-many-pictures'], `At most ${PICTURES_MAX} pictures.`);
          await tx.insert(assets).values({ id, contentType: type.mime, bytes: bytes.byteLength, fileKey });
        });
      } catch (error) {
        await files.remove(fileKey);
        throw error;
      }
      await reply.code(201).send({ id, path: `/files/${id}`, bytes: bytes.byteLength, content_type: type.mime });
    },

    async download(process: Process, { params }: Input<typeof providerEndpoints['getAsset']>, { reply }: HttpExchange): Promise<void> {
      const [asset] = await process.run(async ({ tx }) => tx.select().from(assets).where(eq(assets.id, params.assetId)));
      const bytes = asset && await files.get(asset.fileKey);
      if (!asset || !bytes) throw new Problem(kernel['not-found'], 'There is no such picture.');
      await reply.headers({
        'content-security-policy': "sandbox; default-src 'none'",
        'cache-control': 'public, max-age=31536000, immutable',
        // Widgets on customers' sites show these pictures.
        'cross-origin-resource-policy': 'cross-origin',
        'x-content-type-options': 'nosniff',
      }).type(asset.contentType).send(Buffer.from(bytes));
    },
  };
}
