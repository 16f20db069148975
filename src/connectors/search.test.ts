import { testCalls } from '#modules/connections/testing/call-cases.ts';
import { agentql } from './agentql/manifest.ts';
import { apify } from './apify/manifest.ts';
import { arxiv } from './arxiv/manifest.ts';
import { bingSearch } from './bing-search/manifest.ts';
import { braveSearch } from './brave-search/manifest.ts';
import { duckduckgo } from './duckduckgo/manifest.ts';
import { exa } from './exa/manifest.ts';
import { firecrawl } from './firecrawl/manifest.ts';
import { googleSearch } from './google-search/manifest.ts';
import { jinaReader } from './jina-reader/manifest.ts';
import { openweathermap } from './openweathermap/manifest.ts';
import { rss } from './rss/manifest.ts';
import { scrapegraph } from './scrapegraph/manifest.ts';
import { searchapi } from './searchapi/manifest.ts';
import { searxng } from './searxng/manifest.ts';
import { serpapi } from './serpapi/manifest.ts';
import { serper } from './serper/manifest.ts';
import { tavily } from './tavily/manifest.ts';
import { wikipedia } from './wikipedia/manifest.ts';
import { wolframAlpha } from './wolfram-alpha/manifest.ts';
import { yahooFinance } from './yahoo-finance/manifest.ts';
import { youtube } from './youtube/manifest.ts';

const fields = { token: 'the-secret-key' };

