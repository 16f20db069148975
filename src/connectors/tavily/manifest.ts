import { bearer, choice, count, defineConnector, flag, get, line, post, read, words } from '#modules/connections/kit.ts';

export const tavily = defineConnector({
  id: 'tavily', title: 'Tavily', description: 'Web search made for language models.', category: 'search',
  auth: bearer(), baseUrl: 'https://api.tavily.com', probe: get('/usage'),
  actions: [
    read(['search', 'Search the web', 'Searches the web and returns titles, addresses and relevant passages, and a short answer where asked.'], {
      query: line('Query'),
      search_depth: choice('Depth', ['basic', 'advanced']).default('basic'),
      topic: choice('Topic', ['general', 'news', 'finance']).default('general'),
      max_results: count('Results', 0, 20).default(5),
      include_answer: flag('With a short answer').default(false),
      include_raw_content: flag('With the whole text').default(false),
      include_images: flag('With pictures').default(false),
      time_range: choice('Not older than', ['day', 'week', 'month', 'year']).optional(),
      include_domains: words('Only these sites').optional(),
      exclude_domains: words('Without these sites').optional(),
    }, (input) => post('/search', input)),
    read(['extract', 'Read pages', 'Returns the text of web pages.'], {
      urls: words('Addresses').min(1).max(20),
      extract_depth: choice('Depth', ['basic', 'advanced']).default('basic'),
      include_images: flag('With pictures').default(false),
    }, (input) => post('/extract', input)),
  ],
});
