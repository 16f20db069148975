import { Problem, problems as kernel } from '#platform/http/problem.ts';
import { problems as runtime } from '#modules/runtime/index.ts';

interface Bucket { tokens: number; at: number }

/** Names and sizes of the limits one request falls under. */
export interface Limit { name: string; perMinute: number }

/** Lets requests in at the rates and numbers they may come. */
export interface Admission {
  /** Takes one from each bucket, or from none; throws 429 with the time to wait. Returns how many the first has left. */
  take(limits: readonly Limit[]): number;
  /**
   * Takes a place among the requests in progress, in the order they came; waits while all are taken. Throws 429 when the
   * queue is full or the wait too long. Returns the release.
   */
  enter(name: string, placesMax: number, signal: AbortSignal): Promise<() => void>;
}

const BUCKETS_MAX = 100_000;
/** Requests that may wait for a place of one subscription, and how long. */
const QUEUE_MAX = 500;
const WAIT_MS = 30_000;

interface Room { inside: number; queue: (() => void)[] }

/**
 * Token buckets and counters in this process. With several replicas each admits its own share of bursts; the ledger
 * stays exact whatever is admitted.
 */
export function createAdmission(now: () => number = () => performance.now()): Admission {
  let buckets = new Map<string, Bucket>();
  const rooms = new Map<string, Room>();

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
    async enter(name, placesMax, signal) {
      const room = rooms.get(name) ?? { inside: 0, queue: [] };
      rooms.set(name, room);
      if (room.inside >= placesMax) await wait(room, placesMax, signal);
      else room.inside += 1;
      let left = false;
      return () => {
        if (left) return;
        left = true;
        // The place goes straight to whoever waits longest, so nobody can slip in between.
        const next = room.queue.shift();
        if (next) return next();
        room.inside -= 1;
        if (room.inside === 0) rooms.delete(name);
      };
    },
  };
}

async function wait(room: Room, placesMax: number, signal: AbortSignal): Promise<void> {
  const busy = () => new Problem(runtime.busy, `At most ${placesMax} requests at the same time.`, { headers: { 'retry-after': '5' } });
  if (room.queue.length >= QUEUE_MAX) throw busy();
  await new Promise<void>((resolve, reject) => {
    const give = () => { stop(); resolve(); };
    const giveUp = () => {
      stop();
      room.queue = room.queue.filter((entry) => entry !== give);
      reject(busy());
    };
    const timer = setTimeout(giveUp, WAIT_MS);
    const stop = () => { clearTimeout(timer); signal.removeEventListener('abort', giveUp); };
    signal.addEventListener('abort', giveUp, { once: true });
    room.queue.push(give);
  });
}
