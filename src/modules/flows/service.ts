import { and, eq, inArray, isNotNull } from 'drizzle-orm';
import type { Ctx } from '#platform/context.ts';
import { uuidv7 } from '#platform/crypto/ids.ts';
import { one } from '#platform/db/database.ts';
import { Problem, problems as kernel } from '#platform/http/problem.ts';
import type { FileStore } from '#platform/storage/file-store.ts';
import type { Flow, ImportReport } from './contract.ts';
import type { ImportResult } from './import/importer.ts';
import { oneLine } from './import/plain.ts';
import { flows } from './tables.ts';

export type StoredFlow = typeof flows.$inferSelect;

/** A file that was put in the store before its flow's row is written. */
export interface StoredFile { key: string; name: string }

/**
 * Puts the picked flow of an imported file in the store, without the credentials that were found in it. Call it before
 * the transaction that calls {@link storeFlow}; a file whose transaction failed is to be removed again.
 */
export async function storeFlowFile(files: FileStore, tenant: string, definition: ImportResult['definition'], name: string): Promise<StoredFile> {
  const key = `${tenant}/flows/${uuidv7()}`;
  await files.put(key, new TextEncoder().encode(JSON.stringify(definition, null, 2)));
  return { key, name: oneLine(name.split(/[/\\]/).at(-1) ?? '', 200) };
}

/** Keeps an imported flow as a new row of the acting tenant; returns its id. */
export async function storeFlow({ tx }: Ctx, { flow, report }: { flow: Flow; report: ImportReport }, file?: StoredFile): Promise<string> {
  const row = one(await tx.insert(flows).values({
    name: report.name, definition: flow, report, fileKey: file?.key ?? null, fileName: file?.name ?? null,
  }).returning({ id: flows.id }));
  return row.id;
}

/** Keeps an edited flow as a row of its own, beside the file it came from: what was stored never changes. Returns its id. */
export async function storeEditedFlow({ tx }: Ctx, { flow, report }: { flow: Flow; report: ImportReport }, before: StoredFlow | null): Promise<string> {
  const row = one(await tx.insert(flows).values({
    name: before?.name ?? report.name, definition: flow, report, fileKey: before?.fileKey ?? null, fileName: before?.fileName ?? null,
  }).returning({ id: flows.id }));
  return row.id;
}

/** A flow the transaction may see, or 404. */
export async function getFlow({ tx }: Ctx, flowId: string): Promise<StoredFlow> {
  const [row] = await tx.select().from(flows).where(eq(flows.id, flowId));
  if (!row) throw new Problem(kernel['not-found'], 'There is no such flow.');
  return row;
}

/**
 * Copies a flow into another organization, for a subscription of its own; the seller's file stays with the seller. Needs
 * operator work, which sees both. With `id`, repeating it changes nothing. Returns the copy's id.
 */
export async function copyFlow(ctx: Ctx, flowId: string, toTenant: string, id: string = uuidv7()): Promise<string> {
  const { name, definition, report } = await getFlow(ctx, flowId);
  await ctx.tx.insert(flows).values({ id, tenantId: toTenant, name, definition, report, copiedFrom: flowId }).onConflictDoNothing();
  return id;
}

/**
 * The flow with exactly these parameters handed to buyers: the flow itself where that is so already, else a copy beside
 * it, because flows never change. Returns its id.
 */
export async function exposeParameters(ctx: Ctx, flowId: string, names: readonly string[]): Promise<string> {
  const source = await getFlow(ctx, flowId);
  const parameters = source.definition.parameters.map((parameter) => ({ ...parameter, exposed: names.includes(parameter.name) }));
  if (parameters.every((parameter, index) => parameter.exposed === source.definition.parameters[index]?.exposed)) return flowId;
  const { name, report, fileKey, fileName } = source;
  const row = one(await ctx.tx.insert(flows).values({
    name, definition: { ...source.definition, parameters }, report, fileKey, fileName, copiedFrom: flowId,
  }).returning({ id: flows.id }));
  return row.id;
}

/** Those of the flows whose file was kept. */
export async function flowsWithFile({ tx }: Ctx, flowIds: readonly string[]): Promise<ReadonlySet<string>> {
  if (flowIds.length === 0) return new Set();
  const rows = await tx.select({ id: flows.id }).from(flows).where(and(inArray(flows.id, [...flowIds]), isNotNull(flows.fileKey)));
  return new Set(rows.map(({ id }) => id));
}

/** Deletes a flow nobody needs any more. Returns the key of its file when no other flow has it, to be removed after commit. */
export async function deleteFlow({ tx }: Ctx, flowId: string): Promise<string | null> {
  const [row] = await tx.delete(flows).where(eq(flows.id, flowId)).returning({ fileKey: flows.fileKey });
  if (!row?.fileKey) return null;
  const others = await tx.select({ id: flows.id }).from(flows).where(eq(flows.fileKey, row.fileKey)).limit(1);
  return others.length > 0 ? null : row.fileKey;
}
