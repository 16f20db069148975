import { eq } from 'drizzle-orm';
import type { Ctx, Process } from '#platform/context.ts';
import { Problem } from '#platform/http/problem.ts';
import { MailError } from '#platform/mail/mailer.ts';
import type { KnowledgeParts } from '../parts.ts';
import type { AlertedPerson, Alerts } from '../ports.ts';
import { knowledgeBases, knowledgeSources } from '../tables.ts';
import type { FailingSource } from './contract.ts';
import { writeOfFailure, type FailureLetter } from './jobs.ts';
import { failingSources } from './source-store.ts';

/** So many people of one organization are written to. */
const PEOPLE_MAX = 50;

/** Queues a message to each person who is told, once for each time a source begins to fail. May be repeated. */
export async function queueLetters(alerts: Alerts | null, process: Process, sourceId: string): Promise<void> {
  if (alerts === null) return;
  const people = await alerts.people(process.tenant);
  await process.run(async (ctx) => {
    const found = await failingNow(ctx, sourceId);
    if (!found) return;
    const { subscriptionId, source: { since } } = found;
    for (const { userId } of people.slice(0, PEOPLE_MAX)) await ctx.enqueue(writeOfFailure, { subscriptionId, sourceId, since, userId }, { key: `${sourceId} ${since} ${userId}` });
  });
}

/**
 * Writes to one person. Nothing is sent of what is well again, paused or removed by then, nor to who may no longer
 * configure the product. Throws {@link MailError} where trying again may help.
 */
export async function sendLetter({ alerts, owners }: Pick<KnowledgeParts, 'alerts' | 'owners'>, process: Process, letter: FailureLetter, jobId: string): Promise<void> {
  const person = (await alerts?.people(process.tenant))?.find(({ userId }) => userId === letter.userId);
  if (!alerts || !person) return;
  const told = await process.run(async (ctx) => {
    const found = await failingNow(ctx, letter.sourceId);
    if (found?.source.since !== letter.since) return null;
    const owner = await owners.forSubscription(ctx, letter.subscriptionId).catch((error: unknown) => {
      if (error instanceof Problem) return null; // The subscription is gone.
      throw error;
    });
    return owner && { ...found, product: owner.name };
  });
  if (!told) return;
  const link = `${alerts.baseUrl}/organizations/${process.tenant}/agents/${letter.subscriptionId}/training/?part=sources`;
  try {
    await alerts.mailer.send({ id: jobId, to: { name: person.name, address: person.email }, ...words(told, person, alerts.brand, link) });
  } catch (error) {
    if (!(error instanceof MailError && error.permanent)) throw error;
    process.log.warn({ err: error, source: letter.sourceId }, 'a message about a failing source was refused');
  }
}

interface Failing { source: FailingSource; subscriptionId: string; again: boolean }

async function failingNow(ctx: Ctx, sourceId: string): Promise<Failing | null> {
  const [row] = await ctx.tx.select({ base: knowledgeBases.id, subscriptionId: knowledgeBases.subscriptionId, next: knowledgeSources.nextSyncAt }).from(knowledgeSources)
    .innerJoin(knowledgeBases, eq(knowledgeBases.id, knowledgeSources.knowledgeBaseId)).where(eq(knowledgeSources.id, sourceId));
  if (!row?.subscriptionId) return null;
  const source = (await failingSources(ctx, [row.base])).get(row.base)?.find(({ id }) => id === sourceId);
  return source ? { source, subscriptionId: row.subscriptionId, again: row.next !== null } : null;
}

const TIME = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });

function words({ source, again, product }: Failing & { product: string }, { name }: AlertedPerson, brand: string, link: string): { subject: string; text: string } {
  const title = source.name || 'A source';
  return {
    subject: `${product}: “${title}” cannot be read`,
    text: [
      `Hello ${name},`,
      `“${title}”, a source of what ${product} knows, could not be read on ${TIME.format(new Date(source.since))} UTC:`,
      source.error.message,
      `${source.last_sync_at === null ? 'Nothing of it is known yet.' : 'What was read before stays, and answers still rest on it.'} ${again ? 'It is tried again by itself.' : 'It is only read when somebody asks for it.'}`,
      `Look at it: ${link}`,
      `You get this because you may configure ${product} on ${brand}. There is one message each time a source begins to fail.`,
    ].join('\n\n'),
  };
}
