import { count, defineConnector, get, itemsAt, line, noAuth, read } from '#modules/connections/kit.ts';

export const searxng = defineConnector({
  id: 'searxng', title: 'SearXNG', description: 'A search engine people host themselves. Its JSON format must be switched on.', category: 'search',
  auth: noAuth(), baseUrl: null, ownHost: true, probe: { ...get('/search', { q: 'test', format: 'json' }), answer: 'json' },
  actions: [
    read(['search', 'Search', 'Searches with the engines of the instance.'], {
      q: line('Query'),
      categories: line('Categories', 'For example general,news.').optional(),
      language: line('Language').optional(),
      time_range: line('Not older than', 'day, month or year.').optional(),
      pageno: count('Page', 1, 50).optional(),
      max_results: count('Results', 1, 100).default(10),
    }, ({ q, categories, language, time_range, pageno }) => ({ ...get('/search', { q, categories, language, time_range, pageno, format: 'json' }), answer: 'json' }), (body, input) => itemsAt(body, 'results').slice(0, input.max_results)),
  ],
});
