import { linearRegex } from '../text/linear-regex.ts';
import { PatternError } from '../text/regex-pattern.ts';
import { JsonPathError, parseJsonPath } from './json-path-syntax.ts';
import { fieldsOf, isData, isList, plain, readMember } from './plain-data.ts';
import type { Call, Comparison, Operand, PathQuery, Segment, Selector, Test } from './json-path-syntax.ts';

/** Values looked at in one query. */
const VISITS_MAX = 250_000;
const FOUND_MAX = 100_000;
const DEPTH_MAX = 200;

/** What a filter compares when a query finds nothing; equal only to itself. */
const NOTHING = Symbol('nothing');

/** A path that was read. */
export interface JsonPath {
  /** Every value it finds in plain data, in document order. Throws JsonPathError past the limits of work. */
  find(data: unknown): readonly unknown[];
}

/** Reads a JSONPath (RFC 9535). Nothing of it is evaluated as code. Throws JsonPathError with the place for a wrong one. */
export function compileJsonPath(path: string): JsonPath {
  const query = parseJsonPath(path);
  return {
    find: (data) => {
      try {
        return new PathRun(data).find(query, data);
      } catch (error) {
        throw error instanceof PatternError ? new JsonPathError('wrong', error.message, { cause: error }) : error;
      }
    },
  };
}

class PathRun {
  readonly #root: unknown;
  #visits = VISITS_MAX;

  constructor(root: unknown) { this.#root = root; }

  find({ from, segments }: PathQuery, current: unknown): readonly unknown[] {
    this.#spend(5);
    return segments.reduce<readonly unknown[]>((found, segment) => this.#step(found, segment), [from === 'root' ? this.#root : current]);
  }

  #step(values: readonly unknown[], { descendants, selectors }: Segment): unknown[] {
    const found: unknown[] = [];
    for (const value of values) this.#select(value, selectors, descendants, found, 0);
    return found;
  }

  #select(value: unknown, selectors: readonly Selector[], descendants: boolean, found: unknown[], depth: number): void {
    if (depth > DEPTH_MAX) throw new JsonPathError('limit', `Data nested deeper than ${DEPTH_MAX} levels is not searched.`);
    for (const selector of selectors) {
      for (const one of this.#selected(value, selector)) {
        if (found.push(one) > FOUND_MAX) throw new JsonPathError('limit', `The JSONPath finds more than ${FOUND_MAX} values.`);
      }
    }
    if (descendants) for (const child of this.#children(value)) this.#select(child, selectors, true, found, depth + 1);
  }

  #selected(value: unknown, selector: Selector): readonly unknown[] {
    this.#spend(1);
    switch (selector.kind) {
      case 'name': {
        const field = isData(value) ? readMember(value, selector.name) : undefined;
        return field === undefined ? [] : [field];
      }
      case 'index': {
        if (!isList(value)) return [];
        const index = selector.index < 0 ? value.length + selector.index : selector.index;
        return index >= 0 && index < value.length ? [plain(value[index])] : [];
      }
      case 'slice': return isList(value) ? this.#slice(value, selector) : [];
      case 'all': return this.#children(value);
      case 'filter': return this.#children(value).filter((child) => this.#holds(selector.test, child));
    }
  }

  #children(value: unknown): readonly unknown[] {
    const children = isList(value) ? value.map(plain) : isData(value) ? fieldsOf(value).map(([, field]) => field).filter((field) => field !== undefined) : [];
    this.#spend(children.length * 2);
    return children;
  }

  #slice(list: readonly unknown[], { start, end, step }: Extract<Selector, { kind: 'slice' }>): unknown[] {
    const { length } = list;
    const place = (index: number): number => (index < 0 ? length + index : index);
    const cut: unknown[] = [];
    if (step > 0) {
      const to = Math.min(Math.max(place(end ?? length), 0), length);
      for (let i = Math.min(Math.max(place(start ?? 0), 0), length); i < to; i += step) cut.push(plain(list[i]));
    } else if (step < 0) {
      const to = Math.min(Math.max(end === null ? -1 : place(end), -1), length - 1);
      for (let i = Math.min(Math.max(place(start ?? length - 1), -1), length - 1); i > to; i += step) cut.push(plain(list[i]));
    }
    this.#spend(cut.length);
    return cut;
  }

  #holds(test: Test, current: unknown): boolean {
    this.#spend(1);
    switch (test.kind) {
      case 'or': return test.tests.some((one) => this.#holds(one, current));
      case 'and': return test.tests.every((one) => this.#holds(one, current));
      case 'not': return !this.#holds(test.test, current);
      case 'exists': return this.find(test.query, current).length > 0;
      case 'compare': return this.#compare(this.#valueOf(test.left, current), test.operator, this.#valueOf(test.right, current));
      case 'call': return this.#called(test.call, current) === true;
    }
  }

  #valueOf(operand: Operand, current: unknown): unknown {
    switch (operand.kind) {
      case 'literal': return operand.value;
      case 'call': return this.#called(operand.call, current);
      case 'query': { const [found = NOTHING] = this.find(operand.query, current); return found; }
    }
  }

  #called({ name, args }: Call, current: unknown): unknown {
    const [first, second] = args;
    if (name === 'count' || name === 'value') {
      const found = first?.kind === 'query' ? this.find(first.query, current) : [];
      return name === 'count' ? found.length : found.length === 1 ? found[0] : NOTHING;
    }
    const value = first ? this.#valueOf(first, current) : NOTHING;
    if (name === 'length') return typeof value === 'string' ? [...value].length : isList(value) ? value.length : isData(value) ? fieldsOf(value).length : NOTHING;
    const pattern = second ? this.#valueOf(second, current) : NOTHING;
    if (typeof value !== 'string' || typeof pattern !== 'string') return false;
    const regex = linearRegex(name === 'match' ? `^(?:${pattern})$` : pattern, false);
    return regex.find(value, 0, (visits) => { this.#spend(visits); }) !== null;
  }

  #compare(left: unknown, operator: Comparison, right: unknown): boolean {
    const equal = (): boolean => this.#equal(left, right, 0);
    const less = (a: unknown, b: unknown): boolean => (typeof a === 'number' && typeof b === 'number') || (typeof a === 'string' && typeof b === 'string') ? a < b : false;
    switch (operator) {
      case '==': return equal();
      case '!=': return !equal();
      case '<': return less(left, right);
      case '>': return less(right, left);
      case '<=': return less(left, right) || equal();
      case '>=': return less(right, left) || equal();
    }
  }

  #equal(left: unknown, right: unknown, depth: number): boolean {
    this.#spend(1);
    if (depth > DEPTH_MAX) return false;
    if (isList(left) && isList(right)) return left.length === right.length && left.every((item, index) => this.#equal(plain(item), plain(right[index]), depth + 1));
    if (!isData(left) || !isData(right)) return left === right;
    const fields = fieldsOf(left);
    return fields.length === fieldsOf(right).length && fields.every(([name, field]) => Object.hasOwn(right, name) && this.#equal(field, readMember(right, name), depth + 1));
  }

  #spend(visits: number): void {
    this.#visits -= visits;
    if (this.#visits < 0) throw new JsonPathError('limit', 'The JSONPath takes too much work for this data.');
  }
}
