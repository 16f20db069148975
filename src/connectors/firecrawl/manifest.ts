import { bearer, count, defineConnector, flag, get, line, path, post, read, words } from '#modules/connections/kit.ts';

const formats = words('Formats', 'For example markdown, html, links or screenshot.').default(['markdown']);

export const firecrawl = defineConnector({
  id: 'firecrawl', title: 'Firecrawl', description: 'Reads web pages and whole sites as clean text.', category: 'web',
  auth: bearer(), baseUrl: 'https://api.firecrawl.dev', ownHost: true, probe: get('/v1/team/credit-usage'),
  actions: [
    read(['scrape', 'Read a page', 'Returns a web page as Markdown.'], { url: line('Address'), formats, onlyMainContent: flag('Without navigation').default(true), waitFor: count('Wait', 0, 60_000, 'Milliseconds before reading.').optional() },
      (input) => post('/v1/scrape', input)),
    read(['crawl', 'Start reading a site', 'Starts to read a whole site; returns the id of the job.'], { url: line('Address'), limit: count('Pages', 1, 10_000).default(10), maxDepth: count('Depth', 0, 20).optional(), formats },
      ({ formats: wanted, ...body }) => post('/v1/crawl', { ...body, scrapeOptions: { formats: wanted } })),
    read(['crawl-status', 'Pages of a site', 'How far a job is, and the pages it has read.'], { id: line('Job') }, ({ id }) => get(path`/v1/crawl/${id}`)),
    read(['map', 'List pages of a site', 'Returns the addresses of a site.'], { url: line('Address'), search: line('Search').optional(), limit: count('Addresses', 1, 5000).default(100) }, (input) => post('/v1/map', input)),
    read(['search', 'Search the web', 'Searches the web, with the text of the pages.'], { query: line('Query'), limit: count('Results', 1, 50).default(5), formats },
      ({ formats: wanted, ...body }) => post('/v1/search', { ...body, scrapeOptions: { formats: wanted } })),
  ],
});
