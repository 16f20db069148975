import { z } from 'zod';
import { scopeFor } from '../expression/scope-for.ts';
import type { Scope } from '../expression/scope.ts';
import type { NodeContext, Value } from '../node-type.ts';
import { itemsOf, listOf, madeOf, wholeOf } from './items.ts';
import { json } from './define-node.ts';

/** The setting of nodes that can work on every item or on the whole value; see `items.ts`. */
export const eachSetting = (standard: boolean) =>
  z.boolean().default(standard).meta({ title: 'For every item', description: 'Works on every item of a list by itself. Otherwise once, on the whole value.' });

/** Does `work` for every item, or once for the whole value, and puts the results together: a list, or the one result. */
export function mapItems(context: NodeContext, value: Value | undefined, each: boolean, work: (item: unknown, scope: Scope) => unknown): Value {
  if (!each) {
    const whole = wholeOf(value);
    return json(work(whole, scopeFor(context, itemsOf(value), 0, whole)));
  }
  const items = itemsOf(value);
  return listOf(items.map((item, index) => {
    if (index % ITEMS_PER_CHECK === ITEMS_PER_CHECK - 1) context.signal.throwIfAborted();
    return madeOf(work(item, scopeFor(context, items, index)), item);
  }));
}

/** Sends every item to the ports chosen for it; ports without items are left out, so that what hangs on them is skipped. */
export function splitItems(context: NodeContext, value: Value | undefined, portsFor: (item: unknown, scope: Scope) => readonly string[]): Record<string, Value> {
  const ports = new Map<string, unknown[]>();
  const items = itemsOf(value);
  for (const [index, item] of items.entries()) {
    for (const port of portsFor(item, scopeFor(context, items, index))) {
      const list = ports.get(port);
      if (list) list.push(item);
      else ports.set(port, [item]);
    }
  }
  return Object.fromEntries([...ports].map(([port, list]) => [port, listOf(list)]));
}

/** What expressions see when a node works once on a whole value. */
export function wholeScope(context: NodeContext, value: Value | undefined): Scope {
  return scopeFor(context, itemsOf(value), 0, wholeOf(value));
}

const ITEMS_PER_CHECK = 256;
