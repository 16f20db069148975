/** Numbers between 0 and 1 that look random and are the same every time. */
export function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

const WRONG: readonly unknown[] = [null, 0, -1, 1e308, '', 'x', '{{', '{{ x', '{{#', '{{#a.b#}}', '{% if %}', true, [], {}, [null], [[1]], '{{ a.data.instance }}', '<p>{{ start }}</p>', 'x'.repeat(5_000), ['__proto__'], { constructor: 1 }];

/** A copy in which some parts are gone and others are something else. */
export function damaged(value: unknown, next: () => number, rate: number): unknown {
  if (next() < rate) return WRONG[Math.floor(next() * WRONG.length)];
  if (Array.isArray(value)) return value.filter(() => next() > rate / 2).map((one: unknown) => damaged(one, next, rate));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(() => next() > rate / 2).map(([key, one]) => [next() < rate / 4 ? '__proto__x' : key, damaged(one, next, rate)]));
}
