import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { checkRunnable } from '../engine/compile.ts';
import { importFlow } from '../import/import-flow.ts';
import type { FlowTemplate } from '../templates.ts';

/** The products that come with the installation; each has the flow it runs beside its description. */
const SAMPLES_FOLDER = path.resolve(import.meta.dirname, '../../../../samples');

/** As much of a sample's `product.json` as a template needs. */
const SampleFile = z.object({
  slug: z.string().regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/),
  category: z.enum(['agent', 'app', 'assistant', 'automation']),
  featured: z.boolean().default(false),
  listing: z.object({ name: z.string(), summary: z.string() }),
});

export interface SampleTemplate extends FlowTemplate { key: string; title: string; description: string; category: z.infer<typeof SampleFile>['category']; logo: string }

let templates: Promise<readonly SampleTemplate[]> | null = null;

/**
 * The flow of every sample product, the featured ones first. A sample that is still coming is a start too: its flow runs, and
 * the steps it waits for are added in the editor. Empty where the installation came without samples.
 */
export const sampleTemplates = async (): Promise<readonly SampleTemplate[]> => templates ??= readTemplates(SAMPLES_FOLDER);

async function readTemplates(folder: string): Promise<readonly SampleTemplate[]> {
  if (!existsSync(folder)) return [];
  const entries = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory()).map(({ name }) => path.join(folder, name)).toSorted();
  const files = await Promise.all(entries.filter((entry) => existsSync(path.join(entry, 'flow.json')) && existsSync(path.join(entry, 'product.json'))).map(readTemplate));
  return files.filter((file) => file !== null).toSorted((a, b) => Number(b.featured) - Number(a.featured)).map(({ template }) => template);
}

async function readTemplate(folder: string): Promise<{ featured: boolean; template: SampleTemplate } | null> {
  const [product, file] = await Promise.all([readFile(path.join(folder, 'product.json'), 'utf8'), readFile(path.join(folder, 'flow.json'))]);
  const { slug, category, featured, listing } = SampleFile.parse(JSON.parse(product));
  const imported = await importFlow(file, { fileName: `${slug}.json` });
  if ('problem' in imported) throw new Error(`samples/${slug}/flow.json: ${imported.problem.message}`);
  const { flow, report } = imported;
  if (!report.runnable || checkRunnable(flow).length > 0) return null;
  const sha256 = flow.origin.sha256;
  return {
    featured,
    template: {
      key: slug, title: listing.name, description: listing.summary, category, logo: `/samples/${slug}/logo.svg`,
      flow: { ...flow, origin: { format: 'template', version: null, sha256 } }, report: { ...report, format: 'template', version: null, description: listing.summary },
    },
  };
}
