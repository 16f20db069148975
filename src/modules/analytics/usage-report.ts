import { and, eq, gte, lt, sql, type SQL } from 'drizzle-orm';
import { z } from 'zod';
import type { Tx } from '#platform/db/database.ts';
import { runs } from '#modules/runtime/index.ts';
import { usageEvents } from '#modules/usage/index.ts';
import type { UsageReport } from './contract.ts';

/** Whose figures: rows the transaction sees, narrowed by these. */
export interface ReportScope {
  /** Narrows usage events, e.g. to one subscription. */
  usage: SQL | undefined;
  /** Narrows runs; null where runs are not the caller's to see: then times and errors are left at zero. */
  runs: SQL | undefined | null;
}

const DAY_MS = 86_400_000;

interface Period { from: Date; to: Date; before: Date; days: string[] }

/** The last `days` days up to now, day by day in UTC, and the same span before. */
export function periodOf(now: Date, days: number): Period {
  const today = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate());
  const from = new Date(today - (days - 1) * DAY_MS);
  return {
    from, to: now, before: new Date(from.getTime() - days * DAY_MS),
    days: Array.from({ length: days }, (_unused, index) => new Date(from.getTime() + index * DAY_MS).toISOString().slice(0, 10)),
  };
}

const MetricRow = z.object({ day: z.string(), metric: z.string(), quantity: z.coerce.number(), credits: z.coerce.number() });
const RunRow = z.object({ day: z.string(), runs: z.coerce.number(), failed: z.coerce.number(), duration: z.coerce.number(), sessions: z.coerce.number() });

/** Builds the figures of a period beside the period before. Sums are made by the database, by day. */
export async function usageReport(tx: Tx, scope: ReportScope, now: Date, days: number): Promise<Omit<UsageReport, 'by_key'>> {
  const period = periodOf(now, days);
  const metrics = z.array(MetricRow).parse(await tx.select({
    day: sql<string>`to_char(${usageEvents.occurredAt} at time zone 'UTC', 'YYYY-MM-DD')`,
    metric: usageEvents.metric, quantity: sql`sum(${usageEvents.quantity})`, credits: sql`sum(${usageEvents.credits})`,
  }).from(usageEvents).where(and(scope.usage, gte(usageEvents.occurredAt, period.before), lt(usageEvents.occurredAt, period.to))).groupBy(sql`1`, usageEvents.metric));
  const channels = await tx.select({ channel: usageEvents.channel, messages: sql<number>`sum(${usageEvents.quantity})::int` })
    .from(usageEvents).where(and(scope.usage, eq(usageEvents.metric, 'messages'), gte(usageEvents.occurredAt, period.from), lt(usageEvents.occurredAt, period.to))).groupBy(usageEvents.channel);
  const ran = scope.runs === null ? [] : z.array(RunRow).parse(await tx.select({
    day: sql<string>`to_char(${runs.createdAt} at time zone 'UTC', 'YYYY-MM-DD')`,
    runs: sql`count(*)`, failed: sql`count(*) filter (where ${runs.state} = 'failed')`, duration: sql`coalesce(avg(${runs.durationMs}) filter (where ${runs.state} = 'succeeded'), 0)`,
    sessions: sql`count(distinct ${runs.conversationId})`,
  }).from(runs).where(and(scope.runs, gte(runs.createdAt, period.before), lt(runs.createdAt, period.to))).groupBy(sql`1`));

  const figure = (value: (day: string) => number, combine: (values: readonly number[]) => number = sum) => {
    const before = daysBefore(period);
    return { value: combine(period.days.map(value)), previous: combine(before.map(value)), series: period.days.map((day) => ({ day, value: value(day) })) };
  };
  const metric = (name: string) => figure((day) => sum(metrics.filter((row) => row.day === day && row.metric === name).map((row) => row.quantity)));
  const byDay = new Map(ran.map((row) => [row.day, row]));
  const rate = (list: readonly string[], part: (row: z.infer<typeof RunRow>) => number) => {
    const rows = list.flatMap((day) => byDay.get(day) ?? []);
    const total = sum(rows.map((row) => row.runs));
    return total === 0 ? 0 : sum(rows.map(part)) / total;
  };
  const weighted = (part: (row: z.infer<typeof RunRow>) => number, of: (row: z.infer<typeof RunRow>) => number) => ({
    value: rate(period.days, part), previous: rate(daysBefore(period), part),
    series: period.days.map((day) => {
      const row = byDay.get(day);
      return { day, value: row ? of(row) : 0 };
    }),
  });

  return {
    from: period.from.toISOString(), to: period.to.toISOString(),
    messages: metric('messages'), credits: figure((day) => sum(metrics.filter((row) => row.day === day).map((row) => row.credits))),
    sessions: figure((day) => byDay.get(day)?.sessions ?? 0), tokens_in: metric('tokens_in'), tokens_out: metric('tokens_out'),
    api_calls: metric('api_calls'), documents: metric('documents'),
    error_rate: weighted((row) => row.failed, (row) => row.failed / row.runs),
    response_ms: weighted((row) => row.duration * row.runs, (row) => row.duration),
    by_channel: channels,
  };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const daysBefore = (period: Period): string[] => period.days.map((day) => new Date(Date.parse(day) - period.days.length * DAY_MS).toISOString().slice(0, 10));
