import { count, defineConnector, get, line, noAuth, read, type HttpCall } from '#modules/connections/kit.ts';

const htmlSearch = (q: string, region: string): HttpCall => ({ method: 'POST', path: 'https://html.duckduckgo.com/html/', form: { q, kl: region }, answer: 'text' });

export const duckduckgo = defineConnector({
  id: 'duckduckgo', title: 'DuckDuckGo', description: 'Web search without an account.', category: 'search',
  auth: noAuth(), baseUrl: 'https://api.duckduckgo.com', hosts: ['html.duckduckgo.com'],
  actions: [
    read(['search', 'Search the web', 'Searches the web and returns titles, addresses and snippets.'], {
      query: line('Query'), max_results: count('Results', 1, 30).default(5), region: line('Region', 'For example us-en; wt-wt for everywhere.').default('wt-wt'),
    }, ({ query, region }) => htmlSearch(query, region), async (page, input) => (await results(String(page))).slice(0, input.max_results)),
    read(['instant-answer', 'Instant answer', 'A short answer about a person, place or thing, where there is one.'], { query: line('Query') },
      ({ query }) => ({ ...get('/', { q: query, format: 'json', no_html: 1, skip_disambig: 1 }), answer: 'json' })),
  ],
});

/** The results of the page for browsers without scripts; links lead over a counter that names the target in `uddg`. */
async function results(html: string): Promise<{ title: string; url: string; snippet: string }[]> {
  // Loaded on first use: most servers never read such a page.
  const { load } = await import('cheerio');
  const page = load(html);
  return page('.result').not('.result--ad').toArray().flatMap((element) => {
    const link = page(element).find('a.result__a').first();
    const href = link.attr('href');
    if (!href || !URL.canParse(href, 'https://duckduckgo.com')) return [];
    const address = new URL(href, 'https://duckduckgo.com');
    return [{ title: link.text().trim(), url: address.searchParams.get('uddg') ?? address.href, snippet: page(element).find('.result__snippet').first().text().trim() }];
  });
}