await testCalls([
  {
    connector: tavily, action: 'search', fields, input: { query: 'moon', max_results: '3' }, call: 'POST https://api.tavily.com/search', headers: { authorization: 'Bearer the-secret-key' },
    body: { query: 'moon', search_depth: 'basic', topic: 'general', max_results: 3, include_answer: false, include_raw_content: false, include_images: false }, answers: [{ json: { results: [{ title: 'Moon' }] } }], result: { results: [{ title: 'Moon' }] },
  },
  { connector: serpapi, action: 'search', fields, input: { q: 'moon', parameters: { tbm: 'isch' } }, call: 'GET https://serpapi.com/search.json?tbm=isch&q=moon&engine=google&api_key=the-secret-key' },
  { connector: searchapi, action: 'search', fields, input: { q: 'moon', engine: 'google_news' }, call: 'GET https://www.searchapi.io/api/v1/search?q=moon&engine=google_news', headers: { authorization: 'Bearer the-secret-key' } },
  { connector: serper, action: 'search', fields, input: { q: 'moon', type: 'news' }, call: 'POST https://google.serper.dev/news', headers: { 'x-api-key': 'the-secret-key' }, body: { q: 'moon' } },
  { connector: exa, action: 'search', fields, input: { query: 'moon', numResults: 2 }, call: 'POST https://api.exa.ai/search', headers: { 'x-api-key': 'the-secret-key' }, body: { query: 'moon', type: 'auto', numResults: 2, contents: { text: true } } },
  { connector: braveSearch, action: 'search', fields, input: { q: 'moon' }, call: 'GET https://api.search.brave.com/res/v1/web/search?q=moon&count=10', headers: { 'x-subscription-token': 'the-secret-key', accept: 'application/json' } },
  {
    connector: googleSearch, action: 'search', fields: { ...fields, engineId: 'engine' }, input: { q: 'moon', num: 1 }, call: 'GET https://www.googleapis.com/customsearch/v1?q=moon&num=1&key=the-secret-key&cx=engine',
    answers: [{ json: { items: [{ title: 'Moon', link: 'https://moon.example', snippet: 'Round', kind: 'x' }] } }], result: [{ title: 'Moon', link: 'https://moon.example', snippet: 'Round' }],
  },
  { connector: bingSearch, action: 'search', fields, input: { q: 'moon' }, call: 'GET https://api.bing.microsoft.com/v7.0/search?q=moon&count=10', headers: { 'ocp-apim-subscription-key': 'the-secret-key' } },
  {
    connector: duckduckgo, action: 'search', input: { query: 'moon', max_results: 1 }, call: 'POST https://html.duckduckgo.com/html/', body: { q: 'moon', kl: 'wt-wt' },
    answers: [{ text: '<div class="result result--ad"><a class="result__a" href="https://ad.example">Ad</a></div><div class="result"><a class="result__a" href="//duckduckgo.com/l/?uddg=https%3A%2F%2Fmoon.example%2F&rut=1">The <b>Moon</b></a><a class="result__snippet">Round</a></div>' }],
    result: [{ title: 'The Moon', url: 'https://moon.example/', snippet: 'Round' }],
  },
  { connector: duckduckgo, action: 'instant-answer', input: { query: 'moon' }, call: 'GET https://api.duckduckgo.com/?q=moon&format=json&no_html=1&skip_disambig=1', answers: [{ text: '{"Abstract":"Round"}' }], result: { Abstract: 'Round' } },
  { connector: searxng, action: 'search', baseUrl: 'https://search.example.org/x', input: { q: 'moon', max_results: 1 }, call: 'GET https://search.example.org/x/search?q=moon&format=json', answers: [{ json: { results: [{ url: 'a' }, { url: 'b' }] } }], result: [{ url: 'a' }] },
  {
    connector: wikipedia, action: 'search', input: { query: 'Mond', language: 'de', limit: 2 },
    call: 'GET https://de.wikipedia.org/w/api.php?action=query&format=json&formatversion=2&generator=search&gsrsearch=Mond&gsrlimit=2&prop=extracts%7Cinfo&inprop=url&explaintext=1&exlimit=max&exintro=1',
    answers: [{ json: { query: { pages: [{ title: 'Zweiter', index: 2, extract: 'b', fullurl: 'u2' }, { title: 'Mond', index: 1, extract: 'a', fullurl: 'u1' }] } } }],
    result: [{ title: 'Mond', url: 'u1', text: 'a' }, { title: 'Zweiter', url: 'u2', text: 'b' }],
  },
  {
    connector: arxiv, action: 'search', input: { search_query: 'radium', max_results: 1 }, call: 'GET https://export.arxiv.org/api/query?search_query=radium&max_results=1&start=0&sortBy=relevance',
    answers: [{ text: '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>http://arxiv.org/abs/1</id><title>On\n  radium</title><summary> It glows. </summary><author><name>M. Curie</name></author><published>1903-01-01</published><link title="pdf" href="http://arxiv.org/pdf/1"/></entry></feed>' }],
    result: [{ id: 'http://arxiv.org/abs/1', title: 'On radium', text: 'It glows.', authors: ['M. Curie'], published: '1903-01-01', pdf: 'http://arxiv.org/pdf/1' }],
  },
  { connector: wolframAlpha, action: 'query', fields, input: { input: '2+2', answer: 'short' }, call: 'GET https://api.wolframalpha.com/v1/result?i=2%2B2&appid=the-secret-key', answers: [{ text: '4' }], result: '4' },
  { connector: firecrawl, action: 'scrape', fields, input: { url: 'https://moon.example' }, call: 'POST https://api.firecrawl.dev/v1/scrape', headers: { authorization: 'Bearer the-secret-key' }, body: { url: 'https://moon.example', formats: ['markdown'], onlyMainContent: true } },
  { connector: jinaReader, action: 'read', fields, input: { url: 'https://moon.example' }, call: 'POST https://r.jina.ai/', headers: { authorization: 'Bearer the-secret-key', accept: 'application/json' }, body: { url: 'https://moon.example' } },
  { connector: jinaReader, action: 'search', fields, input: { q: 'moon', site: 'moon.example' }, call: 'GET https://s.jina.ai/?q=moon', headers: { authorization: 'Bearer the-secret-key', accept: 'application/json', 'x-site': 'moon.example' } },
  { connector: apify, action: 'run-actor', fields, input: { actor: 'ann/scraper', input: { url: 'u' } }, call: 'POST https://api.apify.com/v2/acts/ann~scraper/run-sync-get-dataset-items?limit=100', headers: { authorization: 'Bearer the-secret-key' }, body: { url: 'u' } },
  { connector: scrapegraph, action: 'smart-scraper', fields, input: { website_url: 'https://moon.example', user_prompt: 'The radius' }, call: 'POST https://api.scrapegraphai.com/v1/smartscraper', headers: { 'sgai-apikey': 'the-secret-key' }, body: { website_url: 'https://moon.example', user_prompt: 'The radius' } },
  { connector: agentql, action: 'query-data', fields, input: { url: 'https://moon.example', query: '{ radius }' }, call: 'POST https://api.agentql.com/v1/query-data', headers: { 'x-api-key': 'the-secret-key' }, body: { url: 'https://moon.example', query: '{ radius }', params: { mode: 'fast', wait_for: 0, is_scroll_to_bottom_enabled: false, is_screenshot_enabled: false } } },
  {
    connector: rss, action: 'read-feed', input: { url: 'https://news.example/feed', limit: 1 }, call: 'GET https://news.example/feed', headers: { accept: 'application/rss+xml, application/atom+xml, application/xml;q=0.9, */*;q=0.1' },
    answers: [{ text: '<rss><channel><title>News</title><item><title>Tom &amp; Ann</title><link>https://news.example/1</link><description>&lt;p&gt;Hello &lt;b&gt;you&lt;/b&gt;&lt;/p&gt;</description><dc:creator xmlns:dc="x">Ann</dc:creator><pubDate>Mon, 02 Mar 2026 10:00:00 GMT</pubDate><guid>1</guid><category>a</category></item><item><title>Second</title></item></channel></rss>' }],
    result: [{ title: 'Tom & Ann', link: 'https://news.example/1', text: 'Hello you', author: 'Ann', date: 'Mon, 02 Mar 2026 10:00:00 GMT', id: '1', categories: ['a'] }],
  },
  { connector: youtube, action: 'search', fields, input: { q: 'moon', maxResults: 1 }, call: 'GET https://www.googleapis.com/youtube/v3/search?part=snippet&q=moon&type=video&maxResults=1&order=relevance&key=the-secret-key', answers: [{ json: { items: [{ id: 1 }] } }], result: [{ id: 1 }] },
  {
    connector: yahooFinance, action: 'history', input: { symbol: '^GSPC', range: '5d' }, call: 'GET https://query1.finance.yahoo.com/v8/finance/chart/%5EGSPC?range=5d&interval=1d',
    answers: [{ json: { chart: { result: [{ timestamp: [1_700_000_000], indicators: { quote: [{ open: [1], high: [2], low: [0.5], close: [1.5], volume: [10] }] } }] } } }], result: [{ date: '2023-11-14T22:13:20.000Z', open: 1, high: 2, low: 0.5, close: 1.5, volume: 10 }],
  },
  { connector: openweathermap, action: 'current', fields, input: { q: 'London' }, call: 'GET https://api.openweathermap.org/data/2.5/weather?q=London&units=metric&appid=the-secret-key' },
]);
