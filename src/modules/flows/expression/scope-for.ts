import type { NodeContext, Value } from '../node-type.ts';
import { ancestorIn, itemsOf } from '../nodes/items.ts';
import { dataOf, textOf } from '../nodes/values.ts';
import type { Scope, StepView } from './scope.ts';

/** What the expressions of a node see while it works on `items[index]`; `item` replaces that one, e.g. by the whole value. */
export function scopeFor(context: NodeContext, items: readonly unknown[], index: number, item: unknown = items[index], loop?: Scope['loop']): Scope {
  return {
    item, index, items,
    input: { text: context.input.text, data: context.input.data, files: context.input.files },
    steps: (id) => {
      const outputs = context.step?.(id);
      return outputs && new StepOutputs(outputs, index, items[index]);
    },
    parameters: context.parameters,
    state: context.state ?? NO_STATE,
    now: context.now(),
    loop,
  };
}

const NO_STATE: ReadonlyMap<string, unknown> = new Map();

/** A step's values, turned into plain data only as far as they are asked for. */
class StepOutputs implements StepView {
  readonly #outputs: Readonly<Record<string, Value>>;
  readonly #index: number;
  readonly #current: unknown;

  constructor(outputs: Readonly<Record<string, Value>>, index: number, current: unknown) {
    this.#outputs = outputs;
    this.#index = index;
    this.#current = current;
  }

  /** Its item that the current one is or was made of; else the one at the same index, else its first. */
  get item(): unknown {
    const { items } = this;
    if (items.length <= 1) return items[0];
    return ancestorIn(this.#current, items) ?? (this.#index < items.length ? items[this.#index] : items[0]);
  }

  get items(): readonly unknown[] { return itemsOf(this.#main); }
  get text(): string { return textOf(this.#main); }
  get json(): unknown { return dataOf(this.#main); }

  get outputs(): Readonly<Record<string, unknown>> {
    return Object.fromEntries(Object.entries(this.#outputs).flatMap(([port, value]) => (hasData(value) ? [[port, dataOf(value)]] : [])));
  }

  /** The first port with data; what a step says about its failure only where there is nothing else. */
  get #main(): Value | undefined {
    const ports = Object.entries(this.#outputs).filter(([, value]) => hasData(value));
    return (ports.find(([port]) => port !== 'error') ?? ports[0])?.[1];
  }
}

const hasData = (value: Value): boolean => value.kind !== 'tool' && value.kind !== 'none' && value.kind !== 'stream';
