import { useEffect, lazy, Suspense, useSyncExternalStore } from 'react';

/*
 * The command palette and the list of keys can be asked for from everywhere and are fetched when first asked for.
 */
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

const CommandPalette = lazy(() => import('./command-palette.tsx').then((module) => ({ default: module.CommandPalette })));
const KeysDialog = lazy(() => import('./keys-dialog.tsx').then((module) => ({ default: module.KeysDialog })));

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName));

/** Listens for Ctrl/Cmd-K and `?`, and draws what was asked for. */
export const Overlays = () => {
  const overlay = useSyncExternalStore((listener) => { listeners.add(listener); return () => { listeners.delete(listener); }; }, () => current);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if ((event.metaKey || event.ctrlKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        showPalette();
      } else if (event.key === '?' && !event.metaKey && !event.ctrlKey && !event.altKey && !isTyping(event.target)) showKeys();
    };
    document.addEventListener('keydown', press);
    return () => { document.removeEventListener('keydown', press); };
  }, []);
  return (
    <Suspense fallback={null}>
      {overlay === 'palette' && <CommandPalette />}
      {overlay === 'keys' && <KeysDialog />}
    </Suspense>
  );
};
