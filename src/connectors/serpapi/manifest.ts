import { apiKeyQuery, count, defineConnector, get, line, read, table } from '#modules/connections/kit.ts';

export const serpapi = defineConnector({
  id: 'serpapi', title: 'SerpApi', description: 'Results of Google and other search engines.', category: 'search',
  auth: apiKeyQuery('api_key'), baseUrl: 'https://serpapi.com', probe: get('/account.json'),
  actions: [
    read(['search', 'Search', 'Searches with Google or another engine and returns its results as data.'], {
      q: line('Query').optional(),
      engine: line('Engine', 'For example google, bing, google_news, google_scholar or youtube.').default('google'),
      location: line('Location').optional(),
      gl: line('Country', 'Two letters.').optional(),
      hl: line('Language', 'Two letters.').optional(),
      num: count('Results', 1, 100).optional(),
      start: count('Skip', 0, 1000).optional(),
      parameters: table('More parameters', 'Whatever else the engine takes.').default({}),
    }, ({ parameters, ...query }) => get('/search.json', { ...texts(parameters), ...query })),
  ],
});

const texts = (values: Readonly<Record<string, unknown>>) => Object.fromEntries(Object.entries(values).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]));
