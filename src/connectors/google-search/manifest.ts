import { choice, count, custom, defineConnector, get, itemsAt, line, read, secret, textAt } from '#modules/connections/kit.ts';

export const googleSearch = defineConnector({
  id: 'google-search', title: 'Google Programmable Search', description: 'Google results of an own search engine.', category: 'search',
  auth: custom({ token: secret('API key'), engineId: line('Search engine id (cx)') }, ({ token = '', engineId = '' }) => ({ query: { key: token, cx: engineId } })),
  baseUrl: 'https://www.googleapis.com', probe: get('/customsearch/v1', { q: 'test', num: 1 }),
  actions: [
    read(['search', 'Search', 'Searches with Google and returns titles, addresses and snippets.'], {
      q: line('Query'),
      num: count('Results', 1, 10).default(10),
      start: count('First result', 1, 91).optional(),
      searchType: choice('What', ['image']).optional(),
      safe: choice('Safe search', ['active', 'off']).optional(),
      lr: line('Language', 'For example lang_en.').optional(),
      dateRestrict: line('Not older than', 'For example d7 or m3.').optional(),
    }, (query) => get('/customsearch/v1', query), (body) => itemsAt(body, 'items').map((item) => ({ title: textAt(item, 'title'), link: textAt(item, 'link'), snippet: textAt(item, 'snippet') }))),
  ],
});
