import { Readable } from 'node:stream';
import { constants, createBrotliDecompress, createGunzip } from 'node:zlib';
import { SourceError } from '../source-reader.ts';

/** What we ask servers to compress with. */
export const ACCEPT_ENCODING = 'gzip, br';

interface BodyBounds {
  /** After decompression. */
  bytesMax: number;
  /** Past the bound the beginning is taken; otherwise the whole is refused. */
  cut: boolean;
  /** Told of each piece after decompression; throws when a budget is used up. */
  spend(bytes: number): void;
}

export interface ReadBody { bytes: Buffer; cut: boolean }

/**
 * The whole body of an answer, decompressed as its `Content-Encoding` says, in memory. A compressed body is counted by
 * what it becomes and ended at the bound. Throws {@link SourceError}, and what `spend` or the body throws.
 */
export async function readBody(body: AsyncIterable<Uint8Array>, encoding: string | null, { bytesMax, cut, spend }: BodyBounds): Promise<ReadBody> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of decompressed(body, encoding)) {
    spend(part.byteLength);
    parts.push(part);
    size += part.byteLength;
    if (size <= bytesMax) continue;
    if (!cut) throw tooLarge(bytesMax);
    return { bytes: Buffer.concat(parts).subarray(0, bytesMax), cut: true };
  }
  return { bytes: Buffer.concat(parts), cut: false };
}

/** A body that is a gzip file as it stands, such as sitemap.xml.gz; anything else is passed on. */
export async function gunzipped({ bytes, cut }: ReadBody, bounds: BodyBounds): Promise<ReadBody> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return { bytes, cut };
  const inside = await readBody(Readable.from([bytes]), 'gzip', bounds);
  return { bytes: inside.bytes, cut: cut || inside.cut };
}

async function* decompressed(body: AsyncIterable<Uint8Array>, encoding: string | null): AsyncGenerator<Uint8Array> {
  const named = encoding?.trim().toLowerCase() ?? '';
  if (named === '' || named === 'identity') return yield* body;
  // As browsers do, a stream that ends too early counts as far as it goes.
  const decoder = named === 'gzip' || named === 'x-gzip' ? createGunzip({ finishFlush: constants.Z_SYNC_FLUSH })
    : named === 'br' ? createBrotliDecompress({ finishFlush: constants.BROTLI_OPERATION_FLUSH }) : null;
  if (decoder === null) throw new SourceError('unexpected', 'This page is compressed in a way that cannot be read.');
  const source = Readable.from(body, { objectMode: false });
  let broken: Error | null = null;
  source.on('error', (error) => { broken = error; decoder.destroy(error); });
  source.pipe(decoder);
  try {
    yield* decoder;
  } catch (error) {
    throw broken ?? new SourceError('unexpected', 'This page is compressed, but its content is damaged.', { cause: error });
  } finally {
    source.destroy();
    decoder.destroy();
  }
}

export const tooLarge = (bytesMax: number): SourceError => {
  const size = bytesMax < 1024 * 1024 ? `${Math.round(bytesMax / 1024)} kB` : `${Math.round(bytesMax / 1024 / 1024)} MB`;
  return new SourceError('too-large', `This page is larger than the ${size} that are read of one.`);
};
