import { apiKeyHeader, choice, count, defineConnector, get, line, read } from '#modules/connections/kit.ts';

export const bingSearch = defineConnector({
  id: 'bing-search', title: 'Bing Search', description: 'Web search by Microsoft (version 7 of its API).', category: 'search',
  auth: apiKeyHeader('ocp-apim-subscription-key'), baseUrl: 'https://api.bing.microsoft.com/v7.0', ownHost: true, probe: get('/search', { q: 'test', count: 1 }),
  actions: [
    read(['search', 'Search', 'Searches the web, news or pictures.'], {
      q: line('Query'),
      type: choice('What', ['search', 'news/search', 'images/search']).default('search'),
      count: count('Results', 1, 50).default(10),
      offset: count('Skip', 0, 1000).optional(),
      mkt: line('Market', 'For example en-US.').optional(),
      freshness: line('Not older than', 'Day, Week or Month.').optional(),
    }, ({ type, ...query }) => get(`/${type}`, query)),
  ],
});
