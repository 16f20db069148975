import { asNumber, asText, dataFrom, fieldsOf, isData, isList, looselyEqual, order, ownField, plain, readMember, strictlyEqual } from './data.ts';
import { ListFunction } from './evaluation.ts';
import type { Evaluation, Run } from './evaluation.ts';
import { ExpressionError } from './expression-error.ts';
import { dateField, dayOf } from './functions/dates.ts';
import { Pattern } from './functions/patterns.ts';
import { freeFunction, methodNamed } from './functions/table.ts';
import { DEPTH_MAX } from './limits.ts';
import type { Argument, BinaryOperator, Expression } from './syntax.ts';

/** Turns a tree into functions, once; working an expression out then only calls them. Throws ExpressionError past the nesting limit. */
export function compileExpression(expression: Expression, depth = 0): Run {
  // A chain such as `a + b + c` is a tree as deep as it is long.
  if (depth > DEPTH_MAX * 2) throw new ExpressionError('The expression is nested too deeply');
  const of = (part: Expression): Run => compileExpression(part, depth + 1);
  switch (expression.kind) {
    case 'literal': { const { value } = expression; return () => value; }
    case 'root': return rootRun(expression.name);
    case 'state': { const { name } = expression; return name === null ? ({ scope }) => dataFrom([...scope.state].map(([key, value]) => [key, plain(value)])) : ({ scope }) => plain(scope.state.get(name)); }
    case 'step': { const { id, part } = expression; return ({ scope }) => plain(scope.steps(id)?.[part]); }
    case 'local': { const { slot } = expression; return ({ locals }) => locals[slot]; }
    case 'member': return memberRun(of(expression.object), expression.key, of);
    case 'call': return callRun(expression, of);
    case 'unary': return unaryRun(expression.operator, of(expression.operand));
    case 'binary': return binaryRun(expression.operator, of(expression.left), of(expression.right));
    case 'logical': return logicalRun(expression.operator, of(expression.left), of(expression.right));
    case 'choice': { const [test, yes, no] = [of(expression.test), of(expression.yes), of(expression.no)]; return (evaluation) => (test(evaluation) ? yes(evaluation) : no(evaluation)); }
    case 'list': { const items = argumentsRun(expression.items, of); return (evaluation) => items(evaluation); }
    case 'object': return objectRun(expression, of);
    case 'text': { const parts = expression.parts.map(of); return (evaluation) => joined(parts.map((part) => asText(part(evaluation), evaluation)), evaluation); }
  }
}

function rootRun(name: Extract<Expression, { kind: 'root' }>['name']): Run {
  switch (name) {
    case 'item': return ({ scope }) => plain(scope.item);
    case 'index': return ({ scope }) => scope.index;
    case 'items': return ({ scope }) => scope.items;
    case 'input': return ({ scope }) => scope.input;
    case 'parameters': return ({ scope }) => scope.parameters;
    case 'loop': return ({ scope }) => scope.loop;
    case 'now': return (evaluation) => { evaluation.dated = true; return evaluation.scope.now; };
    case 'today': return (evaluation) => { evaluation.dated = true; return dayOf(evaluation.scope.now); };
  }
}

function memberRun(object: Run, key: Expression, of: (part: Expression) => Run): Run {
  if (key.kind !== 'literal' || typeof key.value !== 'string') {
    const name = of(key);
    return (evaluation) => readMember(object(evaluation), name(evaluation));
  }
  const name = key.value;
  return (evaluation) => {
    const from = object(evaluation);
    if (isData(from)) return ownField(from, name);
    return from instanceof Date ? dateField(from, name) : readMember(from, name);
  };
}

function callRun({ name, receiver, args, position }: Extract<Expression, { kind: 'call' }>, of: (part: Expression) => Run): Run {
  const given = argumentsRun(args, of);
  const placed = (call: Run): Run => (evaluation) => {
    try {
      return call(evaluation);
    } catch (error) {
      // Where it happened, unless something further in has said so already.
      throw error instanceof ExpressionError && error.position === null ? new ExpressionError(error.message, position) : error;
    }
  };
  if (receiver === null) {
    const called = freeFunction(name);
    return placed((evaluation) => { evaluation.work(5); return called(given(evaluation), evaluation); });
  }
  const [called, on] = [methodNamed(name), of(receiver)];
  return placed((evaluation) => { evaluation.work(5); return called(on(evaluation), given(evaluation), evaluation); });
}

