import { useSyncExternalStore } from 'react';

/** What can be asked for from everywhere: the command palette and the list of keys. */
type Overlay = 'palette' | 'keys' | null;
let current: Overlay = null;
const listeners = new Set<() => void>();

const show = (next: Overlay): void => {
  current = next;
  for (const listener of listeners) listener();
};

export const showPalette = (): void => { show('palette'); };
export const showKeys = (): void => { show('keys'); };
export const hideOverlay = (): void => { show(null); };

export const useOverlay = (): Overlay =>
  useSyncExternalStore((listener) => { listeners.add(listener); return () => { listeners.delete(listener); }; }, () => current);
