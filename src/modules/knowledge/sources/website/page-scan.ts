import { createHash } from 'node:crypto';
import { decodeText, markupCharset } from '../../parse/encoding.ts';
import { type MarkupEvents, readMarkup } from './markup-tokens.ts';
import { metaDirectives, type RobotsDirectives } from './robots-directives.ts';

/** What a crawl wants to know of a page. Its text is read by the parser of documents, not here. */
export interface PageScan extends RobotsDirectives {
  title: string | null;
  /** As written, with the address they are relative to, if the page names one. */
  links: readonly string[];
  base: string | null;
  canonical: string | null;
  /** Where the page sends its visitors by itself at once. */
  refresh: string | null;
  /** Of the words and the structure they stand in, not of attributes and scripts, which differ from answer to answer. */
  hash: string;
  /** Characters a visitor without scripts sees, without spaces. */
  characters: number;
  hasScripts: boolean;
  /** The first words outside menus. */
  sample: string;
}

const LINKS_MAX = 5000;
const SAMPLE_CHARACTERS = 300;
const TITLE_CHARACTERS = 300;
/** Not shown, or only where scripts do not run. */
const UNSEEN = new Set(['script', 'style', 'noscript', 'template', 'svg', 'textarea', 'select', 'title']);
const MENUS = new Set(['nav', 'header', 'footer', 'aside']);
const STRUCTURE = new Set(['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'p', 'li', 'table', 'tr', 'td', 'th', 'pre', 'blockquote', 'dt', 'dd', 'br', 'div', 'section']);

/**
 * Looks through a page once. `charset` is what its server says; `agent` our name among robots. Never throws for what a
 * page holds.
 */
export async function scanPage(bytes: Uint8Array, { charset, agent, signal }: { charset: string | null; agent: string; signal: AbortSignal }): Promise<PageScan> {
  const { text } = decodeText(bytes, markupCharset(bytes), charset);
  const scanner = new PageScanner(agent);
  await readMarkup(text, scanner, { xml: false, signal });
  return scanner.result();
}

class PageScanner implements MarkupEvents {
  readonly #agent: string;
  readonly #hash = createHash('sha256');
  #unhashed = '';
  readonly #links = new Set<string>();
  readonly #inside = new Map<string, number>();
  #unseen = 0;
  #menus = 0;
  #title = '';
  #heading = '';
  #base: string | null = null;
  #canonical: string | null = null;
  #refresh: string | null = null;
  #directives: RobotsDirectives = { noindex: false, nofollow: false };
  #characters = 0;
  #hasScripts = false;
  #sample = '';
  #menuSample = '';
  #spaced = true;

  constructor(agent: string) {
    this.#agent = agent.toLowerCase();
  }

  open(name: string, attributes: ReadonlyMap<string, string>, closed: boolean): void {
    if (!closed || name !== 'svg') this.#count(name, 1);
    if (STRUCTURE.has(name)) this.#break(`<${name}>`);
    switch (name) {
      case 'a': case 'area':
        if (!/\bnofollow\b/i.test(attributes.get('rel') ?? '')) this.#link(attributes.get('href'));
        break;
      case 'frame': case 'iframe': this.#link(attributes.get('src')); break;
      case 'base': this.#base ??= attributes.get('href') ?? null; break;
      case 'link':
        if (/(^|\s)canonical(\s|$)/i.test(attributes.get('rel') ?? '')) this.#canonical ??= attributes.get('href') ?? null;
        break;
      case 'meta': this.#meta(attributes); break;
      case 'script': this.#hasScripts = true; break;
      case 'img': this.text(` ${attributes.get('alt') ?? ''} `); break;
      default:
    }
  }

  close(name: string): void {
    this.#count(name, -1);
    if (STRUCTURE.has(name)) this.#break('');
  }

  text(text: string): void {
    if (this.#unseen > 0 && this.#in('title') && !this.#in('svg') && this.#title.length < TITLE_CHARACTERS) this.#title += text.slice(0, 2 * TITLE_CHARACTERS);
    if (this.#unseen > 0) return;
    let plain = text.replace(/\s+/g, ' ');
    if (this.#spaced) plain = plain.replace(/^ /, '');
    if (plain === '') return;
    this.#spaced = plain.endsWith(' ');
    this.#hashed(plain);
    this.#characters += plain.replaceAll(' ', '').length;
    if (this.#in('h1') && this.#heading.length < TITLE_CHARACTERS) this.#heading += plain.slice(0, 2 * TITLE_CHARACTERS);
    if (this.#menus > 0) {
      if (this.#menuSample.length < SAMPLE_CHARACTERS) this.#menuSample += plain;
    } else if (this.#sample.length < SAMPLE_CHARACTERS) this.#sample += plain;
  }

  result(): PageScan {
    const title = tidy(this.#title) || tidy(this.#heading);
    return {
      ...this.#directives, title: title === '' ? null : title.slice(0, TITLE_CHARACTERS), links: [...this.#links],
      base: this.#base, canonical: this.#canonical, refresh: this.#refresh,
      hash: this.#hash.update(`${this.#unhashed}\0${title}`).digest('base64url'), characters: this.#characters, hasScripts: this.#hasScripts,
      sample: (tidy(this.#sample) || tidy(this.#menuSample)).slice(0, SAMPLE_CHARACTERS),
    };
  }

  #meta(attributes: ReadonlyMap<string, string>): void {
    const content = attributes.get('content')?.slice(0, 2000) ?? '';
    const name = attributes.get('name')?.trim().toLowerCase();
    if (name === 'robots' || name === this.#agent) {
      const { noindex, nofollow } = metaDirectives(content);
      this.#directives = { noindex: this.#directives.noindex || noindex, nofollow: this.#directives.nofollow || nofollow };
    }
    if (attributes.get('http-equiv')?.trim().toLowerCase() !== 'refresh' || this.#in('noscript')) return;
    const [, seconds = '', target] = /^\s*(\d{1,9})(?:\.\d*)?\s*[;,]\s*(?:url\s*=\s*)?["']?([^"']+)/i.exec(content) ?? [];
    if (target === undefined) return;
    if (Number(seconds) <= 1) this.#refresh ??= target.trim();
    else this.#link(target);
  }

  #link(href: string | undefined): void {
    if (href !== undefined && href.length <= 4000 && this.#links.size < LINKS_MAX && !href.startsWith('#')) this.#links.add(href);
  }

  /** An element that stands for itself begins or ends: what follows is another word. */
  #break(mark: string): void {
    this.#hashed(mark);
    if (this.#spaced) return;
    this.#spaced = true;
    this.#sample += ' ';
    this.#menuSample += ' ';
    if (this.#in('h1')) this.#heading += ' ';
  }

  #hashed(text: string): void {
    this.#unhashed += text;
    if (this.#unhashed.length < 16_384) return;
    this.#hash.update(this.#unhashed);
    this.#unhashed = '';
  }

  /** Elements may be closed that were never opened; those left open stay open. */
  #count(name: string, step: 1 | -1): void {
    const isUnseen = UNSEEN.has(name);
    const isMenu = MENUS.has(name);
    if (!isUnseen && !isMenu && name !== 'h1') return;
    const open = this.#inside.get(name) ?? 0;
    if (open + step < 0) return;
    this.#inside.set(name, open + step);
    if (isUnseen) this.#unseen += step;
    if (isMenu) this.#menus += step;
  }

  #in(name: string): boolean {
    return (this.#inside.get(name) ?? 0) > 0;
  }
}

const tidy = (text: string): string => text.toWellFormed().replace(/\s+/g, ' ').trim();
