import { useSyncExternalStore } from 'react';

/** What can be asked for from everywhere: how often the command palette was, and whether the list of keys is open. */
interface Overlays { palette: number; keys: boolean }
let current: Overlays = { palette: 0, keys: false };
const listeners = new Set<() => void>();

const set = (change: Partial<Overlays>): void => {
  current = { ...current, ...change };
  for (const listener of listeners) listener();
};

export const showPalette = (): void => { set({ palette: current.palette + 1 }); };
export const showKeys = (): void => { set({ keys: true }); };
export const hideKeys = (): void => { set({ keys: false }); };

export const useOverlays = (): Overlays =>
  useSyncExternalStore((listener) => { listeners.add(listener); return () => { listeners.delete(listener); }; }, () => current);
