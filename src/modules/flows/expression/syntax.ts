import type { Root } from './scope.ts';

/** An expression as a tree. Every call names an entry of the function tables; nothing else can be called. */
export type Expression =
  | { kind: 'literal'; value: string | number | boolean | null | undefined }
  | { kind: 'root'; name: Exclude<Root, 'steps' | 'state'> }
  | { kind: 'state'; name: string | null }
  /** `steps["id"]`; `part` is what is read of it. */
  | { kind: 'step'; id: string; part: StepPart }
  /** The parameter of a list function. */
  | { kind: 'local'; slot: number }
  | { kind: 'member'; object: Expression; key: Expression }
  | { kind: 'call'; name: string; receiver: Expression | null; args: readonly Argument[]; position: number }
  | { kind: 'unary'; operator: UnaryOperator; operand: Expression }
  | { kind: 'binary'; operator: BinaryOperator; left: Expression; right: Expression }
  | { kind: 'logical'; operator: LogicalOperator; left: Expression; right: Expression }
  | { kind: 'choice'; test: Expression; yes: Expression; no: Expression }
  | { kind: 'list'; items: readonly Argument[] }
  | { kind: 'object'; entries: readonly ({ key: Expression; value: Expression } | { spread: Expression })[] }
  | { kind: 'text'; parts: readonly Expression[] };

/** What may stand between the brackets of a call or a list. */
export type Argument = Expression | { kind: 'spread'; of: Expression } | FunctionArgument | { kind: 'pattern'; source: string; flags: string };

/** `(a, b) => body` as argument of a list function. Parameters live in fixed slots: no function is ever inside itself. */
export interface FunctionArgument { kind: 'function'; slots: readonly number[]; body: Expression; /** Parts of the body: what one call costs. */ parts: number }

export const STEP_PARTS = ['item', 'items', 'text', 'json', 'outputs'] as const;
export type StepPart = (typeof STEP_PARTS)[number];
export type UnaryOperator = '!' | '-' | '+' | 'typeof';
export type LogicalOperator = '&&' | '||' | '??';

export const BINARY_OPERATORS = ['==', '!=', '===', '!==', '<', '>', '<=', '>=', '+', '-', '*', '/', '%', '**'] as const;
export type BinaryOperator = (typeof BINARY_OPERATORS)[number];
