import { z } from 'zod';
import { callEndpoint } from '#web/api/call-endpoint.ts';
import { DOCUMENT_SORTS, DocumentState, knowledgeEndpoints, type KnowledgeDocument } from '#modules/knowledge/contract.ts';
import { SourceKind } from '#modules/knowledge/sources/contract.ts';

/** Most documents one action takes. */
export const SELECTED_MAX = 500;
const PAGE = 200;

/** The states people filter by. */
export const STATES = [{ value: 'indexed', label: 'Indexed' }, { value: 'processing', label: 'In work' }, { value: 'failed', label: 'Failed' }] as const;

/** What the address holds, which anybody may have typed: what means nothing is passed over. */
const Asked = z.object({
  q: z.string().trim().max(200).optional().catch(undefined), cursor: z.string().max(1000).optional().catch(undefined), sort: z.enum(DOCUMENT_SORTS).optional().catch(undefined),
  state: z.enum([...DocumentState.options, 'processing']).optional().catch(undefined), source: z.uuid().optional().catch(undefined), kind: SourceKind.exclude(['qa']).optional().catch(undefined),
});

/** The endpoint's query for the state of a table. */
export const documentQuery = (state: unknown) => {
  const { q, source, ...rest } = Asked.parse(state);
  return { ...rest, search: q, source_id: source };
};

/** All documents behind the filters, up to the most one action takes. */
export async function allMatching(subscriptionId: string, query: ReturnType<typeof documentQuery>): Promise<KnowledgeDocument[]> {
  const found: KnowledgeDocument[] = [];
  const { cursor: _, ...asked } = query;
  for (let cursor: string | null = ''; cursor !== null && found.length < SELECTED_MAX;) {
    const page: { data: KnowledgeDocument[]; next_cursor: string | null } = await callEndpoint(knowledgeEndpoints.listDocuments, { params: { subscriptionId }, query: { ...asked, ...(cursor === '' ? {} : { cursor }), limit: PAGE } });
    found.push(...page.data);
    cursor = page.next_cursor;
  }
  return found.slice(0, SELECTED_MAX);
}
