import { and, eq, lt, sql } from 'drizzle-orm';
import type { Ctx } from '#platform/context.ts';
import { demoUses } from './tables.ts';

/** Who may use something of a product so many times a day (UTC). `who` tells nothing about a person. */
export interface DailyUse { productId: string; who: string; max: number }

const today = (ctx: Ctx): string => ctx.now().toISOString().slice(0, 10);

/** Takes one use and returns how many are left today; null when there was none. Needs an operator's transaction. */
export async function takeDailyUse(ctx: Ctx, { productId, who, max }: DailyUse): Promise<number | null> {
  const [row] = await ctx.tx.insert(demoUses).values({ productId, who, day: today(ctx), messages: 1 }).onConflictDoUpdate({
    target: [demoUses.productId, demoUses.who, demoUses.day], set: { messages: sql`${demoUses.messages} + 1` }, setWhere: lt(demoUses.messages, max),
  }).returning({ messages: demoUses.messages });
  return row ? max - row.messages : null;
}

/** How many uses are left today. Needs an operator's transaction. */
export async function dailyUsesLeft(ctx: Ctx, { productId, who, max }: DailyUse): Promise<number> {
  const [row] = await ctx.tx.select({ messages: demoUses.messages }).from(demoUses).where(and(eq(demoUses.productId, productId), eq(demoUses.who, who), eq(demoUses.day, today(ctx))));
  return Math.max(0, max - (row?.messages ?? 0));
}
