import { apiKeyHeader, count, defineConnector, get, json, line, post, read, textArea } from '#modules/connections/kit.ts';

export const scrapegraph = defineConnector({
  id: 'scrapegraph', title: 'ScrapeGraphAI', description: 'Takes what you describe from web pages.', category: 'web',
  auth: apiKeyHeader('sgai-apikey'), baseUrl: 'https://api.scrapegraphai.com/v1', probe: get('/credits'),
  actions: [
    read(['smart-scraper', 'Take data from a page', 'Returns what the prompt asks for from a page.'], { website_url: line('Address'), user_prompt: textArea('What to take'), output_schema: json('Form of the answer', 'A JSON Schema.').optional() }, (input) => post('/smartscraper', input)),
    read(['search-scraper', 'Search and take data', 'Searches the web and returns what the prompt asks for.'], { user_prompt: textArea('What to find'), num_results: count('Pages', 3, 20).optional() }, (input) => post('/searchscraper', input)),
    read(['markdownify', 'Read a page', 'Returns a page as Markdown.'], { website_url: line('Address') }, (input) => post('/markdownify', input)),
  ],
});
