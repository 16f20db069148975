import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { normalizeCapabilities, validateAgainstFlow, withCategoryDefaults, type ProductCapabilities } from '#modules/capabilities/index.ts';
import { compileFlow, importFlow, runLive, type ImportResult, type NodeContext } from '#modules/flows/index.ts';
import { embedLexically, offlineChatModel } from '#modules/models/index.ts';
import type { Passage } from '#modules/models/ports.ts';
import { readSamples, sampleSlugs, SAMPLES_FOLDER } from './read-samples.ts';
import type { Sample } from './sample-product.ts';

const Questions = z.array(z.strictObject({ question: z.string(), quote: z.string() })).min(8);

const samples = await readSamples();
const available = samples.filter((sample) => sample.availability === 'available');
const coming = samples.filter((sample) => sample.availability === 'coming');
const named = (list: readonly Sample[]) => list.map((sample) => [sample.slug, sample] as const);
const textOfFile = (slug: string, name: string): string => readFileSync(path.join(SAMPLES_FOLDER, slug, name), 'utf8');
const questionsOf = (slug: string) => Questions.parse(JSON.parse(textOfFile(slug, 'questions.json')));

test('every product the marketplace is to show is there, in all four categories', async () => {
  expect(await sampleSlugs()).toEqual([
    'analytics-dashboard', 'code-assistant', 'code-review-agent', 'code-review-app', 'content-writer-pro', 'customer-support-agent', 'data-sync',
    'email-responder', 'general-knowledge', 'hr-onboarding-assistant', 'multilingual-support-agent', 'research-assistant', 'slack-integration',
  ]);
  expect(new Set(samples.map((sample) => sample.category)).size).toBe(4);
});

