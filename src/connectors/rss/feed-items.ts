
/** One entry of a feed. */
export interface FeedItem { title: string; link: string; text: string; author: string; date: string; id: string; categories: string[] }

/** The entries of an RSS 2.0, RSS 1.0 or Atom (RFC 4287) document, in its order; empty for anything else. */
export async function feedItems(xml: string): Promise<FeedItem[]> {
  // Loaded on first use: most servers never read such a page.
  const { load } = await import('cheerio');
  const feed = load(xml, { xml: true });
  /** Entries carry HTML as escaped text. */
  const plain = (html: string): string => (/[<&]/.test(html) ? load(html).root().text() : html).replace(/\s+/g, ' ').trim();
  const firstOf = (element: Parameters<typeof feed>[0], names: readonly string[]): string => {
    for (const name of names) {
      const found = feed(element).children(name.replace(':', String.raw`\:`)).first().text().trim();
      if (found !== '') return found;
    }
    return '';
  };
  return feed('item, entry').toArray().map((element) => {
    const entry = feed(element);
    const link = entry.children('link[rel="alternate"]').attr('href') ?? entry.children('link[href]').first().attr('href') ?? firstOf(element, ['link']);
    return {
      title: plain(firstOf(element, ['title'])), link, text: plain(firstOf(element, ['content:encoded', 'content', 'description', 'summary'])),
      author: firstOf(element, ['dc:creator', 'author']), date: firstOf(element, ['pubDate', 'published', 'updated', 'dc:date']), id: firstOf(element, ['guid', 'id']) || link,
      categories: entry.children('category').toArray().map((category) => feed(category).attr('term') ?? feed(category).text().trim()).filter((category) => category !== ''),
    };
  });
}
