import type { CallInput, Output } from '#platform/contract/endpoint.ts';
import type { AnyEndpoint } from '#web/api/request.ts';
import { useEndpoint } from '#web/api/use-endpoint.ts';
import type { DocumentState } from '#modules/knowledge/contract.ts';

/** How often the page looks again while documents are processed, and when nothing seems to happen. */
const WATCH_MS = 1_500;
const LOOK_MS = 15_000;

/** Whether a document is still on its way. */
export const inWork = ({ state }: { state: DocumentState }): boolean => state !== 'indexed' && state !== 'failed';

/** Reads an endpoint, again and again while `busy` says that something of the answer is on its way. */
export const useWatched = <E extends AnyEndpoint>(endpoint: E, input: CallInput<E>, busy: (data: Output<E>) => boolean) => {
  const query = useEndpoint(endpoint, input as never, { keepPrevious: true, refetchMs: LOOK_MS });
  const watching = query.data !== undefined && busy(query.data);
  // A second reader of the same answer, only while there is something to watch.
  useEndpoint(endpoint, input as never, { enabled: watching, refetchMs: watching ? WATCH_MS : false, staleMs: 0 });
  return query;
};
