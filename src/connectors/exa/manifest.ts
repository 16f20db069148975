import { apiKeyHeader, choice, count, defineConnector, flag, line, post, read, words } from '#modules/connections/kit.ts';

export const exa = defineConnector({
  id: 'exa', title: 'Exa', description: 'Web search by meaning, with the text of pages.', category: 'search',
  auth: apiKeyHeader('x-api-key'), baseUrl: 'https://api.exa.ai',
  actions: [
    read(['search', 'Search by meaning', 'Searches the web by meaning and returns pages, with their text where asked.'], {
      query: line('Query'),
      type: choice('Kind of search', ['auto', 'neural', 'fast', 'keyword']).default('auto'),
      numResults: count('Results', 1, 100).default(10),
      category: line('Category', 'For example news, company, research paper or github.').optional(),
      includeDomains: words('Only these sites').optional(),
      excludeDomains: words('Without these sites').optional(),
      startPublishedDate: line('Published after', 'For example 2026-01-31.').optional(),
      text: flag('With the text of the pages').default(true),
    }, ({ text, ...body }) => post('/search', { ...body, contents: { text } })),
    read(['contents', 'Read pages', 'Returns the text of web pages.'], { urls: words('Addresses').min(1).max(100), text: flag('With the text').default(true) }, (input) => post('/contents', input)),
    read(['find-similar', 'Find similar pages', 'Returns pages that resemble a page.'], { url: line('Address'), numResults: count('Results', 1, 100).default(10) }, (input) => post('/findSimilar', input)),
    read(['answer', 'Answer a question', 'Answers a question from the web, with sources.'], { query: line('Question'), text: flag('With the text of the sources').default(false) }, (input) => post('/answer', input)),
  ],
});
