import type { Passage } from '../ports.ts';
import { analyze } from './lexical.ts';

/** A sentence of a passage chosen to answer. `passage` is the 0-based index into the passages. */
export interface Quote { text: string; passage: number }

export interface Quotes {
  quotes: readonly Quote[];
  /** False when no sentence shares a term with the question and the quote is merely the best-ranked passage. */
  matched: boolean;
}

const PASSAGES_MAX = 20;
const PASSAGE_CHARS_MAX = 6_000;
const QUOTES_MAX = 3;
const QUOTE_CHARS_MAX = 420;
/** A further sentence is quoted only when it scores this share of the best one, or covers new terms. */
const FURTHER_SHARE = 0.6;

interface Sentence { text: string; passage: number; position: number; terms: ReadonlySet<string>; length: number }

/**
 * Picks up to three sentences that answer the question best, by weighted shared terms (rare terms count more, long
 * sentences less, better-ranked passages a little more). Works in every language `analyze` works in.
 */
export function pickQuotes(question: string, passages: readonly Passage[]): Quotes {
  const sentences = passages.slice(0, PASSAGES_MAX).flatMap((passage, index) => sentencesOf(passage.text.slice(0, PASSAGE_CHARS_MAX), index));
  const asked = analyze(question, { query: true });
  const weights = termWeights(asked, sentences);
  const ranked = sentences
    .map((sentence) => ({ sentence, score: scoreOf(sentence, weights, passages) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score);
  const [best] = ranked;
  if (!best) {
    const first = sentences[0];
    return { quotes: first ? [{ text: cut(first.text), passage: first.passage }] : [], matched: false };
  }
  const chosen = [best.sentence];
  const covered = new Set(asked.filter((term) => best.sentence.terms.has(term)));
  for (const { sentence, score } of ranked.slice(1)) {
    if (chosen.length >= QUOTES_MAX) break;
    if (chosen.some((one) => isSameText(one, sentence))) continue;
    const adds = asked.some((term) => sentence.terms.has(term) && !covered.has(term));
    if (score < best.score * (adds ? 0.35 : FURTHER_SHARE)) continue;
    chosen.push(sentence);
    for (const term of asked) if (sentence.terms.has(term)) covered.add(term);
  }
  const quotes = chosen.map((sentence) => ({ text: cut(withAnswer(sentence, sentences)), passage: sentence.passage }));
  // A heading and the sentence under it both lead to that sentence.
  return { quotes: quotes.filter((quote, index) => quotes.findIndex((other) => other.text === quote.text) === index), matched: true };
}

/** Rarity of each asked term among the sentences at hand; terms that occur nowhere are left out. */
function termWeights(asked: readonly string[], sentences: readonly Sentence[]): Map<string, number> {
  const weights = new Map<string, number>();
  for (const term of asked) {
    let holding = 0;
    for (const sentence of sentences) if (sentence.terms.has(term)) holding++;
    if (holding > 0) weights.set(term, Math.log(1 + sentences.length / holding));
  }
  return weights;
}

function scoreOf(sentence: Sentence, weights: ReadonlyMap<string, number>, passages: readonly Passage[]): number {
  let sum = 0;
  for (const [term, weight] of weights) if (sentence.terms.has(term)) sum += weight;
  if (sum === 0) return 0;
  const brevity = 1 / Math.sqrt(1 + sentence.length / 25);
  const rank = 1 + 0.3 * (1 - sentence.passage / Math.max(1, passages.length));
  return sum * brevity * rank;
}

/** A heading or a question says little alone: what follows it is the answer. A question is quoted with it, a heading is not. */
function withAnswer(sentence: Sentence, sentences: readonly Sentence[]): string {
  const opens = /[?？؟:：]$/.test(sentence.text) || /^(#|q\s*[:.)])/i.test(sentence.text) || sentence.length <= 3;
  if (!opens) return sentence.text;
  const next = sentences.find((other) => other.passage === sentence.passage && other.position === sentence.position + 1);
  if (!next) return sentence.text;
  return /[\p{P}]$/u.test(sentence.text) ? `${sentence.text} ${next.text}` : next.text;
}

const isSameText = (a: Sentence, b: Sentence): boolean =>
  a.text === b.text || (a.passage === b.passage && b.position - a.position === 1 && /[?？؟:：]$/.test(a.text));

const segmenter = new Intl.Segmenter('und', { granularity: 'sentence' });

function sentencesOf(text: string, passage: number): Sentence[] {
  const sentences: Sentence[] = [];
  for (const line of paragraphsOf(text)) {
    for (const part of segmenter.segment(line)) {
      const plain = tidy(part.segment);
      if (!/[\p{L}\p{N}]/u.test(plain)) continue;
      const terms = analyze(plain);
      if (terms.length > 0) sentences.push({ text: plain, passage, position: sentences.length, terms: new Set(terms), length: terms.length });
    }
  }
  return sentences;
}

/** Hard-wrapped lines belong together; empty lines, list items, headings and table rows stand alone. */
function paragraphsOf(text: string): string[] {
  const paragraphs: string[] = [];
  let open = false;
  for (const line of text.split(/\r?\n/)) {
    const standsAlone = /^\s*([-*+•#>|]|\d+[.)]\s)/.test(line) || line.includes(' | ');
    if (line.trim() === '') open = false;
    else if (open && !standsAlone) paragraphs.push(`${paragraphs.pop() ?? ''} ${line}`);
    else { paragraphs.push(line); open = !/^\s*[#|]/.test(line); }
  }
  return paragraphs;
}

/**
 * One line without list marks and emphasis. Text that looks like a citation marker (`[3]`) is a document's own and
 * must not pass for ours, so it gets round brackets.
 */
const tidy = (text: string): string =>
  text.replace(/\s+/g, ' ').trim()
    .replace(/^(#{1,6}|[-*+•>]|\d+[.)])\s+/, '').replace(/\*\*|__/g, '')
    .replace(/\[(\d+)\]/g, '($1)');

function cut(text: string): string {
  if (text.length <= QUOTE_CHARS_MAX) return text;
  const head = text.slice(0, QUOTE_CHARS_MAX);
  const space = head.lastIndexOf(' ');
  return `${space > QUOTE_CHARS_MAX / 2 ? head.slice(0, space) : head} …`;
}
