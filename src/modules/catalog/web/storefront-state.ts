import { useDeferredValue } from 'react';
import { z } from 'zod';
import { useRawSearch, useSearchState, useSetSearch } from '#web/url/search-state.ts';
import type { CardActions } from './product-card.tsx';

/** Most products beside each other in a comparison; more would not fit a screen. */
export const COMPARED_MAX = 4;

/** The products named in an address, at most {@link COMPARED_MAX}; what cannot be one is left out. */
export const readSlugs = (text: unknown): readonly string[] =>
  (typeof text === 'string' ? [...new Set(text.slice(0, 400).split(',').filter((slug) => /^[a-z0-9-]{3,80}$/.test(slug)))].slice(0, COMPARED_MAX) : []);

/**
 * What is open above a page of the storefront, as its address says it: `try` names the product whose demo is open,
 * `subscribe` the plan being bought (`choose` before one is chosen) and `product` its product where the page is not that
 * of the product itself.
 */
export const OverlayAddress = z.object({ try: z.string().max(80).catch(''), subscribe: z.string().max(80).catch(''), product: z.string().max(80).catch(''), cycle: z.string().catch('') });

/** The plan is still to be chosen. */
export const CHOOSE = 'choose';

/** Opens and closes what lies above the page. */
export const useOverlays = () => {
  const [{ try: tried, subscribe, product, cycle }, set] = useSearchState(OverlayAddress);
  return {
    tried, subscribe, product, cycle: cycle === 'yearly' ? 'yearly' as const : 'monthly' as const,
    openDemo: (slug: string) => { set({ try: slug }, { push: true }); },
    /** `product` only where the page is another one than that of the product. */
    openSubscribe: (plan: { id?: string; cycle?: 'monthly' | 'yearly'; product?: string }) => {
      set({ try: '', subscribe: plan.id ?? CHOOSE, product: plan.product ?? '', cycle: plan.cycle === 'yearly' ? 'yearly' : '' }, { push: true });
    },
    /** Another plan in the open dialog. */
    setPlan: (id: string, next: 'monthly' | 'yearly') => { set({ subscribe: id, cycle: next === 'yearly' ? 'yearly' : '' }); },
    close: () => { set({ try: '', subscribe: '', product: '', cycle: '' }); },
  };
};

/**
 * `opened`, one drawing later. A dialog that is drawn open for the first time does not know what had the focus before it;
 * one that is drawn closed and then opens does, and gives the focus back.
 */
export const useOpenedAfterMount = (opened: boolean): boolean => useDeferredValue(opened, false);

/** The products chosen for comparison. */
export const useCompared = () => {
  const compared = readSlugs(useRawSearch().compare);
  const set = useSetSearch();
  const write = (next: readonly string[]) => { set({ compare: next.join(',') }); };
  return {
    compared, clear: () => { write([]); },
    toggle: (slug: string) => { write(compared.includes(slug) ? compared.filter((other) => other !== slug) : [...compared, slug].slice(-COMPARED_MAX)); },
  };
};

/** What the buttons of a card do. */
export const useCardActions = (): CardActions => {
  const { openDemo, openSubscribe } = useOverlays();
  const { compared, toggle } = useCompared();
  return {
    onTry: ({ slug }) => { openDemo(slug); },
    onAdd: ({ slug }) => { openSubscribe({ product: slug }); },
    compared, onCompare: ({ slug }) => { toggle(slug); },
  };
};
