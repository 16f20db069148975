import type { CallExpression, Expression, MemberExpression, NewExpression, ObjectExpression, Pattern, SpreadElement, Statement, Super, TemplateLiteral } from 'acorn';
import { operandOf, textOf, TranslationProblem, value } from './emitted.ts';
import type { Emitted } from './emitted.ts';
import { callOfFunction, callOfMethod, LIST_FUNCTIONS } from './known-calls.ts';
import { parseJavaScript, SOURCE_CHARS_MAX } from './parse-javascript.ts';
import { knownMember, rootOf, sourceOf } from './roots.ts';
import type { AgentArgument, ExpressionContext } from './roots.ts';
import { fixedText, fixedValue, isFunction, KINDS, settingPath } from './syntax-parts.ts';
import type { AnyFunction } from './syntax-parts.ts';

const DEPTH_MAX = 120;

export type Translated = { text: string } | { problem: string };

/** One expression of n8n, which is JavaScript, in our grammar; or why it cannot be said there. Never throws. */
export function translateExpression(source: string, context: ExpressionContext): Translated {
  if (source.length > SOURCE_CHARS_MAX) return { problem: 'it is too long' };
  if (context.budget.chars <= 0) return { problem: 'the file holds too many expressions' };
  const parsed = parseJavaScript(source, context.budget);
  if (parsed === null) return { problem: 'it is not valid JavaScript' };
  try {
    return { text: textOf(new Translation(context).of(parsed)) };
  } catch (error) {
    if (error instanceof TranslationProblem) return { problem: error.message };
    if (error instanceof RangeError) return { problem: 'it is nested too deeply' };
    throw error;
  }
}

const BINARY: ReadonlySet<string> = new Set(['==', '!=', '===', '!==', '<', '>', '<=', '>=', '+', '-', '*', '/', '%', '**']);

/** The names inside functions, by name. */
type Names = ReadonlyMap<string, Emitted>;

class Translation {
  readonly #context: ExpressionContext;
  #names: Names = new Map();
  #made = 0;
  #depth = 0;

  constructor(context: ExpressionContext) { this.#context = context; }

  of(node: Expression | Super): Emitted {
    if (++this.#depth > DEPTH_MAX) throw new TranslationProblem('it is nested too deeply');
    try {
      return this.#translate(node);
    } finally {
      this.#depth--;
    }
  }

  #translate(node: Expression | Super): Emitted {
    switch (node.type) {
      case 'Literal': {
        if (node.regex) return value(`/${node.regex.pattern}/${node.regex.flags}`, true);
        if (typeof node.value === 'number' || typeof node.value === 'boolean' || node.value === null) return value(String(node.value), typeof node.value !== 'number');
        if (typeof node.value === 'string') return value(JSON.stringify(node.value), true);
        throw new TranslationProblem('numbers of any size are not known here');
      }
      case 'Identifier': return this.#name(node.name);
      case 'TemplateLiteral': return this.#template(node);
      case 'MemberExpression': return this.#member(node);
      case 'ChainExpression': return this.of(node.expression);
      case 'ParenthesizedExpression': return this.of(node.expression);
      case 'CallExpression': return this.#call(node);
      case 'NewExpression': return this.#made_(node);
      case 'UnaryExpression':
        if (node.operator === 'void') return value('undefined', true);
        if (node.operator === '~' || node.operator === 'delete') throw new TranslationProblem(`the operator “${node.operator}” is not known here`);
        return value(`${node.operator}${node.operator === 'typeof' ? ' ' : ''}${this.#operand(node.argument)}`);
      case 'BinaryExpression':
        if (node.left.type === 'PrivateIdentifier') throw new TranslationProblem('it uses private fields');
        if (node.operator === 'in') return value(`${this.#operand(node.right)}.has(${this.#text(node.left)})`, true);
        if (node.operator === '|' && node.right.type === 'Literal' && node.right.value === 0) return value(`Math.trunc(${this.#text(node.left)})`, true);
        if (!BINARY.has(node.operator)) throw new TranslationProblem(`the operator “${node.operator}” is not known here`);
        return value(`${this.#operand(node.left)} ${node.operator} ${this.#operand(node.right)}`);
      case 'LogicalExpression': return value(`${this.#operand(node.left)} ${node.operator} ${this.#operand(node.right)}`);
      case 'ConditionalExpression': return value(`${this.#operand(node.test)} ? ${this.#operand(node.consequent)} : ${this.#operand(node.alternate)}`);
      case 'ArrayExpression': return this.#list(node.elements);
      case 'ObjectExpression': return this.#object(node);
      case 'ArrowFunctionExpression': case 'FunctionExpression': throw new TranslationProblem('a function stands where a value is expected');
      default: throw new TranslationProblem(`${KINDS.get(node.type) ?? `“${node.type}”`} is not known here`);
    }
  }

  #text(node: Expression | Super): string { return textOf(this.of(node)); }
  #operand(node: Expression | Super): string { return operandOf(this.of(node)); }

  #name(name: string): Emitted {
    const local = this.#names.get(name);
    if (local) return local;
    const root = rootOf(name, this.#context);
    if (root) return root;
    throw new TranslationProblem(`“${name.slice(0, 60)}” is not available`);
  }

  #template(node: TemplateLiteral): Emitted {
    let text = '`';
    for (const [index, quasi] of node.quasis.entries()) {
      text += (quasi.value.cooked ?? quasi.value.raw).replaceAll('\\', '\\\\').replaceAll('`', '\\`').replaceAll('${', '\\${');
      const expression = node.expressions[index];
      if (expression) text += `\${${this.#text(expression)}}`;
    }
    return value(`${text}\``, true);
  }

