import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse as parseCsv } from 'csv-parse/sync';
import { z } from 'zod';
import { CheckQuestion, QUESTIONS_MAX } from '#modules/catalog/checks/contract.ts';
import { Listing } from '#modules/catalog/contract.ts';
import { SampleProductFile, type Sample, type SampleDocument, type SamplePair } from './sample-product.ts';

/** The samples that come with the product. */
export const SAMPLES_FOLDER = path.resolve(import.meta.dirname, '../../samples');

const Quotes = z.array(z.strictObject({ question: z.string(), quote: z.string() })).max(QUESTIONS_MAX);
const Pairs = z.array(z.strictObject({ question: z.string().trim().min(3).max(1000), answer: z.string().trim().min(1).max(8000) }));

/** The address a sample's logo is served at. */
export const logoPath = (slug: string): string => `/samples/${slug}/logo.svg`;

/** Names of the folders that hold a sample, sorted. */
export async function sampleSlugs(folder: string = SAMPLES_FOLDER): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory() && existsSync(path.join(folder, entry.name, 'product.json'))).map((entry) => entry.name).toSorted();
}

/** Reads every sample, the most prominent first: featured, available, coming. Throws, naming the sample, for one that is damaged. */
export async function readSamples(folder: string = SAMPLES_FOLDER): Promise<Sample[]> {
  const samples = await Promise.all((await sampleSlugs(folder)).map(async (slug) => readSample(path.join(folder, slug), slug)));
  return samples.toSorted((a, b) => prominence(a) - prominence(b));
}

const prominence = ({ featured, availability }: Sample): number => (featured ? 0 : availability === 'available' ? 1 : 2);

async function readSample(folder: string, slug: string): Promise<Sample> {
  const [product, description, flowFile] = await Promise.all([
    readFile(path.join(folder, 'product.json'), 'utf8'), readFile(path.join(folder, 'listing.md'), 'utf8'), readFile(path.join(folder, 'flow.json')),
  ]);
  const parsed = SampleProductFile.safeParse(JSON.parse(product));
  if (!parsed.success) throw new Error(`samples/${slug}/product.json: ${z.prettifyError(parsed.error)}`);
  const file = parsed.data;
  if (file.slug !== slug) throw new Error(`samples/${slug}/product.json names itself "${file.slug}"`);
  const { welcomeMessage, suggestedPrompts } = file;
  return {
    ...file, flowFile,
    listing: Listing.parse({ ...file.listing, slug, description, logo: logoPath(slug), welcomeMessage, suggestedPrompts }),
    knowledge: { documents: await readDocuments(path.join(folder, 'knowledge')), pairs: await readPairs(path.join(folder, 'qa.csv')) },
    questions: await readQuestions(path.join(folder, 'questions.json')),
  };
}

async function readDocuments(folder: string): Promise<SampleDocument[]> {
  if (!existsSync(folder)) return [];
  const names = (await readdir(folder)).filter((name) => name.endsWith('.md')).toSorted();
  return Promise.all(names.map(async (name) => {
    const text = await readFile(path.join(folder, name), 'utf8');
    return { externalId: name, title: /^#\s+(.+)$/m.exec(text)?.[1]?.trim() ?? name, text };
  }));
}

/** Questions with a quote that each answer has to hold. */
async function readQuestions(file: string): Promise<CheckQuestion[]> {
  if (!existsSync(file)) return [];
  const entries = Quotes.parse(JSON.parse(await readFile(file, 'utf8')));
  return entries.map(({ question, quote }) => CheckQuestion.parse({ question, mustContain: [quote] }));
}

async function readPairs(file: string): Promise<SamplePair[]> {
  if (!existsSync(file)) return [];
  return Pairs.parse(parseCsv(await readFile(file), { columns: true, bom: true, skip_empty_lines: true }));
}
