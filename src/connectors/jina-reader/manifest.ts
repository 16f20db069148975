import { custom, defineConnector, get, line, read, secret } from '#modules/connections/kit.ts';

export const jinaReader = defineConnector({
  id: 'jina-reader', title: 'Jina Reader', description: 'Reads web pages as text and searches the web. Reading works without a key, slowly.', category: 'web',
  auth: custom({ token: secret('API key').optional() }, ({ token }): { headers?: Record<string, string> } => (token ? { headers: { authorization: `Bearer ${token}` } } : {})),
  baseUrl: 'https://r.jina.ai', hosts: ['s.jina.ai'], headers: { accept: 'application/json' },
  actions: [
    read(['read', 'Read a page', 'Returns a web page as Markdown, with its title.'], { url: line('Address'), selector: line('CSS selector', 'Only this part of the page.').optional() },
      ({ url, selector }) => ({ method: 'POST', path: '/', json: { url }, headers: { 'x-target-selector': selector } })),
    read(['search', 'Search the web', 'Searches the web and returns the best pages with their text.'], { q: line('Query'), site: line('Only this site').optional() },
      ({ q, site }) => ({ ...get('https://s.jina.ai/', { q }), headers: { 'x-site': site } })),
  ],
});
