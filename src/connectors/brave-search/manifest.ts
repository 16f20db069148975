import { apiKeyHeader, choice, count, defineConnector, get, line, read } from '#modules/connections/kit.ts';

export const braveSearch = defineConnector({
  id: 'brave-search', title: 'Brave Search', description: 'Search in an index of its own.', category: 'search',
  auth: apiKeyHeader('x-subscription-token'), baseUrl: 'https://api.search.brave.com/res/v1', headers: { accept: 'application/json' },
  actions: [
    read(['search', 'Search the web', 'Searches web pages, news, pictures or videos.'], {
      q: line('Query').max(400),
      type: choice('What', ['web', 'news', 'images', 'videos']).default('web'),
      count: count('Results', 1, 20).default(10),
      offset: count('Page', 0, 9).optional(),
      country: line('Country', 'Two letters.').optional(),
      search_lang: line('Language', 'Two letters.').optional(),
      freshness: line('Not older than', 'pd, pw, pm or py for a day, week, month or year.').optional(),
    }, ({ type, ...query }) => get(`/${type}/search`, query)),
  ],
});