function argumentsRun(args: readonly Argument[], of: (part: Expression) => Run): (evaluation: Evaluation) => unknown[] {
  const single = args.map((argument): Run | { spread: Run } => {
    if (argument.kind === 'spread') return { spread: of(argument.of) };
    if (argument.kind === 'pattern') {
      const pattern = new Pattern(argument.source, argument.flags);
      return () => pattern;
    }
    if (argument.kind !== 'function') return of(argument);
    const body = of(argument.body);
    return (evaluation) => new ListFunction(evaluation, argument.slots, body, argument.parts);
  });
  return (evaluation) => {
    const values: unknown[] = [];
    for (const one of single) {
      if (typeof one === 'function') { values.push(one(evaluation)); continue; }
      const spread = one.spread(evaluation);
      if (!isList(spread)) continue;
      evaluation.list(values.length + spread.length);
      for (const item of spread) values.push(plain(item));
    }
    return values;
  };
}

function objectRun({ entries }: Extract<Expression, { kind: 'object' }>, of: (part: Expression) => Run): Run {
  const compiled = entries.map((entry): { spread: Run } | { key: Run; value: Run } => ('spread' in entry ? { spread: of(entry.spread) } : { key: of(entry.key), value: of(entry.value) }));
  return (evaluation) => {
    const fields: [string, unknown][] = [];
    for (const entry of compiled) {
      if (!('spread' in entry)) { fields.push([asText(entry.key(evaluation), evaluation), entry.value(evaluation)]); continue; }
      const spread = entry.spread(evaluation);
      if (!isData(spread)) continue;
      const own = fieldsOf(spread);
      evaluation.list(fields.length + own.length);
      fields.push(...own);
    }
    return dataFrom(fields);
  };
}

function unaryRun(operator: '!' | '-' | '+' | 'typeof', operand: Run): Run {
  switch (operator) {
    case '!': return (evaluation) => !operand(evaluation);
    case '-': return (evaluation) => -asNumber(operand(evaluation));
    case '+': return (evaluation) => asNumber(operand(evaluation));
    case 'typeof': return (evaluation) => typeof operand(evaluation);
  }
}

function logicalRun(operator: '&&' | '||' | '??', left: Run, right: Run): Run {
  switch (operator) {
    case '&&': return (evaluation) => { const value = left(evaluation); return value ? right(evaluation) : value; };
    case '||': return (evaluation) => { const value = left(evaluation); return value ? value : right(evaluation); };
    case '??': return (evaluation) => left(evaluation) ?? right(evaluation);
  }
}

function binaryRun(operator: BinaryOperator, left: Run, right: Run): Run {
  switch (operator) {
    case '==': return (evaluation) => looselyEqual(left(evaluation), right(evaluation));
    case '!=': return (evaluation) => !looselyEqual(left(evaluation), right(evaluation));
    case '===': return (evaluation) => strictlyEqual(left(evaluation), right(evaluation));
    case '!==': return (evaluation) => !strictlyEqual(left(evaluation), right(evaluation));
    case '<': return (evaluation) => order(left(evaluation), right(evaluation)) < 0;
    case '>': return (evaluation) => order(left(evaluation), right(evaluation)) > 0;
    case '<=': return (evaluation) => order(left(evaluation), right(evaluation)) <= 0;
    case '>=': return (evaluation) => order(left(evaluation), right(evaluation)) >= 0;
    case '+': return (evaluation) => added(left(evaluation), right(evaluation), evaluation);
    case '-': return (evaluation) => asNumber(left(evaluation)) - asNumber(right(evaluation));
    case '*': return (evaluation) => asNumber(left(evaluation)) * asNumber(right(evaluation));
    case '/': return (evaluation) => asNumber(left(evaluation)) / asNumber(right(evaluation));
    case '%': return (evaluation) => asNumber(left(evaluation)) % asNumber(right(evaluation));
    case '**': return (evaluation) => asNumber(left(evaluation)) ** asNumber(right(evaluation));
  }
}

/** Numbers are added; a text, list, object or date on either side makes it one text, in which missing values are empty. */
function added(left: unknown, right: unknown, evaluation: Evaluation): unknown {
  if (typeof left === 'number' && typeof right === 'number') return left + right;
  if (isTextual(left) || isTextual(right)) {
    const [before, after] = [asText(left, evaluation), asText(right, evaluation)];
    evaluation.fits(before.length + after.length);
    return before + after;
  }
  return asNumber(left) + asNumber(right);
}

const isTextual = (value: unknown): boolean => typeof value === 'string' || (typeof value === 'object' && value !== null);

function joined(parts: readonly string[], evaluation: Evaluation): string {
  evaluation.write(parts.reduce((chars, part) => chars + part.length, 0));
  return parts.join('');
}
