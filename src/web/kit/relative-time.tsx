import { useSyncExternalStore } from 'react';
import { formatExact, formatRelative } from './format.ts';

// One clock for the whole page: every shown time moves on together, twice a minute.
let now = Date.now();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | null = null;

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const tell of listeners) tell();
  }, 30_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0 && timer !== null) { clearInterval(timer); timer = null; }
  };
};

/** `3 minutes ago`, with the exact time on hover. `value` is an ISO time; null shows `empty`. */
export const RelativeTime = ({ value, empty = '–' }: { value: string | null; empty?: string }) => {
  const current = useSyncExternalStore(subscribe, () => now);
  if (value === null) return <>{empty}</>;
  const time = new Date(value);
  if (Number.isNaN(time.getTime())) return <>{empty}</>;
  // What was made a moment after the last tick is not in the future.
  const reference = new Date(Math.max(current, Math.min(time.getTime(), current + 30_000)));
  // The browser's own hint: a floating one per row would cost a long table, and the storefront a library.
  return <time dateTime={value} title={formatExact(time)}>{formatRelative(time, reference)}</time>;
};
