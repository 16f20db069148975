import { choice, count, defineConnector, line, noAuth, read } from '#modules/connections/kit.ts';

export const arxiv = defineConnector({
  id: 'arxiv', title: 'arXiv', description: 'Scientific papers that everybody may read.', category: 'search',
  auth: noAuth(), baseUrl: 'https://export.arxiv.org',
  actions: [
    read(['search', 'Search papers', 'Finds papers and returns titles, authors, summaries and addresses.'], {
      search_query: line('Query', 'Words, or fields such as au:curie AND ti:radium.'),
      max_results: count('Papers', 1, 100).default(5),
      start: count('Skip', 0, 10_000).default(0),
      sortBy: choice('Order', ['relevance', 'lastUpdatedDate', 'submittedDate']).default('relevance'),
    }, (query) => ({ method: 'GET', path: '/api/query', query, answer: 'text' }), async (body) => papers(String(body))),
  ],
});

/** The entries of an Atom feed (RFC 4287). */
async function papers(xml: string): Promise<object[]> {
  // Loaded on first use: most servers never read such a page.
  const { load } = await import('cheerio');
  const feed = load(xml, { xml: true });
  const squeezed = (text: string) => text.replace(/\s+/g, ' ').trim();
  return feed('entry').toArray().map((element) => {
    const entry = feed(element);
    return {
      id: entry.children('id').text().trim(), title: squeezed(entry.children('title').text()), text: squeezed(entry.children('summary').text()),
      authors: entry.find('author > name').toArray().map((name) => feed(name).text().trim()), published: entry.children('published').text().trim(),
      pdf: entry.children('link[title="pdf"]').attr('href') ?? null,
    };
  });
}
