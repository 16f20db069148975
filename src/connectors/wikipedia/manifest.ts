import { choice, count, defineConnector, get, itemsAt, line, noAuth, read, textAt } from '#modules/connections/kit.ts';

const language = line('Language', 'Two or three letters, e.g. en.').regex(/^[a-z]{2,3}(-[a-z]+)?$/).default('en');
const api = (lang: string, query: Readonly<Record<string, string | number>>) => get(`https://${lang}.wikipedia.org/w/api.php`, { action: 'query', format: 'json', formatversion: 2, ...query });
/** The generator answers pages by their number; \`index\` is their place among the hits. */
const pages = (body: unknown) => itemsAt(body, 'query.pages').toSorted((a, b) => Number(textAt(a, 'index')) - Number(textAt(b, 'index')))
  .map((page) => ({ title: textAt(page, 'title'), url: textAt(page, 'fullurl'), text: textAt(page, 'extract') }));

export const wikipedia = defineConnector({
  id: 'wikipedia', title: 'Wikipedia', description: 'The free encyclopedia.', category: 'search',
  auth: noAuth(), baseUrl: 'https://en.wikipedia.org', probe: get('/w/api.php', { action: 'query', meta: 'siteinfo', format: 'json' }),
  actions: [
    read(['search', 'Search articles', 'Finds articles and returns their beginning, or their whole text.'], {
      query: line('Query'), language, limit: count('Articles', 1, 20).default(3), text: choice('Text', ['introduction', 'whole']).default('introduction'),
    }, (input) => api(input.language, {
      generator: 'search', gsrsearch: input.query, gsrlimit: input.limit, prop: 'extracts|info', inprop: 'url', explaintext: 1, exlimit: input.text === 'whole' ? 1 : 'max',
      ...(input.text === 'introduction' ? { exintro: 1 } : {}),
    }), pages),
    read(['page', 'Read an article', 'Returns the text of one article.'], { title: line('Title'), language },
      (input) => api(input.language, { titles: input.title, prop: 'extracts|info', inprop: 'url', explaintext: 1, redirects: 1 }), (body) => pages(body)[0] ?? null),
  ],
});
