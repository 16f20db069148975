import { parse } from 'acorn';
import { isRecord, read, readText } from '../plain.ts';
import { schemaOfSettings } from './answer-schema.ts';
import { unsupported } from './fragment.ts';
import type { Mapper } from './mapper.ts';
import { StepBuilder } from './step-builder.ts';
import { toolDescription, toolName } from './tool-settings.ts';
import type { WorkflowContext } from './workflow-context.ts';

const CODE_CHARS_MAX = 200_000;

/** The code of a step as the file has it; null for steps without any. */
export function codeIn(parameters: unknown): { language: 'javascript' | 'python'; code: string } | null {
  const python = readText(parameters, 'pythonCode');
  if (python !== null && (readText(parameters, 'language') ?? '').startsWith('python')) return { language: 'python', code: python };
  const code = readText(parameters, 'jsCode') ?? readText(parameters, 'functionCode');
  return code === null || code === '' ? null : { language: 'javascript', code: code.startsWith('=') ? code.slice(1) : code };
}

/** What code needs that it does not get here; null when it should run. */
function obstacle(code: string, language: string): string | null {
  if (code.length > CODE_CHARS_MAX) return 'Its code is too long.';
  if (language === 'python') return /^\s*(?:import|from)\s+(?!json\b|re\b|math\b|datetime\b|random\b|statistics\b|itertools\b|collections\b|functools\b|string\b|base64\b|hashlib\b|html\b|urllib\.parse\b|typing\b|uuid\b|csv\b|io\b|time\b|textwrap\b|decimal\b|fractions\b|unicodedata\b)([\w.]+)/m.exec(code)?.[1] === undefined ? null : 'Its code loads a package that is not available here.';
  const module = /\brequire\(\s*['"`]([^'"`]{1,80})['"`]\s*\)/.exec(code)?.[1];
  if (module !== undefined) return `Its code loads the module “${module}”; code here runs without modules.`;
  if (/\b(?:this\.|\$)helpers\b|\bfetch\(|\bhttpRequest\(|\baxios\b/.test(code)) return 'Its code calls the network, which code cannot do here.';
  if (/\bgetBinaryDataBuffer\b|\bBuffer\.|\bprocess\.|\bfs\./.test(code)) return 'Its code works on files or bytes, which code cannot do here.';
  return null;
}

/** Names of the steps that code reads, found in its syntax; of code that cannot be parsed, in its text. */
export function stepsIn(code: string, language: 'javascript' | 'python'): string[] {
  const names = new Set<string>();
  const tree = language === 'javascript' ? parsed(code) : null;
  if (tree === null) {
    for (const [, name] of code.matchAll(/(?:\$|\$items|\b_|\$node|\b_node)\s*[([]\s*(?:"|'|`)([^"'`\n]{1,200})(?:"|'|`)/g)) if (name !== undefined) names.add(name);
    return [...names];
  }
  const open: unknown[] = [tree];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (Array.isArray(node)) open.push(...node.filter((one: unknown) => typeof one === 'object' && one !== null));
    if (!isRecord(node)) continue;
    const name = nameRead(node);
    if (name !== null) names.add(name);
    for (const child of Object.values(node)) if (typeof child === 'object' && child !== null && !(child instanceof RegExp)) open.push(child);
  }
  return [...names];
}

/** `$('X')`, `$items('X')`, `$node['X']` and `$node.X`. */
function nameRead(node: Record<string, unknown>): string | null {
  if (node['type'] === 'CallExpression' && ['$', '$items'].includes(readText(node['callee'], 'name') ?? '')) {
    const args = node['arguments'];
    return Array.isArray(args) ? textOf(args[0]) : null;
  }
  if (node['type'] === 'MemberExpression' && readText(node['object'], 'name') === '$node') return node['computed'] === true ? textOf(node['property']) : readText(node['property'], 'name');
  return null;
}

function textOf(node: unknown): string | null {
  const value = read(node, 'value');
  if (typeof value === 'string') return value;
  const quasis = read(node, 'quasis');
  return Array.isArray(quasis) && quasis.length === 1 ? readText(read(quasis[0], 'value'), 'cooked') : null;
}

function parsed(code: string): unknown {
  try {
    return parse(code, { ecmaVersion: 2023, allowReturnOutsideFunction: true, allowAwaitOutsideFunction: true });
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return null;
    throw error;
  }
}

/** Ids of the steps that code reads, and the names it has for them. */
export function references(code: string, language: 'javascript' | 'python', context: WorkflowContext): { names: Record<string, string>; references: string[] } {
  const found = stepsIn(code, language).slice(0, 200).flatMap((name): [string, string][] => {
    const id = context.named(name)?.id;
    return id === undefined ? [] : [[name, id]];
  });
  return { names: Object.fromEntries(found), references: [...new Set(found.map(([, id]) => id))] };
}

/** Code and Function steps of every version. */
export const mapCode: Mapper = (node, context) => {
  const step = new StepBuilder(node, context);
  const found = codeIn(node.parameters) ?? { language: 'javascript' as const, code: 'return $input.all();' };
  const problem = obstacle(found.code, found.language);
  if (problem !== null) return unsupported(problem, 'Steps that do the same without code, or a code step without modules.');
  const each = node.kind === 'base.functionItem' || step.fixed('mode') === 'runOnceForEachItem';
  const code = node.kind === 'base.functionItem' ? `item = item.json;\n${found.code}` : found.code;
  const type = found.language === 'python' ? 'code.python' : 'code.javascript';
  step.add(type, { code, mode: each ? 'each' : 'all', dialect: 'n8n', ...references(found.code, found.language, context) });
  if (/getWorkflowStaticData/.test(code)) step.approximate('What the code keeps between runs lasts for one run here.');
  if (/\$(?:env|vars|secrets)\b/.test(code)) step.approximate('Variables of the n8n server read as nothing.');
  if (/\bbinary\b/.test(code)) step.approximate('Files of items are not seen by the code.');
  return step.fragment({ mappedTo: type, inputPort: 'input', outputPort: 'result' });
};

/** Code that an agent may call. */
export const mapToolCode: Mapper = (node, context) => {
  const step = new StepBuilder(node, context);
  const found = codeIn(node.parameters);
  if (found === null) return unsupported('The tool has no code.', 'A tool with code.');
  const problem = obstacle(found.code, found.language);
  if (problem !== null) return unsupported(problem, 'A tool that calls the system by its connector or over HTTP.');
  const schema = step.flag('specifyInputSchema') ? { type: 'object', properties: { query: schemaOfSettings(node) }, required: ['query'] } : null;
  step.add('code.tool', { language: found.language, code: found.code, dialect: 'n8n', name: toolName(step), description: toolDescription(step, `Runs ${node.name}.`), ...(schema === null ? {} : { parameters: schema }), ...references(found.code, found.language, context) });
  return step.fragment({ mappedTo: 'code.tool', offers: { node: node.id, port: 'tool' } });
};
