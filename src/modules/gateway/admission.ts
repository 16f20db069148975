import { Problem, problems as kernel } from '#platform/http/problem.ts';
import { problems as runtime } from '#modules/runtime/index.ts';

interface Bucket { tokens: number; at: number }

/** Names and sizes of the limits one request falls under. */
export interface Limit { name: string; perMinute: number }

/** Lets requests in at the rates and numbers they may come. */
export interface Admission {
  /** Takes one from each bucket, or from none; throws 429 with the time to wait. Returns how many the first has left. */
  take(limits: readonly Limit[]): number;
  /** Takes a place among the requests in progress; throws 429 when all are taken. Returns the release. */
  enter(name: string, placesMax: number): () => void;
}

const BUCKETS_MAX = 100_000;

/**
 * Token buckets and counters in this process. With several replicas each admits its own share of bursts; the ledger
 * stays exact whatever is admitted.
 */
export function createAdmission(now: () => number = () => performance.now()): Admission {
  let buckets = new Map<string, Bucket>();
  const inside = new Map<string, number>();

  const refill = ({ name, perMinute }: Limit): Bucket => {
    const time = now();
    const known = buckets.get(name);
    const tokens = known ? Math.min(perMinute, known.tokens + ((time - known.at) / 60_000) * perMinute) : perMinute;
    const bucket = { tokens, at: time };
    if (buckets.size >= BUCKETS_MAX) buckets = new Map();
    buckets.set(name, bucket);
    return bucket;
  };

  return {
    take(limits) {
      const taken = limits.map((limit) => ({ limit, bucket: refill(limit) }));
      const empty = taken.find(({ bucket }) => bucket.tokens < 1);
      if (empty) {
        const seconds = Math.ceil(((1 - empty.bucket.tokens) / empty.limit.perMinute) * 60);
        throw new Problem(kernel['rate-limited'], `At most ${empty.limit.perMinute} requests a minute. Try again in ${seconds} s.`, { headers: { 'retry-after': String(seconds) } });
      }
      for (const { bucket } of taken) bucket.tokens -= 1;
      return Math.floor(taken[0]?.bucket.tokens ?? 0);
    },
    enter(name, placesMax) {
      const count = inside.get(name) ?? 0;
      if (count >= placesMax) throw new Problem(runtime.busy, `At most ${placesMax} requests at the same time.`, { headers: { 'retry-after': '1' } });
      inside.set(name, count + 1);
      let left = false;
      return () => {
        if (left) return;
        left = true;
        const remaining = (inside.get(name) ?? 1) - 1;
        if (remaining <= 0) inside.delete(name);
        else inside.set(name, remaining);
      };
    },
  };
}
