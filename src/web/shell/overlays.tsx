import { lazy, Suspense, useEffect } from 'react';
import { showKeys, showPalette, useOverlays } from './overlay-state.ts';

// Fetched when first asked for.
const CommandPalette = lazy(() => import('./command-palette.tsx').then((module) => ({ default: module.CommandPalette })));
const KeysDialog = lazy(() => import('./keys-dialog.tsx').then((module) => ({ default: module.KeysDialog })));

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName));

/** Listens for Ctrl/Cmd-K and `?`, and draws what was asked for. */
export const Overlays = () => {
  const { palette, keys } = useOverlays();
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
      {palette > 0 && <CommandPalette asked={palette} />}
      {keys && <KeysDialog />}
    </Suspense>
  );
};
