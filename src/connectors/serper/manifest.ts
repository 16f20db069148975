import { apiKeyHeader, choice, count, defineConnector, get, line, post, read } from '#modules/connections/kit.ts';

export const serper = defineConnector({
  id: 'serper', title: 'Serper', description: 'Google results as data.', category: 'search',
  auth: apiKeyHeader('x-api-key'), baseUrl: 'https://google.serper.dev', probe: get('/account'),
  actions: [
    read(['search', 'Search Google', 'Searches Google and returns web pages, news, pictures, places or scientific articles.'], {
      q: line('Query'),
      type: choice('What', ['search', 'news', 'images', 'videos', 'places', 'maps', 'shopping', 'scholar']).default('search'),
      gl: line('Country', 'Two letters.').optional(),
      hl: line('Language', 'Two letters.').optional(),
      location: line('Location').optional(),
      num: count('Results', 1, 100).optional(),
      page: count('Page', 1, 100).optional(),
      tbs: line('Period', 'For example qdr:d for a day, qdr:w for a week.').optional(),
    }, ({ type, ...body }) => post(`/${type}`, body)),
  ],
});
