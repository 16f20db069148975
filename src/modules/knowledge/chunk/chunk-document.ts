import type { ParsedBlock, ParsedDocument } from '../parse/parsed-document.ts';
import type { Chunk, ChunkOptions } from './chunk-contract.ts';
import { countTokens } from './count-tokens.ts';
import { documentText, sentenceUnits, sum, type Unit, unitWords, wordUnits } from './text-units.ts';
import { TokenCounter } from './token-counter.ts';

/** Share of a chunk its context may take, and the share of it that must be full before a better cut is preferred. */
const CONTEXT_SHARE = 0.25;
const FULL_ENOUGH = 0.6;
/** Tokens by which the units of a text may differ from the whole. */
const SUM_ERROR = 8;

/**
 * Cuts a document into chunks; together they hold every word of it, and each is an exact slice of {@link documentText}.
 * Pure, and linear in the length of the text.
 */
export function chunkDocument(document: ParsedDocument, options: ChunkOptions): Chunk[] {
  const overlap = Math.min(options.overlap, Math.floor(options.chunkSize / 2));
  const text = documentText(document);
  const source: Source = { document, text, tokens: new TokenCounter(text), contexts: new Map(), chunkSize: options.chunkSize };
  const ranges = options.strategy === 'fixed'
    ? fixedRanges(source, wordUnits(document.blocks, source.tokens), overlap)
    : structuredRanges(source, options.strategy, overlap);
  const chunks: Chunk[] = [];
  for (const units of ranges) {
    const chunk = chunkOf(source, units, chunks.length);
    // A window may add nothing but space to what the one before it holds.
    if (chunk && chunk.end > (chunks.at(-1)?.end ?? 0)) chunks.push(chunk);
  }
  return chunks;
}

/** What is embedded and searched: the text with what a reader must know before it. */
export const embeddingText = (chunk: Pick<Chunk, 'context' | 'text'>): string =>
  chunk.context === '' ? chunk.text : `${chunk.context}\n\n${chunk.text}`;

interface Source {
  document: ParsedDocument;
  text: string;
  tokens: TokenCounter;
  /** What stands before chunks that begin in a block, remembered by the block and whether inside its table. */
  contexts: Map<string, Context>;
  chunkSize: number;
}
interface Context { text: string; tokens: number; /** With the empty line between it and the text. */ tokensBefore: number }

function fixedRanges(source: Source, units: Unit[], overlap: number): Unit[][] {
  const ranges: Unit[][] = [];
  let from = 0;
  while (from < units.length) {
    // Space between blocks belongs to the block before; the chunk begins, and has its context, where words begin.
    if (isBlank(source, units[from])) { from++; continue; }
    const to = exactly(source, units, from, fill(units, from, budgetAt(source, units[from])));
    ranges.push(units.slice(from, to));
    if (to >= units.length) break;
    from = Math.max(from + 1, stepBack(units, from, to, overlap, () => true));
  }
  return ranges;
}

const isBlank = (source: Source, unit: Unit | undefined): boolean =>
  unit !== undefined && source.text.slice(unit.start, unit.end).trim() === '';

/** Semantic and hybrid, see {@link ChunkOptions}. */
function structuredRanges(source: Source, strategy: 'semantic' | 'hybrid', overlap: number): Unit[][] {
  const pieceMax = Math.max(12, Math.floor(source.chunkSize * (1 - CONTEXT_SHARE)) - SUM_ERROR - (strategy === 'hybrid' ? overlap : 0));
  const units = sentenceUnits(source.document.blocks, pieceMax, source.tokens);
  const ranges: Unit[][] = [];
  for (const section of sectionsOf(source, units, strategy)) {
    let from = 0;
    while (from < section.length) {
      const budget = budgetAt(source, section[from]);
      const to = exactly(source, section, from, bestCut(section, from, fill(section, from, budget), budget));
      ranges.push(section.slice(from, to));
      if (to >= section.length) break;
      const back = strategy === 'hybrid' ? stepBack(section, from, to, overlap, (unit) => unit.cut !== 'section') : to;
      // The overlap must leave room for the next unit, or no progress would be made.
      from = sum(section.slice(back, to + 1)) <= budgetAt(source, section[back]) ? back : to;
    }
  }
  return ranges;
}

/** Sections as groups of units; headings without text go with what follows, and for hybrid short neighbours are joined. */
function sectionsOf(source: Source, units: readonly Unit[], strategy: 'semantic' | 'hybrid'): Unit[][] {
  const sections: Unit[][] = [];
  for (const unit of units) {
    const current = sections.at(-1);
    if (current && unit.cut !== 'section') current.push(unit);
    else sections.push([unit]);
  }
  const joined: Unit[][] = [];
  for (const section of sections) {
    const current = joined.at(-1);
    if (current && belongsTo(source, current, section, strategy)) joined[joined.length - 1] = current.concat(section);
    else joined.push(section);
  }
  return joined;
}

function belongsTo(source: Source, current: readonly Unit[], next: readonly Unit[], strategy: 'semantic' | 'hybrid'): boolean {
  const isHeading = (unit: Unit): boolean => source.document.blocks[unit.block]?.kind === 'heading';
  const size = sum(current);
  if (current.every(isHeading) && size * 2 < source.chunkSize) return true;
  return strategy === 'hybrid' && size * 2 < source.chunkSize && size + sum(next) <= budgetAt(source, current[0]);
}

