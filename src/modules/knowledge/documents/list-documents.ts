import { and, asc, count, desc, eq, gt, ilike, lt, ne, notInArray, or, sql, type SQL } from 'drizzle-orm';
import type { Ctx } from '#platform/context.ts';
import type { Input, Output } from '#platform/contract/endpoint.ts';
import { readCursor, writeCursor } from '#platform/http/cursor.ts';
import { Problem, problems as kernel } from '#platform/http/problem.ts';
import type { knowledgeEndpoints } from '../contract.ts';
import { knowledgeDocuments } from '../tables.ts';
import { presentDocument } from './present.ts';

type E = typeof knowledgeEndpoints;
type Query = Input<E['listDocuments']>['query'];

/** What documents can be sorted by. Ids begin with their time, so they sort by age without a further column. */
const ORDERS: Readonly<Record<string, SQL<string | number> | undefined>> = {
  // The begin of a title is enough to sort by, and keeps cursors short.
  title: sql<string>`lower(left(${knowledgeDocuments.title}, 60))`,
  bytes: sql<number>`${knowledgeDocuments.bytes}`,
  chunks: sql<number>`${knowledgeDocuments.chunks}`,
};

/** A page of the documents of a knowledge base, pairs apart: as many as match in all, and where the next page begins. */
export async function listDocuments(ctx: Ctx, knowledgeBaseId: string, query: Query): Promise<Output<E['listDocuments']>> {
  const down = query.sort.startsWith('-');
  const order = ORDERS[query.sort.replace('-', '')];
  const matching = and(eq(knowledgeDocuments.knowledgeBaseId, knowledgeBaseId), ne(knowledgeDocuments.kind, 'qa'), ...narrowed(query));
  const position = readCursor(query.cursor);
  const [beyond, direction] = down ? [lt, desc] as const : [gt, asc] as const;
  const after = position === null ? undefined : order === undefined ? beyond(knowledgeDocuments.id, uuidOf(position[1]))
    : or(beyond(order, sortKey(query.sort, position[0])), and(eq(order, sortKey(query.sort, position[0])), beyond(knowledgeDocuments.id, uuidOf(position[1]))));
  const rows = await ctx.tx.select({ document: knowledgeDocuments, key: order ?? sql<string>`''` }).from(knowledgeDocuments).where(and(matching, after))
    .orderBy(...(order ? [direction(order)] : []), direction(knowledgeDocuments.id)).limit(query.limit + 1);
  const shown = rows.slice(0, query.limit);
  const last = shown.at(-1);
  const [all] = await ctx.tx.select({ total: count() }).from(knowledgeDocuments).where(matching);
  return {
    data: shown.map(({ document }) => presentDocument(document, ctx.now())), total: all?.total ?? 0,
    next_cursor: rows.length > query.limit && last ? writeCursor(String(last.key), last.document.id) : null,
  };
}

const narrowed = ({ search, state, kind, source_id: sourceId }: Query): (SQL | undefined)[] => {
  const pattern = search ? `%${search.replace(/[\\%_]/g, '\\$&')}%` : null;
  return [
    state === undefined ? undefined : state === 'processing' ? notInArray(knowledgeDocuments.state, ['indexed', 'failed']) : eq(knowledgeDocuments.state, state),
    kind === undefined ? undefined : eq(knowledgeDocuments.kind, kind),
    sourceId === undefined ? undefined : eq(knowledgeDocuments.sourceId, sourceId),
    pattern === null ? undefined : or(...[knowledgeDocuments.title, knowledgeDocuments.fileName, knowledgeDocuments.externalId, knowledgeDocuments.category, knowledgeDocuments.url].map((column) => ilike(column, pattern))),
  ];
};

/** A cursor holds what a caller sends; anything that is not of this list is refused. */
const refused = () => new Problem(kernel.invalid, 'This cursor is not valid; start from the first page.');

function sortKey(sort: string, key: string): string | number {
  if (sort.endsWith('title')) return key;
  if (!/^\d{1,15}$/.test(key)) throw refused();
  return Number(key);
}

function uuidOf(text: string): string {
  if (!/^[0-9a-f-]{36}$/.test(text)) throw refused();
  return text;
}
