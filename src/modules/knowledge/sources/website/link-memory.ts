import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';
import { z } from 'zod';

/*
 * The links of the pages of the last reading. A page that did not change is not sent again, but its links are still to be
 * followed; and a page that cannot be fetched today must not make what it links to look gone. Sites repeat their menus on
 * every page, so the lists pack to some 100 bytes a page. What does not fit is left out: such a page is fetched anew.
 */

const Checkpoint = z.object({
  /** Of {@link Links}, packed. */
  links: z.string(),
  /** Sitemaps that were read. */
  sitemaps: z.int(),
});
const Links = z.object({ addresses: z.array(z.string()), pages: z.array(z.tuple([z.int(), z.array(z.int())])) });
type Links = z.infer<typeof Links>;

const PACKED_CHARACTERS_MAX = 256 * 1024;
const UNPACKED_BYTES_MAX = 32 * 1024 * 1024;
/** Links kept in memory while reading, for all pages together. */
const LINKS_MAX = 2_000_000;

export interface LinkMemory {
  /** The links of a page in the last reading; null where that is not known. */
  linksOf(page: string): readonly string[] | null;
  /** Sitemaps that the last reading had. */
  sitemaps: number;
}

/** Reads what {@link LinkRecorder.checkpoint} wrote; anything else counts as nothing. */
export async function readLinkMemory(checkpoint: Readonly<Record<string, unknown>> | null): Promise<LinkMemory> {
  const stored = Checkpoint.safeParse(checkpoint).data;
  const { addresses, pages } = (stored && await unpack(stored.links)) ?? { addresses: [], pages: [] };
  const byPage = new Map(pages.map(([page, links]) => [addresses[page], links]));
  return {
    linksOf: (page) => byPage.get(page)?.flatMap((link) => addresses[link] ?? []) ?? null,
    sitemaps: stored?.sitemaps ?? 0,
  };
}

async function unpack(packed: string): Promise<Links | null> {
  try {
    const bytes = await promisify(inflateRaw)(Buffer.from(packed, 'base64'), { maxOutputLength: UNPACKED_BYTES_MAX });
    return Links.safeParse(JSON.parse(bytes.toString('utf8'))).data ?? null;
  } catch {
    return null; // damaged: everything is fetched anew
  }
}

/** Collects the links of this reading for the next. */
export class LinkRecorder {
  readonly #numbers = new Map<string, number>();
  readonly #pages = new Map<number, number[]>();
  #links = 0;

  record(page: string, links: readonly string[]): void {
    this.#links += links.length;
    if (this.#links <= LINKS_MAX) this.#pages.set(this.#number(page), links.map((link) => this.#number(link)));
  }

  /** What the next reading needs, of at most 256 KiB: if not all fits, the pages that were found first. */
  async checkpoint(sitemaps: number): Promise<Record<string, unknown>> {
    for (let pages = [...this.#pages]; ; pages = pages.slice(0, Math.floor(pages.length / 2))) {
      const links = await pack(this.#only(pages));
      if (links !== null) return { links, sitemaps } satisfies z.infer<typeof Checkpoint>;
    }
  }

  #number(address: string): number {
    const number = this.#numbers.get(address) ?? this.#numbers.size;
    this.#numbers.set(address, number);
    return number;
  }

  #only(pages: Links['pages']): Links {
    const all = [...this.#numbers.keys()];
    const numbers = new Map<number, number>();
    const renumbered = (number: number) => {
      const now = numbers.get(number) ?? numbers.size;
      numbers.set(number, now);
      return now;
    };
    const kept = pages.map(([page, links]): Links['pages'][number] => [renumbered(page), links.map(renumbered)]);
    return { addresses: [...numbers.keys()].map((number) => all[number] ?? ''), pages: kept };
  }
}

/** Null where it is too much. */
async function pack(links: Links): Promise<string | null> {
  const json = JSON.stringify(links);
  if (json.length > UNPACKED_BYTES_MAX) return null;
  const packed = (await promisify(deflateRaw)(json, { level: 9 })).toString('base64');
  return packed.length <= PACKED_CHARACTERS_MAX ? packed : null;
}
