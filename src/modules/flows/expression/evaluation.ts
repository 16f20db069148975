import { ExpressionError } from './expression-error.ts';
import { LIST_ITEMS_MAX, TEXT_CHARS_MAX, WORK_MAX } from './limits.ts';
import type { Scope } from './scope.ts';

/** A compiled part of an expression. */
export type Run = (evaluation: Evaluation) => unknown;

/** One working-out of a template: what it may see, and how much work is left. */
export class Evaluation {
  readonly scope: Scope;
  /** Values of function parameters, by slot. */
  readonly locals: unknown[] = [];
  /** Set when a date was read or made: results that may hold one are turned into plain data. */
  dated = false;
  #work = WORK_MAX;

  constructor(scope: Scope) { this.scope = scope; }

  /** Throws when the evaluation has done too much. */
  work(units: number): void {
    this.#work -= units;
    if (this.#work < 0) throw new ExpressionError('The expression takes too much work');
  }

  /** Work on a text of that length. */
  read(chars: number): void { this.work(1 + chars / 16); }

  /** Called before a text of that length is made. */
  write(chars: number): void {
    this.fits(chars);
    this.work(1 + chars / 16);
  }

  /** Throws when a text is too long. */
  fits(chars: number): void {
    if (chars > TEXT_CHARS_MAX) throw new ExpressionError(`The expression makes a text longer than ${TEXT_CHARS_MAX} characters`);
  }

  /** Called before a list of that length is made. */
  list(items: number): void {
    if (items > LIST_ITEMS_MAX) throw new ExpressionError(`The expression makes a list of more than ${LIST_ITEMS_MAX} items`);
    this.work(1 + items);
  }
}

/** `x => …`, which only functions of lists are given. */
export class ListFunction {
  readonly #evaluation: Evaluation;
  readonly #slots: readonly number[];
  readonly #body: Run;
  readonly #parts: number;

  constructor(evaluation: Evaluation, slots: readonly number[], body: Run, parts: number) {
    this.#evaluation = evaluation;
    this.#slots = slots;
    this.#body = body;
    this.#parts = parts;
  }

  /** How many values it takes. */
  get parameters(): number { return this.#slots.length; }

  call(...values: readonly unknown[]): unknown {
    this.#evaluation.work(this.#parts);
    for (const [place, slot] of this.#slots.entries()) this.#evaluation.locals[slot] = values[place];
    return this.#body(this.#evaluation);
  }
}
