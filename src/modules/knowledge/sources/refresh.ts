import type { RefreshInterval } from './contract.ts';

/** From the most to the least often. */
const ORDER = ['realtime', 'hourly', 'daily', 'weekly', 'monthly', 'never'] as const satisfies readonly RefreshInterval[];

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const EVERY_MS: Readonly<Record<RefreshInterval, number | null>> = { realtime: MINUTE, hourly: HOUR, daily: 24 * HOUR, weekly: 7 * 24 * HOUR, monthly: 30 * 24 * HOUR, never: null };
/** After failures it is tried again later and later, but at least once a day. */
const RETRY_FIRST_MS = 5 * MINUTE;
const RETRY_MAX_MS = 24 * HOUR;

/** What a source may be set to where `fastest` is the most that is included. */
export const refreshChoices = (fastest: RefreshInterval): RefreshInterval[] => ORDER.slice(ORDER.indexOf(fastest)).toReversed();

export const isIncluded = (refresh: RefreshInterval, fastest: RefreshInterval): boolean => ORDER.indexOf(refresh) >= ORDER.indexOf(fastest);

/**
 * When a source is read next; null: only when somebody asks. A reading that failed is repeated sooner than the interval,
 * with growing pauses, unless the source is read by hand only. `tells`: the source tells of changes by itself, so that
 * looking is for what was missed.
 */
export function nextSync(now: Date, refresh: RefreshInterval, failures: number, tells = false): Date | null {
  const every = refresh === 'realtime' && tells ? HOUR : EVERY_MS[refresh];
  if (every === null) return null;
  const pause = failures === 0 ? every : Math.min(Math.max(RETRY_FIRST_MS * 2 ** Math.min(failures - 1, 12), Math.min(every, RETRY_FIRST_MS)), RETRY_MAX_MS);
  return new Date(now.getTime() + pause);
}
