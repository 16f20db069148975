import { SourceError } from '../source-reader.ts';
import { isTrashed, plainId, type NotionClient, type NotionDataSource, type NotionPage, type NotionParent } from './notion-client.ts';

/** What was asked for and cannot be had. */
export interface Missing { written: string; message: string }

/** Things a search may name; more are not kept in mind. */
const SEARCHED_MAX = 50_000;
/** Steps from a page to the place that was chosen. */
const ANCESTORS_MAX = 50;

/**
 * Finds the pages to read: those chosen with all that is below them, or everything the integration may read. Notion's
 * search lags behind and promises no completeness, so entries of databases are also listed there, pages named in other pages
 * are asked for, and so is what was there the last time.
 */
export class PageFinder {
  readonly #client: NotionClient;
  readonly #chosen: readonly string[];
  readonly #given = new Set<string>();
  readonly #pages = new Map<string, NotionPage>();
  readonly #sources = new Map<string, NotionDataSource | null>();
  readonly #blocks = new Map<string, NotionParent | null>();
  /** Roots by id: pages, databases and their tables. Null while everything is read. */
  #roots: Set<string> | null = null;
  #mentioned: { kind: 'page' | 'database'; id: string }[] = [];
  readonly missing: Missing[] = [];

  /** @param chosen addresses or ids as they were written. Throws {@link SourceError} for what is neither. */
  constructor(client: NotionClient, chosen: readonly string[]) {
    this.#client = client;
    this.#chosen = chosen;
    for (const written of chosen) idIn(written);
  }

