import { useEffect, useEffectEvent, useRef } from 'react';
import { useInvalidate } from '#web/api/use-endpoint.ts';
import { knowledgeEndpoints } from '#modules/knowledge/contract.ts';
import { sourceEndpoints } from '#modules/knowledge/sources/contract.ts';
import { useWatched } from '../use-watched.ts';
import { moves } from './source-words.ts';

/**
 * The sources of a knowledge base, looked at more often while one of them is read. What a reading adds shows at once in
 * everything else on the screen.
 */
export const useSources = (subscriptionId: string) => {
  const query = useWatched(sourceEndpoints.listSources, { params: { subscriptionId } }, ({ data }) => data.some(moves));
  const figures = query.data?.data.map(({ status, documents: { total, indexed, failed } }) => [status, total, indexed, failed].join(' ')).join('\n');
  const seen = useRef<string | undefined>(undefined);
  const invalidate = useInvalidate();
  const changed = useEffectEvent(() => { void invalidate(knowledgeEndpoints.status, knowledgeEndpoints.listDocuments); });
  useEffect(() => {
    if (seen.current !== undefined && seen.current !== figures) changed();
    seen.current = figures;
  }, [figures]);
  return query;
};
