import { isRecord } from '../../plain.ts';

const STRANGE: readonly unknown[] = [null, true, 0, -1.5, '', 'x', '$ref', '\u0000\ud800', [], [[]], {}, { $ref: '#/' }, { $ref: 'file:///x' }, { type: 'object', properties: null }, ['__proto__'], 1e308];

/** Copies of a document, each with a few parts deleted or replaced by something of another kind. The same for the same seed. */
export function* mutations(document: unknown, count: number, seed: number): Generator<unknown> {
  const random = generator(seed);
  for (let made = 0; made < count; made += 1) {
    const copy: unknown = structuredClone(document);
    for (let change = 0; change <= random(3); change += 1) damage(copy, random);
    yield copy;
  }
}

function damage(root: unknown, random: (below: number) => number): void {
  let place = root;
  for (let depth = random(9); depth >= 0; depth -= 1) {
    const entries = isRecord(place) ? Object.entries(place) : Array.isArray(place) ? [...place.entries()] : [];
    const [key, value] = entries[random(Math.max(1, entries.length))] ?? [];
    if (key === undefined) return;
    if (depth > 0 && typeof value === 'object' && value !== null) place = value;
    else {
      const replacement = structuredClone(STRANGE[random(STRANGE.length)]);
      if (isRecord(place) && random(3) === 0) delete place[String(key)];
      else if (isRecord(place)) place[String(key)] = replacement;
      else if (Array.isArray(place)) place.splice(Number(key), random(2), replacement);
      return;
    }
  }
}

/** A linear congruential generator: tests have to repeat. */
function generator(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