  #list(elements: readonly (Expression | SpreadElement | null)[]): Emitted {
    const [only] = elements;
    // `[...new Set(list)]` and `[...Array(3).keys()]`: a list made of one spread is that list.
    if (elements.length === 1 && only?.type === 'SpreadElement') return value(`[...${this.#operand(only.argument)}]`, true);
    return value(`[${this.#args(elements.map((one) => one ?? { type: 'Literal', value: null, start: 0, end: 0 }))}]`, true);
  }

  #args(args: readonly (Expression | SpreadElement)[]): string {
    return args.map((one) => (one.type === 'SpreadElement' ? `...${this.#operand(one.argument)}` : this.#text(one))).join(', ');
  }

  #object(node: ObjectExpression): Emitted {
    const entries = node.properties.map((property) => {
      if (property.type === 'SpreadElement') return `...${this.#operand(property.argument)}`;
      if (property.kind !== 'init' || property.method) throw new TranslationProblem('an object with functions is not known here');
      return `${this.#key(property.key, property.computed)}: ${this.#text(property.value)}`;
    });
    return value(`{${entries.join(', ')}}`);
  }

  #key(key: Expression, computed: boolean): string {
    if (computed) return `[${this.#text(key)}]`;
    if (key.type === 'Identifier') return JSON.stringify(key.name);
    if (key.type === 'Literal' && (typeof key.value === 'string' || typeof key.value === 'number')) return JSON.stringify(String(key.value));
    throw new TranslationProblem('a name of a field cannot be read');
  }

  #member(node: MemberExpression): Emitted {
    if (node.property.type === 'PrivateIdentifier' || node.object.type === 'Super') throw new TranslationProblem('it uses private fields');
    const fixed = node.computed ? fixedText(node.property) : node.property.type === 'Identifier' ? node.property.name : null;
    const named = this.#knownMember(node, fixed);
    if (named) return named;
    const object = this.of(node.object);
    if (object.kind === 'source') return this.#ofSource(object, fixed);
    if (object.kind === 'wrapper' && fixed !== null) {
      if (fixed === 'json') return value(object.json, true);
      if (fixed === 'binary') throw new TranslationProblem('files of the item are not read in expressions');
      if (fixed === 'pairedItem') return value('0', true);
    }
    if (object.kind === 'wrappers' && fixed === 'length') return value(`${object.items}.length`, true);
    if (object.kind === 'wrappers' && node.computed) return { kind: 'wrapper', json: `${object.items}[${this.#text(node.property)}]` };
    const dot = node.optional ? '?.' : '';
    if (fixed !== null && /^[A-Za-z_][A-Za-z0-9_]*$/.test(fixed)) return value(`${operandOf(object)}${dot || '.'}${fixed}`, true);
    return value(`${operandOf(object)}${dot}[${fixed === null ? this.#text(node.property) : JSON.stringify(fixed)}]`, true);
  }

  /** Members of n8n's own names: `$workflow.name`, `$node["X"]`, `$parameter.url`. */
  #knownMember(node: MemberExpression, key: string | null): Emitted | null {
    const { object } = node;
    if (key === null) return null;
    if (object.type === 'Identifier' && !this.#names.has(object.name)) {
      if (object.name === '$node') return sourceOf(key, this.#context);
      if (object.name === 'Math' || object.name === 'Number') return value(`${object.name}.${key}`, true);
      const known = knownMember(object.name, key, this.#context);
      if (known) return known;
    }
    const path = settingPath(node);
    if (path === null) return null;
    const setting = this.#context.setting(path.step, path.path);
    if (typeof setting === 'string' || typeof setting === 'number' || typeof setting === 'boolean') return value(JSON.stringify(setting), true);
    throw new TranslationProblem('the setting of a step that it reads is not fixed');
  }

  #ofSource(source: Extract<Emitted, { kind: 'source' }>, key: string | null): Emitted {
    switch (key) {
      case 'item': return { kind: 'wrapper', json: source.item };
      case 'json': return value(source.item, true);
      case 'isExecuted': return value(`(${source.items} ?? []).length > 0`);
      case 'binary': throw new TranslationProblem('files of the item are not read in expressions');
      default: throw new TranslationProblem(`“${key ?? '…'}” of a step is not available`);
    }
  }

  #call(node: CallExpression): Emitted {
    const { callee, arguments: args } = node;
    if (callee.type === 'MemberExpression') return this.#methodCall(node, callee);
    if (callee.type === 'ArrowFunctionExpression' || callee.type === 'FunctionExpression') return this.#invoked(callee, args);
    if (callee.type !== 'Identifier') throw new TranslationProblem('a value is called as a function');
    const { name } = callee;
    if (name === '$') return sourceOf(this.#fixed(args[0], 'the name of a step'), this.#context);
    if (name === '$items') {
      const from = args[0] === undefined ? rootOf('$input', this.#context) : sourceOf(this.#fixed(args[0], 'the name of a step'), this.#context);
      return { kind: 'wrappers', items: from?.kind === 'source' ? from.items : 'items' };
    }
    if (name.toLowerCase() === '$fromai') return this.#fromAi(args);
    const plain = args.map((one) => (one.type === 'SpreadElement' ? null : one));
    const known = callOfFunction(name, () => plain.map((one) => (one === null ? '' : this.#text(one))));
    if (known) return known;
    rootOf(name, this.#context);
    return value(`${name}(${this.#args(args)})`, true);
  }

  #fromAi(args: readonly (Expression | SpreadElement)[]): Emitted {
    const { fromAi } = this.#context;
    if (!fromAi) throw new TranslationProblem('only a tool of an agent can be filled in by the model');
    const [name, description, type, fallback] = args.map((one) => (one.type === 'SpreadElement' ? null : fixedValue(one)));
    if (typeof name !== 'string' || name === '') throw new TranslationProblem('the argument for the model has no name');
    const argument: AgentArgument = { name, description: typeof description === 'string' ? description : '', type: typeof type === 'string' ? type : 'string', ...(fallback === undefined || fallback === null ? {} : { fallback }) };
    return value(fromAi(argument), true);
  }

  /** `(() => { … })()`: the function's own result. */
  #invoked(called: AnyFunction, args: readonly (Expression | SpreadElement)[]): Emitted {
    const given = args.map((one) => (one.type === 'SpreadElement' ? value('undefined', true) : this.of(one)));
    return this.#within((names) => { for (const [index, param] of called.params.entries()) this.#bind(param, given[index] ?? value('undefined', true), names); }, () => this.#body(called));
  }

  #methodCall(node: CallExpression, callee: MemberExpression): Emitted {
    if (callee.object.type === 'Super' || callee.property.type === 'PrivateIdentifier') throw new TranslationProblem('it uses private fields');
    const name = callee.computed ? fixedText(callee.property) : callee.property.type === 'Identifier' ? callee.property.name : null;
    if (name === null) throw new TranslationProblem('a function is called whose name is worked out');
    const args = node.arguments;
    if (callee.object.type === 'Identifier' && !this.#names.has(callee.object.name)) {
      const full = `${callee.object.name}.${name}`;
      const [first, second] = args;
      if (full === 'Array.from' && second && isFunction(second) && first && first.type !== 'SpreadElement') return value(`Array.from(${this.#text(first)}).map(${this.#function(second, null)})`, true);
      const known = callOfFunction(full, () => args.map((one) => (one.type === 'SpreadElement' ? `...${this.#operand(one.argument)}` : this.#operand(one))));
      if (known) return known;
      if (/^(?:Math|Object|JSON|Array|Number|Date|DateTime|String)$/.test(callee.object.name)) return value(`${full}(${this.#args(args)})`, true);
    }
    const object = this.of(callee.object);
    if (object.kind === 'source') return this.#sourceCall(object, name, args);
    if (object.kind === 'wrappers') {
      const known = this.#wrappersCall(object, name, args);
      if (known) return known;
    }
    const dot = callee.optional ? '?.' : '.';
    const known = callOfMethod(operandOf(object), name, () => args.map((one) => (one.type === 'SpreadElement' ? '' : this.#text(one))));
    if (known) return known;
    return value(`${operandOf(object)}${dot}${name}(${this.#methodArgs(name, args, null)})`, true);
  }

  #sourceCall(source: Extract<Emitted, { kind: 'source' }>, name: string, args: readonly (Expression | SpreadElement)[]): Emitted {
    const [first] = args;
    switch (name) {
      case 'first': return { kind: 'wrapper', json: `${source.items}[0]` };
      case 'last': return { kind: 'wrapper', json: `${source.items}.last()` };
      case 'all': return { kind: 'wrappers', items: source.items };
      case 'itemMatching': return { kind: 'wrapper', json: `${source.items}[${first && first.type !== 'SpreadElement' ? this.#text(first) : '0'}]` };
      case 'pairedItem': return { kind: 'wrapper', json: source.item };
      default: throw new TranslationProblem(`“${name}” of a step is not available`);
    }
  }

  /** Functions of a list of wrappers, worked out on the data alone. */
  #wrappersCall({ items }: Extract<Emitted, { kind: 'wrappers' }>, name: string, args: readonly (Expression | SpreadElement)[]): Emitted | null {
    switch (name) {
      case 'map': case 'flatMap': case 'some': case 'every': case 'findIndex': return value(`${items}.${name}(${this.#methodArgs(name, args, 'wrapper')})`, true);
      case 'filter': case 'sort': case 'toSorted': return { kind: 'wrappers', items: `${items}.${name}(${this.#methodArgs(name, args, 'wrapper')})` };
      case 'slice': case 'reverse': case 'concat': return { kind: 'wrappers', items: `${items}.${name}(${this.#args(args)})` };
      case 'find': return { kind: 'wrapper', json: `${items}.find(${this.#methodArgs(name, args, 'wrapper')})` };
      case 'at': case 'first': case 'last': case 'pop': case 'shift': return { kind: 'wrapper', json: `${items}.${name === 'pop' ? 'last' : name === 'shift' ? 'first' : name}(${this.#args(args)})` };
      default: return null;
    }
  }

  #methodArgs(method: string, args: readonly (Expression | SpreadElement)[], first: 'wrapper' | null): string {
    return args.map((one) => {
      if (one.type === 'SpreadElement') return `...${this.#operand(one.argument)}`;
      if (isFunction(one)) return this.#function(one, first);
      // `.filter(Boolean)` and `.map(String)`.
      if (one.type === 'Identifier' && LIST_FUNCTIONS.has(method) && /^(?:Boolean|Number|String|parseInt|parseFloat|encodeURIComponent)$/.test(one.name)) return `f => ${one.name}(f)`;
      return this.#text(one);
    }).join(', ');
  }

  /** A function as our grammar writes it: names of its own, one expression. */
  #function(given: AnyFunction, first: 'wrapper' | null): string {
    const params = given.params.map(() => `p${this.#made++}`);
    const body = this.#within((names) => {
      for (const [index, param] of given.params.entries()) {
        const name = params[index] ?? '';
        this.#bind(param, index === 0 && first === 'wrapper' ? { kind: 'wrapper', json: name } : value(name, true), names);
      }
    }, () => this.#body(given));
    return `(${params.join(', ')}) => ${operandOf(body)}`;
  }

  #within(bind: (names: Map<string, Emitted>) => void, body: () => Emitted): Emitted {
    const before = this.#names;
    const names = new Map(before);
    this.#names = names;
    try {
      bind(names);
      return body();
    } finally {
      this.#names = before;
    }
  }

  #bind(pattern: Pattern, given: Emitted, names: Map<string, Emitted>): void {
    switch (pattern.type) {
      case 'Identifier': names.set(pattern.name, given); return;
      case 'AssignmentPattern': this.#bind(pattern.left, value(`(${operandOf(given)} ?? ${this.#operand(pattern.right)})`, true), names); return;
      case 'ArrayPattern':
        for (const [index, element] of pattern.elements.entries()) {
          if (element?.type === 'RestElement') this.#bind(element.argument, value(`${operandOf(given)}.slice(${index})`, true), names);
          else if (element) this.#bind(element, given.kind === 'wrappers' ? { kind: 'wrapper', json: `${given.items}[${index}]` } : value(`${operandOf(given)}[${index}]`, true), names);
        }
        return;
      case 'ObjectPattern':
        for (const property of pattern.properties) {
          if (property.type === 'RestElement' || property.computed) throw new TranslationProblem('it takes data apart in a way that is not known here');
          const key = property.key.type === 'Identifier' ? property.key.name : fixedText(property.key);
          if (key === null) throw new TranslationProblem('it takes data apart in a way that is not known here');
          this.#bind(property.value, given.kind === 'wrapper' && key === 'json' ? value(given.json, true) : value(`${operandOf(given)}[${JSON.stringify(key)}]`, true), names);
        }
        return;
      default: throw new TranslationProblem('it takes data apart in a way that is not known here');
    }
  }

  #body(given: AnyFunction): Emitted {
    if (given.async || given.generator) throw new TranslationProblem('functions that wait are not known here');
    return given.body.type === 'BlockStatement' ? this.#statements(given.body.body) : this.of(given.body);
  }

  /** `const a = …; if (b) return c; return d;` as one expression: names are replaced by what they stand for. */
  #statements(statements: readonly Statement[]): Emitted {
    const [first, ...rest] = statements;
    if (!first) return value('undefined', true);
    switch (first.type) {
      case 'ReturnStatement': return first.argument ? this.of(first.argument) : value('undefined', true);
      case 'EmptyStatement': return this.#statements(rest);
      case 'BlockStatement': return this.#statements([...first.body, ...rest]);
      case 'VariableDeclaration':
        return this.#within((names) => {
          for (const { id, init } of first.declarations) {
            const given = init ? this.of(init) : value('undefined', true);
            this.#bind(id, given.kind === 'value' && !given.tight ? value(`(${given.text})`, true) : given, names);
          }
        }, () => this.#statements(rest));
      case 'IfStatement': {
        const yes = operandOf(this.#statements([first.consequent, ...rest]));
        return value(`${this.#operand(first.test)} ? ${yes} : ${operandOf(this.#statements(first.alternate ? [first.alternate, ...rest] : rest))}`);
      }
      default: throw new TranslationProblem('it is a program with steps of its own');
    }
  }

  #made_(node: NewExpression): Emitted {
    const name = node.callee.type === 'Identifier' ? node.callee.name : '';
    const [first] = node.arguments;
    if (name === 'Date') return value(`Date(${this.#args(node.arguments)})`, true);
    if (name === 'Set' && first && first.type !== 'SpreadElement') return value(`${this.#operand(first)}.unique()`, true);
    if (name === 'Array' && first && first.type !== 'SpreadElement' && node.arguments.length === 1) return value(`range(${this.#text(first)})`, true);
    if (name === 'RegExp' && first) {
      const [pattern, flags] = [fixedValue(first), node.arguments[1] ? fixedValue(node.arguments[1]) : ''];
      if (typeof pattern === 'string' && typeof flags === 'string') return value(`/${pattern.replaceAll('/', '\\/')}/${flags}`, true);
    }
    throw new TranslationProblem(`“new ${name || '…'}” is not known here`);
  }

  #fixed(node: Expression | SpreadElement | undefined, what: string): string {
    const text = node && node.type !== 'SpreadElement' ? fixedText(node) : null;
    if (text === null) throw new TranslationProblem(`${what} is worked out and not written`);
    return text;
  }
}
