import { useSyncExternalStore } from 'react';

/*
 * The organization on whose behalf calls are made. It lives outside React because the API client and the router need it
 * before anything is drawn. The address decides it (`/organizations/<id>`); the last choice is remembered for pages
 * whose address names none.
 */
const REMEMBERED = 'acting-organization';

const read = (): string | null => {
  try { return localStorage.getItem(REMEMBERED); } catch { return null; }
};

let current: string | null = typeof localStorage === 'undefined' ? null : read();
const listeners = new Set<() => void>();

/** The id of the acting organization, or null before the first choice. */
export const actingOrganization = (): string | null => current;

/** Makes every following call act for `id`, and remembers it for the next visit. */
export const setActingOrganization = (id: string | null): void => {
  if (id === current) return;
  current = id;
  try {
    if (id === null) localStorage.removeItem(REMEMBERED);
    else localStorage.setItem(REMEMBERED, id);
  } catch { /* Storage is off: the choice holds until the page is closed. */ }
  for (const listener of listeners) listener();
};

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => { listeners.delete(listener); };
};

/** The same, for components. */
export const useActingOrganization = (): string | null => useSyncExternalStore(subscribe, actingOrganization);
