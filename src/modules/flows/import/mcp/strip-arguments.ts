import type { FoundSecret } from '../clean-definition.ts';
import { isRecord, oneLine } from '../plain.ts';
import type { PlainRecord } from '../plain.ts';
import { looksLikePlaceholder, looksLikeVariableName } from '../secret-patterns.ts';

const DEPTH_MAX = 60;
/** `--api-key=…`, `--token …`, `API_KEY=…`, in one text. */
const WITH_VALUE = /^(-{0,2}[\w-]{0,60}(?:key|token|secret|password|passwd)[\w-]{0,20})(=| +)(\S.*)$/i;
const FLAG = /^-{1,2}[\w-]{0,60}(?:api-?key|token|secret|password|passwd)$/i;

/** Takes credentials out of the arguments of commands in the given copy, where they have no key of their own. */
export function stripArguments(copy: unknown): FoundSecret[] {
  const secrets: FoundSecret[] = [];
  visit(copy, '', secrets, 0);
  return secrets;
}

function visit(value: unknown, name: string, secrets: FoundSecret[], depth: number): void {
  if (depth > DEPTH_MAX) return;
  if (Array.isArray(value)) {
    for (const item of value) visit(item, name, secrets, depth + 1);
  } else if (isRecord(value)) {
    for (const [key, item] of Object.entries(value)) {
      if (Array.isArray(item) && /^(?:args|command|argv)$/.test(key)) value[key] = withoutSecrets(item, name, secrets);
      else if (typeof item === 'string' && (key === 'value' || key === 'default')) stripText(value, key, item, secrets);
      else visit(item, /^(?:mcpServers|servers|mcp|packages|remotes)$/.test(key) ? name : oneLine(key, 100), secrets, depth + 1);
    }
  }
}

function withoutSecrets(args: readonly unknown[], name: string, secrets: FoundSecret[]): unknown[] {
  return args.map((argument, index) => {
    const before = args[index - 1];
    if (typeof argument !== 'string' || isGap(argument)) return argument;
    if (typeof before === 'string' && FLAG.test(before) && !argument.startsWith('-')) return take(before.replace(/^-+/, ''), '');
    const [, flag = '', sign = '', value = ''] = WITH_VALUE.exec(argument) ?? [];
    return value === '' || isGap(value) ? argument : take(flag.replace(/^-+/, ''), `${flag}${sign}`);
  });

  function take(secret: string, kept: string): string {
    secrets.push({ name: oneLine(secret, 100), node: oneLine(name, 200), field: `args.${oneLine(secret, 100)}`, kind: 'stripped' });
    return kept;
  }
}

/** Arguments of packages in the registry are given as one text each. */
function stripText(place: PlainRecord, key: string, text: string, secrets: FoundSecret[]): void {
  const [, flag = '', sign = '', value = ''] = text.startsWith('-') ? WITH_VALUE.exec(text) ?? [] : [];
  if (value === '' || isGap(value)) return;
  place[key] = `${flag}${sign}`;
  secrets.push({ name: oneLine(flag.replace(/^-+/, ''), 100), node: '', field: 'args', kind: 'stripped' });
}

const isGap = (text: string): boolean => looksLikePlaceholder(text) || looksLikeVariableName(text) || text.includes('[removed]');