/** Tokens left for text after the context of a chunk that begins with this unit. */
const budgetAt = (source: Source, unit: Unit | undefined): number =>
  unit ? Math.max(1, source.chunkSize - contextAt(source, unit).tokens - 2) : source.chunkSize;

/** How far a chunk from `from` reaches: at least one unit. */
function fill(units: readonly Unit[], from: number, budget: number): number {
  let tokens = 0;
  let to = from;
  for (let unit = units[to]; unit && (to === from || tokens + unit.tokens <= budget); unit = units[to]) {
    tokens += unit.tokens;
    to++;
  }
  return to;
}

/** Takes units off the end until the chunk, counted whole, fits; a unit that alone does not is replaced by its words. */
function exactly(source: Source, units: Unit[], from: number, to: number): number {
  let end = to;
  for (;;) {
    if ((chunkOf(source, units.slice(from, end), 0)?.tokens ?? 0) <= source.chunkSize) return end;
    if (end - from > 1) { end--; continue; }
    const words = unitWords(source.text, units[from], source.tokens);
    if (words.length < 2) return end;
    units.splice(from, 1, ...words);
    end = fill(units, from, budgetAt(source, units[from]));
  }
}

/** The last cut of the best kind in the part of the chunk that may go unfilled. */
function bestCut(units: readonly Unit[], from: number, to: number, budget: number): number {
  if (to >= units.length) return to;
  for (const kind of ['section', 'paragraph', 'sentence'] as const) {
    let tokens = sum(units.slice(from, to));
    for (let cut = to; cut > from && tokens >= budget * FULL_ENOUGH; cut--) {
      if (units[cut]?.cut === kind) return cut;
      tokens -= units[cut - 1]?.tokens ?? 0;
    }
  }
  return to;
}

/** Where the next chunk begins so that it repeats at most `overlap` tokens. */
function stepBack(units: readonly Unit[], from: number, to: number, overlap: number, mayCross: (unit: Unit) => boolean): number {
  let start = to;
  let tokens = 0;
  for (let unit = units[start - 1]; unit && start - 1 > from; unit = units[start - 1]) {
    const next = units[start];
    if (tokens + unit.tokens > overlap || (next && !mayCross(next))) break;
    tokens += unit.tokens;
    start--;
  }
  return start;
}

/** Null for units that are nothing but space. */
function chunkOf(source: Source, units: readonly Unit[], index: number): Chunk | null {
  const first = units.find((unit) => !isBlank(source, unit));
  const last = units.at(-1);
  if (!first || !last) return null;
  const raw = source.text.slice(first.start, last.end);
  const start = first.start + (raw.length - raw.trimStart().length);
  const text = raw.trim();
  const context = contextAt(source, first);
  const block = source.document.blocks[first.block];
  return {
    index, text, context: context.text, start, end: start + text.length, page: block?.page ?? null,
    heading: block ? pathOf(block) : [], tokens: Math.max(1, tokensWith(source, context, text, start)),
  };
}

const pathOf = (block: ParsedBlock): string[] => (block.kind === 'heading' ? [...block.heading, block.text] : block.heading);

/** Path of headings, and inside a table of `|` rows its header row. */
function contextAt(source: Source, unit: Unit): Context {
  const block = source.document.blocks[unit.block];
  if (!block) return { text: '', tokens: 0, tokensBefore: 0 };
  const insideTable = block.kind === 'table' && block.text.startsWith('|') && unit.cut !== 'paragraph' && unit.cut !== 'section';
  const header = insideTable ? block.text.slice(0, Math.max(0, block.text.indexOf('\n'))) : '';
  const key = JSON.stringify([block.heading, header]);
  const known = source.contexts.get(key);
  if (known) return known;
  const text = shortened(block.heading, header, Math.floor(source.chunkSize * CONTEXT_SHARE));
  const context = { text, tokens: countTokens(text), tokensBefore: text === '' ? 0 : countTokens(`${text}\n\n`) };
  source.contexts.set(key, context);
  return context;
}

/** As counting {@link embeddingText}: an empty line parts its two halves for the tokenizer as well, unless a slash follows. */
const tokensWith = (source: Source, context: Context, text: string, start: number): number =>
  context.text !== '' && text.startsWith('/') ? countTokens(embeddingText({ context: context.text, text })) : context.tokensBefore + source.tokens.exact(start, start + text.length);

/** The innermost titles say most; of a header row that is too long, its beginning. */
function shortened(titles: readonly string[], header: string, tokensMax: number): string {
  let path = titles.map((title) => title.slice(0, 200));
  let row = header.slice(0, 2000);
  const build = (): string => [path.join(' > '), row].filter((part) => part !== '').join('\n');
  while (countTokens(build()) > tokensMax) {
    if (path.length > 1) path = path.slice(1);
    else if (row.length > 40) row = row.slice(0, Math.floor(row.length / 2));
    else if (row !== '') row = '';
    else path = (path[0]?.length ?? 0) > 10 ? [path[0]?.slice(0, Math.floor((path[0]?.length ?? 0) / 2)) ?? ''] : [];
  }
  return build().toWellFormed();
}
