import { useRef } from 'react';
import type { CallInput, Output } from '#platform/contract/endpoint.ts';
import type { AnyEndpoint } from '#web/api/request.ts';
import { useEndpoint } from '#web/api/use-endpoint.ts';
import type { DocumentState } from '#modules/knowledge/contract.ts';

/** How often the page looks again, in milliseconds: while something moves, at most while it works unseen, and when nothing happens. */
const MOVING_MS = 1_200;
const WORKING_MS = 6_000;
const IDLE_MS = 20_000;
/** Each look that finds nothing new waits this much longer than the one before. */
const SLOWER = 1.4;

/** Whether a document is still on its way. */
export const inWork = ({ state }: { state: DocumentState }): boolean => state !== 'indexed' && state !== 'failed';

/** How long to wait for the next look. `unchanged`: looks in a row that found the same. */
export const lookAgainMs = (busy: boolean, unchanged: number): number => (busy ? Math.min(WORKING_MS, MOVING_MS * SLOWER ** unchanged) : IDLE_MS);

/**
 * Reads an endpoint again and again: often while `busy` says that something of the answer is on its way, less often the
 * longer it stays the same, seldom when nothing happens. A page in the background does not look.
 */
export const useWatched = <E extends AnyEndpoint>(endpoint: E, input: CallInput<E>, busy: (data: Output<E>) => boolean) => {
  const seen = useRef<{ data: unknown; since: number }>({ data: undefined, since: 0 });
  return useEndpoint(endpoint, input as never, {
    keepPrevious: true,
    // An answer that says the same is the same object: React Query keeps it.
    refetchMs: (data, answers) => {
      if (seen.current.data !== data) seen.current = { data, since: answers };
      return lookAgainMs(data !== undefined && busy(data), answers - seen.current.since);
    },
  });
};
