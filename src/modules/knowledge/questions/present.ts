import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Ctx } from '#platform/context.ts';
import type { Output } from '#platform/contract/endpoint.ts';
import { wordingsOf, type GroupRow } from './collect-question.ts';
import type { questionEndpoints, UnansweredQuestion } from './contract.ts';

const EXAMPLES_MAX = 3;

/** What callers see of a group. */
export const presentGroup = (row: GroupRow, examples: readonly string[]): UnansweredQuestion => ({
  id: row.id, question: row.question, state: row.state, closed_because: row.closedBecause, closed_at: row.closedAt?.toISOString() ?? null, asked: row.asked, languages: row.languages,
  first_asked_at: row.createdAt.toISOString(), last_asked_at: row.lastAskedAt.toISOString(), examples: examples.slice(0, EXAMPLES_MAX), proposal: row.proposal, pair_id: row.pairId, test: row.test,
});

export async function presentDetail(ctx: Ctx, row: GroupRow): Promise<Output<typeof questionEndpoints.get>> {
  const wordings = await wordingsOf(ctx, row.id);
  return {
    ...presentGroup(row, [...new Set(wordings.map(({ content }) => content))]),
    wordings: wordings.map(({ content, language, reason, outcome, confidence, channel, askedAt, conversationId, runId, answeredNow }) => ({
      text: content, language, reason, outcome, confidence, channel, asked_at: askedAt.toISOString(), conversation_id: conversationId, run_id: runId, answered_now: answeredNow,
    })),
  };
}

/** The newest different wordings of several groups. */
export async function examplesOf({ tx }: Ctx, groupIds: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
  if (groupIds.length === 0) return new Map();
  const { rows } = await tx.execute(sql`select id, content from (
      select group_id as id, content, row_number() over (partition by group_id order by max(asked_at) desc) as place
      from knowledge_questions where group_id in (${sql.join(groupIds.map((id) => sql`${id}`), sql`, `)}) group by group_id, content) as wording
    where place <= ${EXAMPLES_MAX} order by id, place`);
  const found = z.array(z.object({ id: z.string(), content: z.string() })).parse(rows);
  return new Map([...Map.groupBy(found, ({ id }) => id)].map(([id, wordings]) => [id, wordings.map(({ content }) => content)]));
}
