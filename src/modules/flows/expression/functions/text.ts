import { createHash } from 'node:crypto';
import { asText } from '../data.ts';
import type { Evaluation } from '../evaluation.ts';
import { ExpressionError } from '../expression-error.ts';
import { readDate } from './dates.ts';
import { numberAt, same, textAt } from './arguments.ts';
import type { Method, Methods } from './arguments.ts';
import { parseJsonText } from './json.ts';
import { matchAll, Pattern, replacePattern, splitPattern, test } from './patterns.ts';

/** Longer texts are searched for an address in their beginning. */
const SEARCHED_CHARS = 100_000;
const EMAIL = /[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}/;
const URL_START = /https?:\/\/[^\s"'<>]{1,2000}/;
const HASHES: ReadonlySet<string> = new Set(['md5', 'sha1', 'sha256', 'sha384', 'sha512']);

/** Methods that take a regular expression such as `/a+/g`. */
export const PATTERN_METHODS: ReadonlySet<string> = new Set(['split', 'replace', 'replaceAll', 'match', 'matchAll', 'matches', 'isMatch', 'search']);

/** Functions of texts. */
export const textMethods: Methods<string> = new Map<string, Method<string>>([
  ...same<string>(['toUpperCase', 'upper'], (text) => text.toUpperCase()),
  ...same<string>(['toLowerCase', 'lower'], (text) => text.toLowerCase()),
  ['trim', (text) => text.trim()],
  ['trimStart', (text) => text.trimStart()],
  ['trimEnd', (text) => text.trimEnd()],
  ['capitalize', (text) => text.slice(0, 1).toUpperCase() + text.slice(1)],
  ...same<string>(['toTitleCase', 'titleCase'], (text) => text.replace(/\p{L}[\p{L}\p{N}'’]*/gu, (word) => word.slice(0, 1).toUpperCase() + word.slice(1).toLowerCase())),
  ['toSentenceCase', (text) => text.slice(0, 1).toUpperCase() + text.slice(1).toLowerCase()],
  ['toSnakeCase', (text) => wordsOf(text).join('_')],
  ['toKebabCase', (text) => wordsOf(text).join('-')],
  ['toCamelCase', (text) => wordsOf(text).map((word, index) => (index === 0 ? word : word.slice(0, 1).toUpperCase() + word.slice(1))).join('')],
  ['split', (text, args, evaluation) => {
    const [separator] = args;
    const limit = numberAt(args, 1, 200_001);
    const parts = separator instanceof Pattern ? splitPattern(text, separator, limit, evaluation) : separator === undefined ? [text] : text.split(asText(separator, evaluation), limit);
    evaluation.list(parts.length);
    return parts;
  }],
  ['replace', (text, args, evaluation) => {
    const [search] = args;
    const by = textAt(args, 1, evaluation);
    if (search instanceof Pattern) return replacePattern(text, search, by, evaluation);
    return replaceText(text, asText(search, evaluation), by, false, evaluation);
  }],
  ['replaceAll', (text, args, evaluation) => {
    const [search] = args;
    const by = textAt(args, 1, evaluation);
    if (search instanceof Pattern) return replacePattern(text, search.everywhere(), by, evaluation);
    return replaceText(text, asText(search, evaluation), by, true, evaluation);
  }],
  ['match', (text, args, evaluation) => {
    const pattern = patternAt(args, evaluation);
    const found = matchAll(text, pattern, pattern.global ? Number.POSITIVE_INFINITY : 1, evaluation);
    if (found.length === 0) return null;
    return pattern.global ? found.map((one) => one[0]) : found[0];
  }],
  ['matchAll', (text, args, evaluation) => matchAll(text, patternAt(args, evaluation), Number.POSITIVE_INFINITY, evaluation)],
  ...same<string>(['matches', 'isMatch'], (text, args, evaluation) => test(text, patternAt(args, evaluation), evaluation)),
  ['search', (text, args, evaluation) => patternAt(args, evaluation).find(text, 0, evaluation)?.start ?? -1],
  ['includes', (text, args, evaluation) => text.includes(textAt(args, 0, evaluation))],
  ['contains', (text, args, evaluation) => text.includes(textAt(args, 0, evaluation))],
  ['startsWith', (text, args, evaluation) => text.startsWith(textAt(args, 0, evaluation), numberAt(args, 1, 0))],
  ['endsWith', (text, args, evaluation) => text.endsWith(textAt(args, 0, evaluation))],
  ['indexOf', (text, args, evaluation) => text.indexOf(textAt(args, 0, evaluation), numberAt(args, 1, 0))],
  ['lastIndexOf', (text, args, evaluation) => text.lastIndexOf(textAt(args, 0, evaluation))],
  ['slice', (text, args) => text.slice(numberAt(args, 0, 0), numberAt(args, 1, text.length))],
  ['substring', (text, args) => text.substring(numberAt(args, 0, 0), numberAt(args, 1, text.length))],
  ['substr', (text, args) => { const from = numberAt(args, 0, 0); const start = from < 0 ? Math.max(0, text.length + from) : from; return text.slice(start, start + Math.max(0, numberAt(args, 1, text.length))); }],
  ['charAt', (text, args) => text.charAt(numberAt(args, 0, 0))],
  ['charCodeAt', (text, args) => text.charCodeAt(numberAt(args, 0, 0))],
  ['at', (text, args) => text.at(numberAt(args, 0, 0))],
  ['first', (text, args) => text.slice(0, numberAt(args, 0, 1))],
  ['last', (text, args) => text.slice(-numberAt(args, 0, 1))],
  ['length', (text) => text.length],
  ['repeat', (text, args, evaluation) => {
    const times = Math.max(0, Math.trunc(numberAt(args, 0, 0)));
    evaluation.write(text.length * times);
    return text.repeat(times);
  }],
  ['padStart', (text, args, evaluation) => { evaluation.write(numberAt(args, 0, 0)); return text.padStart(numberAt(args, 0, 0), textAt(args, 1, evaluation, ' ')); }],
  ['padEnd', (text, args, evaluation) => { evaluation.write(numberAt(args, 0, 0)); return text.padEnd(numberAt(args, 0, 0), textAt(args, 1, evaluation, ' ')); }],
  ['concat', (text, args, evaluation) => {
    const parts = [text, ...args.map((one) => asText(one, evaluation))];
    evaluation.write(parts.reduce((chars, part) => chars + part.length, 0));
    return parts.join('');
  }],
  ['normalize', (text) => text.normalize()],
  ['localeCompare', (text, args, evaluation) => text.localeCompare(textAt(args, 0, evaluation), 'en')],
  ['truncate', (text, args, evaluation) => { const chars = numberAt(args, 0, 100); return text.length <= chars ? text : text.slice(0, chars) + textAt(args, 1, evaluation, '…'); }],
  ...same<string>(['removeTags', 'stripTags'], removeTags),
  ['removeMarkdown', (text) => text.replace(/^#{1,6} |[*_`~]|^> /gm, '')],
  ['extractEmail', (text) => emailIn(text)],
  ['extractUrl', (text) => URL_START.exec(text.slice(0, SEARCHED_CHARS))?.[0]],
  ['extractDomain', (text) => hostOf(URL_START.exec(text.slice(0, SEARCHED_CHARS))?.[0] ?? (emailIn(text)?.replace(/^[^@]*@/, 'https://') ?? `https://${text.trim()}`))],
  ['extractUrlPath', (text) => (URL.canParse(text) ? new URL(text).pathname : undefined)],
  ['isEmail', (text) => text.length <= 320 && emailIn(text) === text],
  ['isUrl', (text) => text.length <= 8_000 && URL.canParse(text) && /^(https?|ftp|mailto):/i.test(text)],
  ['isDomain', (text) => /^(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,63}$/i.test(text.slice(0, 600))],
  ['isNumeric', (text) => text.length <= 400 && text.trim() !== '' && Number.isFinite(Number(text))],
  ['urlEncode', (text, args) => (args[0] === true ? encodeURI(text.toWellFormed()) : encodeURIComponent(text.toWellFormed()))],
  ['urlDecode', (text, _args, evaluation) => decodeUrl(text, evaluation)],
  ...same<string>(['base64Encode', 'base64'], (text) => Buffer.from(text, 'utf8').toString('base64')),
  ['base64Decode', (text) => Buffer.from(text, 'base64').toString('utf8')],
  ['hash', (text, args, evaluation) => hashOf(evaluation, text, textAt(args, 0, evaluation, 'md5'))],
  ['quote', (text, args, evaluation) => { const mark = textAt(args, 0, evaluation, '"'); return `${mark}${mark === '' ? text : text.replaceAll(mark, `\\${mark}`)}${mark}`; }],
  ['toNumber', (text) => (text.trim() === '' ? Number.NaN : Number(text.slice(0, 400)))],
  ['toInt', (text) => Number.parseInt(text, 10)],
  ['toFloat', (text) => Number.parseFloat(text)],
  ['toBoolean', (text) => !['', 'false', '0', 'no', 'off'].includes(text.trim().toLowerCase())],
  ...same<string>(['toDate', 'toDateTime'], (text, _args, evaluation) => { evaluation.dated = true; return readDate(text); }),
  ['lines', (text, _args, evaluation) => { const lines = text.split(/\r?\n/, 200_001); evaluation.list(lines.length); return lines; }],
  ['words', (text, _args, evaluation) => { const words = text.trim().split(/\s+/, 200_001).filter((word) => word !== ''); evaluation.list(words.length); return words; }],
  ...same<string>(['parseJson', 'parseJSON'], (text) => parseJsonText(text)),
]);

/** Text with `search` replaced; what comes in its place is taken as it is. */
function replaceText(text: string, search: string, by: string, all: boolean, evaluation: Evaluation): string {
  if (!all) {
    evaluation.write(text.length + by.length);
    return text.replace(search, () => by);
  }
  // Counted first: a short text can grow past all memory.
  let times = search === '' ? text.length + 1 : 0;
  if (search !== '') for (let at = text.indexOf(search); at >= 0; at = text.indexOf(search, at + search.length)) times++;
  evaluation.write(text.length + times * Math.max(0, by.length - search.length) + times);
  return text.replaceAll(search, () => by);
}

const patternAt = (args: readonly unknown[], evaluation: Evaluation): Pattern =>
  (args[0] instanceof Pattern ? args[0] : new Pattern(textAt(args, 0, evaluation), textAt(args, 1, evaluation)));

const wordsOf = (text: string): string[] =>
  text.replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, '$1 $2').toLowerCase().split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');

/** Text without markup, in one walk: a regular expression would look ahead from every `<`. */
function removeTags(text: string): string {
  let plain = '';
  let at = 0;
  for (let open = text.indexOf('<'); open >= 0; open = text.indexOf('<', at)) {
    const close = text.indexOf('>', open);
    if (close < 0) break;
    plain += text.slice(at, open);
    at = close + 1;
  }
  return plain + text.slice(at);
}

const emailIn = (text: string): string | undefined => EMAIL.exec(text.slice(0, SEARCHED_CHARS))?.[0];

const hostOf = (url: string): string | undefined => (URL.canParse(url) ? new URL(url).hostname : undefined);

export function decodeUrl(text: string, evaluation: Evaluation): string {
  evaluation.read(text.length);
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) throw new ExpressionError('The text is not URL-encoded');
    throw error;
  }
}

export function hashOf(evaluation: Evaluation, text: string, algorithm: string): string {
  const name = algorithm.toLowerCase().replace('-', '');
  if (!HASHES.has(name)) throw new ExpressionError(`There is no hash "${algorithm.slice(0, 40)}". There are ${[...HASHES].join(', ')}`);
  evaluation.work(text.length / 6);
  return createHash(name).update(text).digest('hex');
}