describe.each(named(samples))('%s', (slug, sample) => {
  test('its flow imports without a step that is not supported, and runs', async () => {
    const { report } = await imported(sample);
    expect(report.nodes.unsupported).toEqual([]);
    expect(report.runnable).toBe(true);
    expect(report.warnings).toEqual([]);
    expect(report.secrets).toEqual([]);
    // The store of a Langflow file always becomes the buyer's knowledge base; that is all that is not the same.
    expect(report.nodes.all.filter((node) => node.support === 'approximated').every((node) => node.mappedTo === 'knowledge.retrieve')).toBe(true);
  });

  test('it declares what its flow delivers', async () => {
    const { flow, report } = await imported(sample);
    const capabilities = capabilitiesOf(sample);
    expect(normalizeCapabilities(capabilities)).toEqual(capabilities);
    expect(validateAgainstFlow(capabilities, { flow, report }).filter((finding) => finding.severity === 'error')).toEqual([]);
  });

  test('every variable of its prompts is a parameter buyers may set', async () => {
    expect(sample.exposedParameters.toSorted()).toEqual((await imported(sample)).report.parameters.filter((parameter) => parameter.exposed).map((parameter) => parameter.name).toSorted());
  });

  test('its first plan costs credits only and the others follow the price template', () => {
    const [credits, ...others] = sample.plans;
    expect(credits).toMatchObject({ key: 'credits', priceMonthlyMinor: 0, priceYearlyMinor: null });
    expect([1, 2, 3]).toContain(credits?.rateCard.message);
    expect(others.map((plan) => [plan.name, plan.limits.messages])).toEqual([['Starter', 1_000], ['Professional', 10_000], ['Enterprise', 100_000]]);
    expect(others.map((plan) => plan.priceMonthlyMinor).slice(0, 2)).toEqual([2_900, 9_900]);
    expect([29_900, null]).toContain(others[2]?.priceMonthlyMinor);
  });

  test('its words are plain and its description says what buyers ask', () => {
    const words = [sample.listing.summary, sample.listing.description, sample.welcomeMessage, ...sample.suggestedPrompts, ...sample.plans.flatMap((plan) => [plan.description, ...plan.features])].join('\n');
    expect(words).not.toMatch(/!/);
    expect(words).not.toMatch(FORBIDDEN);
    const { description } = sample.listing;
    expect(description.split(/\s+/).length).toBeGreaterThanOrEqual(200);
    expect(description.split(/\s+/).length).toBeLessThanOrEqual(350);
    expect(description).toMatch(/^## What it (needs|will need) from you$/m);
    expect(description).toMatch(/^## What it (does|will do) with your data$/m);
    expect(description).toMatch(/^## Limits$/m);
    expect(description).toMatch(/^## (First steps|Until then)$/m);
  });

  test('its logo is a plain drawing', () => {
    const svg = textOfFile(slug, 'logo.svg');
    expect(svg.length).toBeLessThan(4_000);
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 96 96"/);
    expect(svg).not.toMatch(/<(script|style|image|use|foreignObject|a)\b|\son\w+=|href|url\(/i);
    expect(svg).toContain(COLORS[sample.category]);
  });
});

test('no two logos are the same', () => {
  expect(new Set(samples.map(({ slug }) => textOfFile(slug, 'logo.svg'))).size).toBe(samples.length);
});

test.each(named(coming))('%s says first that it is not available yet, and cannot be tried', (_slug, sample) => {
  expect(sample.listing.summary).toMatch(/^Coming: /);
  expect(sample.listing.description).toMatch(/^Announced, not available yet/);
  expect(sample.suggestedPrompts).toEqual([]);
  expect(sample.knowledge.documents).toEqual([]);
});

describe.each(named(available))('%s answers from its knowledge', (slug, sample) => {
  test('it suggests only questions that are checked here', () => {
    expect(sample.suggestedPrompts.length).toBeGreaterThanOrEqual(3);
    const checked = questionsOf(slug).map(({ question }) => question);
    expect(sample.suggestedPrompts.filter((prompt) => !checked.includes(prompt))).toEqual([]);
  });

  test.each(questionsOf(slug).map(({ question, quote }) => [question, quote]))('%s', async (question, quote) => {
    const passages = search(sample, question);
    const answer = await ask(sample, question, passages);
    const [, first = '', number = ''] = /“([\s\S]*?)” \[(\d+)\]/.exec(answer) ?? [];
    expect(first).toContain(quote);
    expect(passages[Number(number) - 1]?.text).toContain(quote);
  });
});

/** Words that promise without saying anything, and places that do not belong into a product. */
const FORBIDDEN = /\b(revolutionary|seamless(ly)?|cutting.edge|state.of.the.art|game.chang\w+|next.gen\w*|unleash|supercharge|effortless(ly)?|best.in.class|world.class|leverage|empower\w*|lorem ipsum|todo)\b|\/work\b|localhost/i;
const COLORS = { agent: '#3B82F6', app: '#10B981', assistant: '#8B5CF6', automation: '#F59E0B' };

async function imported(sample: Sample): Promise<ImportResult> {
  const result = await importFlow(sample.flowFile);
  if ('problem' in result) throw new Error(result.problem.message);
  return result;
}

function capabilitiesOf({ category, subcategory, capabilities }: Sample): ProductCapabilities {
  const complete = withCategoryDefaults(category, null, capabilities);
  expect(complete.subcategory[category]).toBe(subcategory);
  return complete;
}

const RESULTS = 5;

/** The documents and pairs nearest to a question, whole: each is about as long as a chunk. */
function search({ knowledge }: Sample, question: string): Passage[] {
  const texts = [
    ...knowledge.documents.map(({ externalId, title, text }) => ({ id: externalId, title, text })),
    ...knowledge.pairs.map(({ question: asked, answer }) => ({ id: asked, title: asked, text: `${asked}\n\n${answer}` })),
  ];
  const wanted = embedLexically(question);
  return texts
    .map(({ id, title, text }) => ({ chunkId: id, documentId: id, title, page: null, url: null, text, score: nearestSection(text, wanted) }))
    .toSorted((a, b) => b.score - a.score).slice(0, RESULTS);
}

const nearestSection = (text: string, wanted: Float32Array): number =>
  Math.max(...text.split(/\n(?=## )/).map((section) => embedLexically(section).reduce((sum, value, index) => sum + value * (wanted[index] ?? 0), 0)));

/** Runs the sample's own flow with the built-in model. */
async function ask(sample: Sample, question: string, passages: readonly Passage[]): Promise<string> {
  const context: NodeContext = {
    input: { text: question, images: [], history: [] }, instructions: '', parameters: {},
    model: () => offlineChatModel, searchKnowledge: async () => passages, grounding: () => passages, knowledgeSearched: () => true,
    generation: { modelId: null, temperature: null, outputTokensMax: null },
    fetch: async () => { throw new Error('no sample calls out'); },
    now: () => new Date('2026-01-02T03:04:05Z'), countTokens: () => undefined, signal: new AbortController().signal,
  };
  const result = await runLive(compileFlow((await imported(sample)).flow), context).done;
  expect(result.error).toBeNull();
  return result.text;
}
