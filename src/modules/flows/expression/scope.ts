/** What another step produced, as expressions see it. */
export interface StepView {
  /** Its item beside the current one: the one at the same index, else its first. */
  readonly item: unknown;
  readonly items: readonly unknown[];
  readonly text: string;
  /** Its whole result as plain data. */
  readonly json: unknown;
  /** Plain data by output port. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** Everything an expression can name. Plain JSON and dates; anything else in it reads as undefined. */
export interface Scope {
  item: unknown;
  /** Position of `item` in `items`, from 0. */
  index: number;
  items: readonly unknown[];
  input: { text: string; data: unknown; files?: readonly { name: string; mediaType: string; text: string }[] };
  steps: (id: string) => StepView | undefined;
  parameters: Readonly<Record<string, unknown>>;
  state: ReadonlyMap<string, unknown>;
  now: Date;
  /** Inside a loop: which pass it is, and what the pass before brought. */
  loop?: { index: number; last?: unknown };
}

/** The names of a scope, for messages and for telling them from functions. */
export const ROOTS = ['item', 'index', 'items', 'input', 'steps', 'parameters', 'state', 'now', 'today', 'loop'] as const;
export type Root = (typeof ROOTS)[number];
