import { createContext, useContext } from 'react';
import { useRouteParam } from '#web/url/search-state.ts';
import { buyerPaths } from '#web/url/paths.ts';
import type { Subscription } from '#modules/subscriptions/contract.ts';

/** The product whose pages are open; handed down by the frame, which has loaded it. */
export const SubscriptionContext = createContext<Subscription | null>(null);

/** The product one is looking at. @throws outside its frame: a bug of the screen. */
export const useSubscription = (): Subscription => {
  const subscription = useContext(SubscriptionContext);
  if (subscription === null) throw new Error('This screen belongs inside the frame of a product');
  return subscription;
};

/** Addresses of the pages of this product: `path()` is its overview, `path('keys')` a tab. */
export const useProductPath = (): ((tab?: string) => string) => {
  const organization = useRouteParam('org');
  const { id } = useSubscription();
  return (tab) => (tab === undefined || tab === '' ? buyerPaths.subscription(organization, id) : buyerPaths.subscriptionTab(organization, id, tab));
};
