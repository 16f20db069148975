import { isRecord, read, readText } from '../plain.ts';

const HOPS_MAX = 20;

/** Follows `$ref` inside one document. Only `#/…` is followed; files and addresses are remembered and never opened. */
export class LocalRefs {
  /** References to other files and addresses, as written. */
  readonly external = new Set<string>();
  /** References to places the document does not have. */
  readonly missing = new Set<string>();
  readonly #root: unknown;
  readonly #found = new Map<string, unknown>();

  constructor(root: unknown) {
    this.#root = root;
  }

  /**
   * A value, or what its `$ref` leads to, chains included; keys beside the reference win over those behind it. Undefined
   * for a reference that leads outside, nowhere, or in a circle. `visited` is told every reference on the way.
   */
  resolve(value: unknown, visited?: (ref: string) => void): unknown {
    let current = value;
    for (let hop = 0; hop < HOPS_MAX; hop += 1) {
      const ref = readText(current, '$ref');
      if (ref === null) return current;
      visited?.(ref);
      const target = this.#lookUp(ref);
      if (target === undefined) return undefined;
      current = isRecord(current) && isRecord(target) && Object.keys(current).length > 1 ? { ...target, ...withoutRef(current), ...refOf(target) } : target;
    }
    return undefined;
  }

  #lookUp(ref: string): unknown {
    if (this.#found.has(ref)) return this.#found.get(ref);
    const target = this.#find(ref);
    this.#found.set(ref, target);
    return target;
  }

  /** A JSON pointer in a fragment (RFC 6901, section 6). */
  #find(ref: string): unknown {
    if (!ref.startsWith('#')) {
      this.external.add(ref.slice(0, 200));
      return undefined;
    }
    let current = this.#root;
    for (const step of ref === '#' ? [] : ref.slice(1).split('/').slice(1)) {
      const key = decoded(step).replaceAll('~1', '/').replaceAll('~0', '~');
      current = Array.isArray(current) ? current[/^\d{1,6}$/.test(key) ? Number(key) : -1] : read(current, key);
    }
    const found = ref === '#' || ref.startsWith('#/') ? current : undefined;
    if (found === undefined) this.missing.add(ref.slice(0, 200));
    return found;
  }
}

function decoded(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    return step;
  }
}

const withoutRef = (value: Record<string, unknown>): Record<string, unknown> => Object.fromEntries(Object.entries(value).filter(([key]) => key !== '$ref'));

/** A chain goes on where the target is itself a reference. */
const refOf = (target: Record<string, unknown>): Record<string, unknown> => (typeof target['$ref'] === 'string' ? { $ref: target['$ref'] } : {});
