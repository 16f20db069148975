import { dataFrom, fieldsOf, isData, isList, plain, readMember } from '../../expression/data.ts';
import { NodeError } from '../node-error.ts';
import { callJmesFunction } from './jmes-path-functions.ts';
import { Reference } from './jmes-path-reference.ts';
import { parseJmesPath } from './jmes-path-syntax.ts';
import type { Comparison, Jmes } from './jmes-path-syntax.ts';

/** Values looked at or made in one query. */
const VISITS_MAX = 250_000;
const DEPTH_MAX = 200;

/** What a JMESPath gives for plain data; null where it finds nothing. Throws NodeError for a wrong expression, wrong arguments, and past the limit of work. */
export function queryJmesPath(expression: string, data: unknown): unknown {
  return new JmesRun().valueOf(parseJmesPath(expression), data);
}

/** One query with its budget. */
export class JmesRun {
  #visits = VISITS_MAX;

  valueOf(expression: Jmes, value: unknown): unknown {
    this.spend(1);
    switch (expression.kind) {
      case 'current': return value ?? null;
      case 'field': return (isData(value) ? readMember(value, expression.name) : undefined) ?? null;
      case 'literal': return expression.value;
      case 'then': return this.valueOf(expression.right, this.valueOf(expression.left, value));
      case 'index': return this.#index(value, expression.index);
      case 'slice': return this.#slice(value, expression);
      case 'flatten': return this.#flattened(this.valueOf(expression.left, value));
      case 'each': return this.#each(this.valueOf(expression.left, value), expression);
      case 'filter': return this.#filtered(this.valueOf(expression.left, value), expression);
      case 'or': { const left = this.valueOf(expression.left, value); return isTrue(left) ? left : this.valueOf(expression.right, value); }
      case 'and': { const left = this.valueOf(expression.left, value); return isTrue(left) ? this.valueOf(expression.right, value) : left; }
      case 'not': return !isTrue(this.valueOf(expression.of, value));
      case 'compare': return this.#compare(this.valueOf(expression.left, value), expression.operator, this.valueOf(expression.right, value));
      case 'list': return value === null || value === undefined ? null : expression.items.map((item) => this.#plainValue(item, value));
      case 'object': return value === null || value === undefined ? null : dataFrom(expression.entries.map(({ name, value: field }) => [name, this.#plainValue(field, value)]));
      case 'call': return callJmesFunction(this, expression.name, expression.args.map((arg) => this.valueOf(arg, value)));
      case 'reference': return new Reference((item) => this.valueOf(expression.of, item));
    }
  }

  spend(visits: number): void {
    this.#visits -= visits;
    if (this.#visits < 0) throw new NodeError('node-limit', 'The JMESPath takes too much work for this data.');
  }

  equal(left: unknown, right: unknown, depth = 0): boolean {
    this.spend(1);
    if (depth > DEPTH_MAX) return false;
    if (isList(left) && isList(right)) return left.length === right.length && left.every((item, index) => this.equal(plain(item), plain(right[index]), depth + 1));
    if (!isData(left) || !isData(right)) return left === right;
    const fields = fieldsOf(left);
    return fields.length === fieldsOf(right).length && fields.every(([name, field]) => Object.hasOwn(right, name) && this.equal(field, readMember(right, name), depth + 1));
  }

  /** A value that may become part of a result: a reference may not. */
  #plainValue(expression: Jmes, value: unknown): unknown {
    return plain(this.valueOf(expression, value)) ?? null;
  }

  #index(value: unknown, index: number): unknown {
    if (!isList(value)) return null;
    return plain(value.at(index)) ?? null;
  }

  #slice(value: unknown, { start, end, step }: Extract<Jmes, { kind: 'slice' }>): unknown {
    if (!isList(value)) return null;
    const by = step ?? 1;
    if (by === 0) throw new NodeError('node-config-invalid', 'The JMESPath has a slice with the step 0.');
    const { length } = value;
    const [low, high] = by > 0 ? [0, length] : [-1, length - 1];
    const place = (index: number): number => Math.min(Math.max(index < 0 ? index + length : index, low), high);
    const [from, to] = [start === null ? (by > 0 ? low : high) : place(start), end === null ? (by > 0 ? high : low) : place(end)];
    const cut: unknown[] = [];
    for (let i = from; by > 0 ? i < to : i > to; i += by) cut.push(plain(value[i]));
    this.spend(cut.length);
    return cut;
  }

  #flattened(value: unknown): unknown {
    if (!isList(value)) return null;
    const flat: unknown[] = [];
    for (const item of value) {
      if (!isList(item)) { flat.push(plain(item)); continue; }
      this.spend(item.length);
      for (const inner of item) flat.push(plain(inner));
    }
    this.spend(value.length);
    return flat;
  }

  #each(found: unknown, { of, right }: Extract<Jmes, { kind: 'each' }>): unknown {
    if (of === 'list') return isList(found) ? this.#collected(found, right) : null;
    return isData(found) ? this.#collected(fieldsOf(found).map(([, field]) => field), right) : null;
  }

  #filtered(found: unknown, { test, right }: Extract<Jmes, { kind: 'filter' }>): unknown {
    return isList(found) ? this.#collected(found.filter((item) => isTrue(this.valueOf(test, plain(item)))), right) : null;
  }

  #collected(items: readonly unknown[], right: Jmes): unknown[] {
    return items.flatMap((item) => { const made = this.#plainValue(right, plain(item)); return made === null ? [] : [made]; });
  }

  #compare(left: unknown, operator: Comparison, right: unknown): boolean | null {
    if (operator === '==' || operator === '!=') return this.equal(left, right) === (operator === '==');
    if (typeof left !== 'number' || typeof right !== 'number') return null;
    switch (operator) {
      case '<': return left < right;
      case '<=': return left <= right;
      case '>': return left > right;
      case '>=': return left >= right;
    }
  }
}

/** Everything but null, false and what is empty. */
function isTrue(value: unknown): boolean {
  if (value === null || value === undefined || value === false || value === '') return false;
  return isList(value) ? value.length > 0 : !isData(value) || Object.keys(value).length > 0;
}
