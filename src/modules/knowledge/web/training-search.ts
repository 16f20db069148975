import { z } from 'zod';
import { useRouteParam, useSearchState } from '#web/url/search-state.ts';
import { buyerPaths } from '#web/url/paths.ts';

/** The parts of the screen, in the order people see them. */
export const PARTS = ['sources', 'documents', 'pairs', 'questions', 'settings', 'test'] as const;
export type Part = (typeof PARTS)[number];

/**
 * What the screen's address holds beside the table's own state. `add`: which dialog for adding is open (`text`, `pair`,
 * `import`, or a kind of source); `open`: the source whose settings are.
 */
const Search = z.object({ part: z.enum(PARTS).catch('sources'), add: z.string().catch(''), open: z.string().catch('') });

export interface TrainingPlace {
  part: Part;
  add: string;
  open: string;
  /** The address of a part, with further parameters. */
  to: (part: Part, more?: Readonly<Record<string, string>>) => string;
  /** Opens or closes a dialog; Back closes it too. */
  setAdd: (add: string) => void;
  setOpen: (sourceId: string) => void;
}

/** Where one is on the Training screen, kept in its address. */
export const useTrainingPlace = (): TrainingPlace => {
  const [{ part, add, open }, set] = useSearchState(Search);
  const screen = buyerPaths.subscriptionTab(useRouteParam('org'), useRouteParam('sub'), 'training');
  return {
    part, add, open,
    to: (name, more = {}) => `${screen}?${new URLSearchParams({ part: name, ...more }).toString()}`,
    setAdd: (next) => { set({ add: next }, { push: next !== '' }); },
    setOpen: (next) => { set({ open: next }, { push: next !== '' }); },
  };
};
