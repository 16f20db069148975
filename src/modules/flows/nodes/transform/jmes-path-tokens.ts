import { NodeError } from '../node-error.ts';

const SIGNS = ['[?', '[]', '||', '&&', '==', '!=', '<=', '>=', '.', '*', '[', ']', '{', '}', '(', ')', ',', ':', '@', '&', '|', '<', '>', '!'] as const;
export type TokenKind = (typeof SIGNS)[number] | 'name' | 'quoted' | 'literal' | 'number' | 'end';
export interface Token { kind: TokenKind; text: string; /** Of a literal. */ value: unknown; start: number }

const CHARS_MAX = 10_000;
const SPACE = /[ \t\r\n]*/y;
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const NUMBER = /-?\d{1,15}/y;

/** Cuts a JMESPath into its parts. Throws NodeError with the place for text that is none. */
export function readTokens(source: string): readonly Token[] {
  if (source.length > CHARS_MAX) throw new NodeError('node-config-invalid', `A JMESPath longer than ${CHARS_MAX} characters is not read.`);
  const tokens: Token[] = [];
  for (let at = spaceEnd(source, 0); at < source.length;) {
    const { token, end } = readToken(source, at);
    tokens.push(token);
    at = spaceEnd(source, end);
  }
  tokens.push({ kind: 'end', text: '', value: null, start: source.length });
  return tokens;
}

function readToken(source: string, start: number): { token: Token; end: number } {
  const char = source[start];
  if (char === '"') {
    const end = closing(source, start, '"');
    const text = parsed(source.slice(start, end), start);
    return { token: { kind: 'quoted', text: typeof text === 'string' ? text : '', value: null, start }, end };
  }
  if (char === "'" || char === '`') {
    const end = closing(source, start, char);
    const inner = source.slice(start + 1, end - 1);
    const value = char === "'" ? inner.replaceAll("\\'", "'") : literal(inner.replaceAll('\\`', '`'), start);
    return { token: { kind: 'literal', text: source.slice(start, end), value, start }, end };
  }
  const name = matchAt(NAME, source, start);
  if (name !== null) return { token: { kind: 'name', text: name, value: null, start }, end: start + name.length };
  const number = matchAt(NUMBER, source, start);
  if (number !== null) return { token: { kind: 'number', text: number, value: null, start }, end: start + number.length };
  const sign = SIGNS.find((one) => source.startsWith(one, start));
  if (!sign) throw new NodeError('node-config-invalid', `The JMESPath holds "${char}", which is not part of one (at character ${start + 1}).`);
  return { token: { kind: sign, text: sign, value: null, start }, end: start + sign.length };
}

function closing(source: string, start: number, quote: string): number {
  for (let at = start + 1; at < source.length; at++) {
    if (source[at] === '\\') at++;
    else if (source[at] === quote) return at + 1;
  }
  throw new NodeError('node-config-invalid', `The JMESPath has a text that is not closed (at character ${start + 1}).`);
}

/** JSON between backticks; text that is no JSON counts as a string, as older versions of the language had it. */
function literal(text: string, start: number): unknown {
  const trimmed = text.trim();
  if (/^(?:["[{\d-]|true$|false$|null$)/.test(trimmed)) return parsed(trimmed, start);
  return parsed(`"${trimmed}"`, start);
}

function parsed(text: string, start: number): unknown {
  try {
    return JSON.parse(text, (key, value: unknown) => (key === '__proto__' ? undefined : value));
  } catch (error) {
    if (error instanceof SyntaxError) throw new NodeError('node-config-invalid', `The JMESPath holds something that is no JSON (at character ${start + 1}).`);
    throw error;
  }
}

function matchAt(pattern: RegExp, source: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(source)?.[0] ?? null;
}

const spaceEnd = (source: string, at: number): number => at + (matchAt(SPACE, source, at) ?? '').length;
