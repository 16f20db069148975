import { bearer, defineConnector, get, line, read, count } from '#modules/connections/kit.ts';

export const searchapi = defineConnector({
  id: 'searchapi', title: 'SearchApi', description: 'Results of Google and other search engines.', category: 'search',
  auth: bearer(), baseUrl: 'https://www.searchapi.io/api/v1', probe: get('/me'),
  actions: [
    read(['search', 'Search', 'Searches with Google or another engine and returns its results as data.'], {
      q: line('Query'),
      engine: line('Engine', 'For example google, google_news, bing or youtube.').default('google'),
      location: line('Location').optional(),
      gl: line('Country', 'Two letters.').optional(),
      hl: line('Language', 'Two letters.').optional(),
      num: count('Results', 1, 100).optional(),
      page: count('Page', 1, 100).optional(),
    }, (input) => get('/search', input)),
  ],
});
