import type { ArrowFunctionExpression, Expression, FunctionExpression, MemberExpression, SpreadElement, Super } from 'acorn';

export type AnyFunction = ArrowFunctionExpression | FunctionExpression;

/** Steps into a setting that an expression may name. */
const SETTING_STEPS_MAX = 10;

/** Kinds of syntax that expressions here do not have, in words. */
export const KINDS: ReadonlyMap<string, string> = new Map([
  ['AssignmentExpression', 'setting a variable'], ['UpdateExpression', 'counting a variable up or down'], ['AwaitExpression', 'waiting'], ['SequenceExpression', 'several expressions in one'],
  ['ThisExpression', '“this”'], ['TaggedTemplateExpression', 'a tagged text'], ['ClassExpression', 'a class'], ['ImportExpression', 'importing'],
]);

export const isFunction = (node: Expression | SpreadElement): node is AnyFunction => node.type === 'ArrowFunctionExpression' || node.type === 'FunctionExpression';

/** Text written out, also in backticks. */
export function fixedText(node: Expression): string | null {
  const found = fixedValue(node);
  return typeof found === 'string' ? found : null;
}

export function fixedValue(node: Expression | SpreadElement): unknown {
  if (node.type === 'Literal' && !node.regex) return node.value;
  if (node.type === 'TemplateLiteral' && node.expressions.length === 0) return node.quasis[0]?.value.cooked ?? '';
  return undefined;
}

/** `$parameter.a.b`, `$node["X"].parameter.a` or `$('X').params.a`: the setting it reads; null for anything else. */
export function settingPath(node: MemberExpression): { step: string | null; path: string[] } | null {
  const path: string[] = [];
  let current: Expression | Super = node;
  while (current.type === 'MemberExpression') {
    if (path.length > SETTING_STEPS_MAX) return null;
    const key: string | null = current.property.type === 'PrivateIdentifier' ? null : current.computed ? fixedText(current.property) : current.property.type === 'Identifier' ? current.property.name : null;
    if (key === null) return null;
    const { object }: MemberExpression = current;
    if (key === 'parameter' && object.type === 'MemberExpression' && object.object.type === 'Identifier' && object.object.name === '$node') {
      const step = object.property.type === 'PrivateIdentifier' ? null : object.computed ? fixedText(object.property) : object.property.type === 'Identifier' ? object.property.name : null;
      return step === null || path.length === 0 ? null : { step, path };
    }
    if (key === 'params' && object.type === 'CallExpression' && object.callee.type === 'Identifier' && object.callee.name === '$' && object.arguments[0] && object.arguments[0].type !== 'SpreadElement') {
      const step = fixedText(object.arguments[0]);
      return step === null || path.length === 0 ? null : { step, path };
    }
    path.unshift(key);
    current = object;
  }
  return current.type === 'Identifier' && current.name === '$parameter' ? { step: null, path } : null;
}
