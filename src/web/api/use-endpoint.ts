import {
  keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient,
  type QueryClient, type QueryKey, type UseMutationResult, type UseQueryResult,
} from '@tanstack/react-query';
import type { CallInput, Output } from '#platform/contract/endpoint.ts';
import { actingOrganization, useActingOrganization } from '#web/session/acting-organization.ts';
import { callEndpoint } from './call-endpoint.ts';
import type { ApiProblem } from './problem.ts';
import { rawInput, type AnyEndpoint } from './request.ts';

/** `[GET /api/v1/products, organization, input]`: one entry per endpoint, organization and input. */
export const endpointKey = (endpoint: AnyEndpoint, input: unknown, organizationId: string | null): QueryKey => {
  const { params = {}, query = {} } = rawInput(input);
  return [`${endpoint.method} ${endpoint.path}`, organizationId, params, query];
};

/** `CallInput` where an endpoint without any input may be called with nothing. */
type InputArgument<E> = unknown extends CallInput<E> ? CallInput<E> | undefined : CallInput<E>;

export interface ReadOptions<Data = unknown> {
  /** False holds the call back, for example until another answer is there. */
  enabled?: boolean;
  /** How long an answer counts as fresh, in milliseconds; 15 seconds unless told. */
  staleMs?: number;
  /** Asks again this often, in milliseconds, while the page is visible; false stops. A function decides by the answer and how many came before. */
  refetchMs?: number | false | ((data: Data | undefined, answers: number) => number | false);
  /** Shows the previous page or filter's rows while the next ones load. */
  keepPrevious?: boolean;
  /** Acts for this organization instead of the session's. */
  organizationId?: string | null;
}

/** What React Query needs to fetch an endpoint: for `useQueries`, prefetching and route loaders. */
export const endpointQuery = <E extends AnyEndpoint>(endpoint: E, input: InputArgument<E>, organizationId: string | null = actingOrganization()) => ({
  queryKey: endpointKey(endpoint, input, organizationId),
  // An endpoint whose input is `unknown` is called with nothing; `?? {}` is then its whole input.
  queryFn: ({ signal }: { signal: AbortSignal }): Promise<Output<E>> =>
    callEndpoint(endpoint, (input ?? {}) as CallInput<E>, { organizationId, signal }),
});

/** Reads a GET endpoint. `useEndpoint(catalogEndpoints.product, { params: { productId } })` */
export const useEndpoint = <E extends AnyEndpoint>(
  endpoint: E, input?: InputArgument<E>, options: ReadOptions<Output<E>> = {},
): UseQueryResult<Output<E>, ApiProblem> => {
  const acting = useActingOrganization();
  const organizationId = options.organizationId === undefined ? acting : options.organizationId;
  const { refetchMs } = options;
  return useQuery<Output<E>, ApiProblem>({
    ...endpointQuery(endpoint, input as InputArgument<E>, organizationId),
    enabled: options.enabled,
    staleTime: options.staleMs,
    refetchInterval: typeof refetchMs === 'function' ? ({ state }) => refetchMs(state.data, state.dataUpdateCount) : refetchMs,
    placeholderData: options.keepPrevious ? keepPreviousData : undefined,
  });
};

/** A list endpoint's answer, as `page()` of the contract declares it. */
interface PageAnswer<Row> { data: Row[]; next_cursor: string | null }
type RowOf<E> = Output<E> extends PageAnswer<infer Row> ? Row : never;

/** Reads a cursor list page by page, for "Load more" and feeds; `rows` holds all pages read so far. */
export const useEndpointPages = <E extends AnyEndpoint>(endpoint: E, input?: InputArgument<E>, options: ReadOptions = {}) => {
  const acting = useActingOrganization();
  const organizationId = options.organizationId === undefined ? acting : options.organizationId;
  const query = useInfiniteQuery<PageAnswer<RowOf<E>>, ApiProblem, { pages: PageAnswer<RowOf<E>>[] }, QueryKey, string | null>({
    queryKey: ['pages', ...endpointKey(endpoint, input, organizationId)],
    queryFn: async ({ pageParam, signal }) => {
      const raw = rawInput(input);
      const withCursor = { ...raw, query: { ...raw.query, ...(pageParam === null ? {} : { cursor: pageParam }) } };
      // The cursor is part of every list's query; the generic type cannot say so.
      return await callEndpoint(endpoint, withCursor as CallInput<E>, { organizationId, signal }) as PageAnswer<RowOf<E>>;
    },
    initialPageParam: null,
    getNextPageParam: (last) => last.next_cursor,
    enabled: options.enabled,
    staleTime: options.staleMs,
  });
  return { ...query, rows: query.data?.pages.flatMap((page) => page.data) ?? [] };
};

/** Makes every cached answer of `endpoint`, whatever its input, be asked again. */
export const invalidateEndpoint = async (client: QueryClient, endpoint: AnyEndpoint): Promise<void> => {
  const name = `${endpoint.method} ${endpoint.path}`;
  await client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] === name || (queryKey[0] === 'pages' && queryKey[1] === name) });
};

export interface ChangeOptions<E> {
  /** The GET endpoints whose answers this call makes old. */
  invalidates?: readonly AnyEndpoint[];
  onSuccess?: (output: Output<E>, input: CallInput<E>) => void;
  onError?: (problem: ApiProblem) => void;
}

/** Calls an endpoint that changes something: `const issue = useCall(e.issue, { invalidates: [e.list] }); issue.mutateAsync({ body })`. */
export const useCall = <E extends AnyEndpoint>(endpoint: E, options: ChangeOptions<E> = {}): UseMutationResult<Output<E>, ApiProblem, CallInput<E>> => {
  const client = useQueryClient();
  return useMutation<Output<E>, ApiProblem, CallInput<E>>({
    mutationFn: (input) => callEndpoint(endpoint, input),
    onSuccess: async (output, input) => {
      options.onSuccess?.(output, input);
      await Promise.all((options.invalidates ?? []).map((read) => invalidateEndpoint(client, read)));
    },
    onError: options.onError,
  });
};

/** `(endpoint, …) => Promise` that makes cached answers old, for what is not a `useCall` (uploads, streams). */
export const useInvalidate = () => {
  const client = useQueryClient();
  return (...endpoints: AnyEndpoint[]) => Promise.all(endpoints.map((endpoint) => invalidateEndpoint(client, endpoint)));
};
