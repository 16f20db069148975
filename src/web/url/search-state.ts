import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import type { z } from 'zod';

/** The text values of the current address. */
export const useRawSearch = (): Record<string, unknown> => {
  const search: Record<string, unknown> = useSearch({ strict: false });
  return search;
};

type Patch = Record<string, unknown>;

/** Changes parts of the address's search; `push` makes a step that Back undoes, otherwise the current step is replaced. */
export const useSetSearch = (): ((patch: Patch, options?: { push?: boolean }) => void) => {
  const navigate = useNavigate();
  return useCallback((patch, options) => {
    void navigate({
      to: '.', replace: options?.push !== true, resetScroll: false,
      // The tree of routes is not known to the types here; the value is plain text by name.
      search: ((before: Patch) => ({ ...before, ...patch })) as never,
    });
  }, [navigate]);
};

/**
 * The state of a screen, kept in its address. Every field of `schema` needs `.catch(…)`, since anybody can type an address:
 * `useSearchState(z.object({ tab: z.enum(['all', 'mine']).catch('all'), page: z.coerce.number().int().catch(1) }))`.
 * Declare the schema outside the component.
 */
export const useSearchState = <Schema extends z.ZodObject>(schema: Schema): [
  z.output<Schema>, (patch: Partial<z.output<Schema>>, options?: { push?: boolean }) => void,
] => {
  const raw = useRawSearch();
  const set = useSetSearch();
  const value = useMemo(() => schema.parse(raw), [schema, raw]);
  return [value, set];
};

/** A part of the address such as `org` in `/organizations/$org`. @throws if the route has none: a bug of the screen. */
export const useRouteParam = (name: string): string => {
  const params: Record<string, string | undefined> = useParams({ strict: false });
  const value = params[name];
  if (value === undefined) throw new Error(`This screen's address has no ${name}`);
  return value;
};
