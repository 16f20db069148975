import { setTimeout as sleep } from 'node:timers/promises';

/** Lets requests begin one after the other with a pause between, for services that count them. Rejects with the signal's reason. */
export function inPace(pauseMs: number, signal: AbortSignal): <T>(request: () => Promise<T>) => Promise<T> {
  let earliest = 0;
  return async (request) => {
    const now = performance.now();
    const wait = earliest - now;
    earliest = Math.max(earliest, now) + pauseMs;
    if (wait > 0) await sleep(wait, undefined, { signal }).catch(() => { signal.throwIfAborted(); });
    return request();
  };
}
