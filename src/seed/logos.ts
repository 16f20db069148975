import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Input } from '#platform/contract/endpoint.ts';
import type { Process } from '#platform/context.ts';
import { Problem, problems as kernel } from '#platform/http/problem.ts';
import type { HttpExchange } from '#platform/http/serve.ts';
import type { sampleEndpoints } from './contract.ts';
import { SAMPLES_FOLDER, sampleSlugs } from './read-samples.ts';

/** Hands out the logos. Only names that are folders of samples open a file, so an address can never leave the folder. */
export function serveLogos(folder: string = SAMPLES_FOLDER) {
  const known = new Map<string, Promise<Buffer>>();
  let slugs: Promise<readonly string[]> | undefined;
  return async (_process: Process, { params: { slug } }: Input<(typeof sampleEndpoints)['logo']>, { reply }: HttpExchange): Promise<void> => {
    slugs ??= sampleSlugs(folder);
    if (!(await slugs).includes(slug)) throw new Problem(kernel['not-found']);
    const logo = known.get(slug) ?? readFile(path.join(folder, slug, 'logo.svg'));
    known.set(slug, logo);
    // A browser that opens the picture as a page gets no script and no origin, whatever the file says.
    await reply.header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox").header('x-content-type-options', 'nosniff')
      .header('cross-origin-resource-policy', 'cross-origin').header('cache-control', 'public, max-age=86400').type('image/svg+xml; charset=utf-8').send(await logo);
  };
}
