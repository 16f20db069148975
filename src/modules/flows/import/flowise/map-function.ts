import { read, readText } from '../plain.ts';
import type { StepDraft } from '../steps/step-draft.ts';
import type { FlowiseContext } from './flowise-context.ts';
import { parsed, textOf } from './flowise-context.ts';
import type { RawNode } from './read-flowise.ts';
import { codeProblem } from './tools.ts';
import { valueExpression } from './texts.ts';

const CODE_CHARS_MAX = 200_000;

/** A node with JavaScript of its own. */
export function mapFunction(node: RawNode, step: StepDraft, context: FlowiseContext, names: { code: string; variables: string }): void {
  const code = textOf(node, names.code);
  if (code.trim() === '') return step.refuse('It holds no code.');
  step.carries('javascript', code);
  const problem = codeProblem(code);
  if (problem !== null) return step.refuse(problem, /pg|mysql|typeorm|sqlite|mongo/i.test(problem) ? 'A database step with the same query.' : 'A request over HTTP or a connector in its place.');
  step.add('code.javascript', { code: code.slice(0, CODE_CHARS_MAX), dialect: 'flowise', arguments: variablesOf(node, step, context, names.variables) });
  step.enter(node.id, 'input');
  step.exit(node.id, 'result');
}

function variablesOf(node: RawNode, step: StepDraft, context: FlowiseContext, name: string): Record<string, unknown> {
  const given = parsed(read(node.inputs, name));
  const rows: [string, string][] = Array.isArray(given)
    ? given.slice(0, 100).map((row) => [readText(row, 'variableName') ?? '', readText(row, 'variableValue') ?? ''])
    : typeof given === 'object' && given !== null ? Object.entries(given).slice(0, 100).map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value ?? '')]) : [];
  return Object.fromEntries(rows.filter(([key]) => key !== '' && key !== '__proto__').map(([key, value]) => [key.replace(/^\$/, '').slice(0, 100), `{{ ${valueExpression(value, context, { own: node, problem: (words) => step.approximate(words) })} }}`]));
}