  /** A page or database that a page which was just given holds. */
  mention(kind: 'page' | 'database', id: string): void { this.#mentioned.push({ kind, id }); }

  /** Each page once. `before` are ids that were there the last time. */
  async* pages(before: readonly string[]): AsyncGenerator<NotionPage> {
    const tables: string[] = [];
    if (this.#chosen.length > 0) yield* this.#fresh(await this.#findChosen(tables));
    if (this.#roots === null || this.#roots.size > 0) {
      for await (const one of this.#client.search()) {
        if (this.#pages.size + this.#sources.size >= SEARCHED_MAX) break;
        if (one.object === 'data_source') this.#sources.set(plainId(one.id), one);
        else if (this.#roots) this.#pages.set(plainId(one.id), one);
        else yield* this.#fresh([one]);
      }
      for (const page of this.#pages.values()) if (await this.#isBelow(page.parent)) yield* this.#fresh([page]);
      for (const source of this.#sources.values()) if (source && !isTrashed(source) && (await this.#isChosenSource(source))) tables.push(source.id);
    }
    for (const table of new Set(tables)) yield* this.#entries(table);
    for (let next = this.#mentioned.shift(); next; next = this.#mentioned.shift()) yield* this.#follow(next);
    for (const id of before) {
      if (this.#given.has(plainId(id))) continue;
      const page = await this.#client.page(id);
      if (page && (this.#roots?.has(plainId(page.id)) || await this.#isBelow(page.parent))) yield* this.#fresh([page]);
      for (let next = this.#mentioned.shift(); next; next = this.#mentioned.shift()) yield* this.#follow(next);
    }
  }

  *#fresh(pages: Iterable<NotionPage>): Generator<NotionPage> {
    for (const page of pages) {
      const id = plainId(page.id);
      if (this.#given.has(id) || isTrashed(page)) continue;
      this.#given.add(id);
      yield page;
    }
  }

  async* #entries(table: string): AsyncGenerator<NotionPage> {
    for await (const page of this.#client.entries(table)) yield* this.#fresh([page]);
  }

  async* #follow({ kind, id }: { kind: 'page' | 'database'; id: string }): AsyncGenerator<NotionPage> {
    if (this.#given.has(plainId(id))) return;
    if (kind === 'page') {
      const page = this.#pages.get(plainId(id)) ?? await this.#client.page(id);
      if (page) yield* this.#fresh([page]);
      return;
    }
    this.#given.add(plainId(id));
    for (const table of await this.#client.database(id) ?? []) yield* this.#entries(table);
  }

  /** The chosen pages; tables of chosen databases go into `tables`. */
  async #findChosen(tables: string[]): Promise<NotionPage[]> {
    const roots = new Set<string>();
    const pages: NotionPage[] = [];
    for (const written of this.#chosen) {
      const id = idIn(written);
      const page = await this.#client.page(id);
      const own = page ? [] : await this.#client.database(id) ?? ((await this.#client.dataSource(id)) ? [id] : null);
      if (own === null) {
        this.missing.push({ written, message: 'There is no such page or database, or it is not shared with the integration. In Notion, open it, choose ••• and Connections, and add the integration.' });
        continue;
      }
      if (page) pages.push(page);
      tables.push(...own);
      for (const root of [id, ...own]) roots.add(plainId(root));
    }
    this.#roots = roots;
    return pages;
  }

  /** Whether something with this parent lies below what was chosen. */
  async #isBelow(parent: NotionParent): Promise<boolean> {
    if (this.#roots === null) return true;
    let at: NotionParent | null | undefined = parent;
    for (let step = 0; at && step < ANCESTORS_MAX; step += 1) {
      const ids: (string | undefined)[] = [at.page_id, at.block_id, at.data_source_id, at.database_id];
      if (ids.some((id) => id !== undefined && this.#roots?.has(plainId(id)))) return true;
      at = await this.#parentOf(at);
    }
    return false;
  }

  async #isChosenSource(source: NotionDataSource): Promise<boolean> {
    return this.#roots === null || this.#roots.has(plainId(source.id)) || await this.#isBelow(source.parent) || (source.database_parent !== undefined && await this.#isBelow(source.database_parent));
  }

  /** What the parent itself lies in. */
  async #parentOf({ page_id: page, block_id: block, data_source_id: source, database_id: database }: NotionParent): Promise<NotionParent | null | undefined> {
    if (page !== undefined) return (this.#pages.get(plainId(page)) ?? await this.#remember(page))?.parent;
    if (block !== undefined) return this.#blockParent(block);
    const table = source !== undefined ? await this.#source(source) : [...this.#sources.values()].find((one) => one?.parent.database_id !== undefined && database !== undefined && plainId(one.parent.database_id) === plainId(database));
    return table?.database_parent;
  }

  async #remember(id: string): Promise<NotionPage | null> {
    const page = await this.#client.page(id);
    if (page) this.#pages.set(plainId(id), page);
    return page;
  }

  async #source(id: string): Promise<NotionDataSource | null> {
    const known = this.#sources.get(plainId(id));
    if (known !== undefined) return known;
    const source = await this.#client.dataSource(id);
    this.#sources.set(plainId(id), source);
    return source;
  }

  async #blockParent(id: string): Promise<NotionParent | null> {
    const known = this.#blocks.get(plainId(id));
    if (known !== undefined) return known;
    const parent = (await this.#client.block(id))?.parent ?? null;
    this.#blocks.set(plainId(id), parent);
    return parent;
  }
}

/** The id in an address of Notion, or written alone. Throws {@link SourceError}. */
export function idIn(written: string): string {
  const url = URL.canParse(written) ? new URL(written) : null;
  // A page that is shown beside its database stands behind `p=`; what is behind `v=` is a view.
  const places = url ? [url.searchParams.get('p') ?? '', decodedPath(url)] : [written.trim()];
  for (const place of places) {
    const found = [...place.matchAll(/[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}(?![0-9a-f])/gi)].at(-1)?.[0];
    if (found) return plainId(found).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  }
  throw new SourceError('settings', `“${written.slice(0, 100)}” is no address or id of a page. Copy it in Notion with “Copy link”.`);
}

function decodedPath(url: URL): string {
  try {
    return decodeURIComponent(url.pathname);
  } catch {
    return url.pathname;
  }
}
