import { textField, numberField, flagField } from './graph.ts';
import { mapped, unsupported, usedAsTool } from './mapping.ts';
import type { Mapper, MappingContext } from './mapping.ts';
import type { RawNode } from './raw-flow.ts';
import { tableName } from './store-names.ts';

/** A component that asks another system, and which action of our connectors does the same. */
interface Service {
  names?: readonly string[];
  prefixes?: readonly string[];
  connector: string;
  action: string;
  /** Fields of the component whose text is what is asked, and the field of the action that takes it. */
  ask: readonly string[];
  as: string;
  /** The action takes a list of texts. */
  list?: true;
  /** Further fields of the action, from the component's settings. */
  fixed?(node: RawNode): Readonly<Record<string, unknown>>;
  /** Works without an account. */
  open?: true;
  /** How it differs from Langflow's; null where it does not. */
  differs?: string;
}

const count = (node: RawNode, as: string, max: number, ...fields: string[]): Record<string, unknown> => {
  const value = numberField(node, ...fields);
  return value === null ? {} : { [as]: Math.min(max, Math.max(1, Math.round(value))) };
};
const word = (node: RawNode, as: string, allowed: readonly string[], field: string): Record<string, unknown> => {
  const value = textField(node, field);
  return allowed.includes(value) ? { [as]: value } : {};
};

const SERVICES: readonly Service[] = [
  {
    prefixes: ['tavilyextract'], connector: 'tavily', action: 'extract', ask: ['urls', 'url'], as: 'urls', list: true,
  },
  {
    prefixes: ['tavily'], connector: 'tavily', action: 'search', ask: ['query', 'input_value'], as: 'query',
    fixed: (node) => ({
      ...count(node, 'max_results', 20, 'max_results'), ...word(node, 'search_depth', ['basic', 'advanced'], 'search_depth'), ...word(node, 'topic', ['general', 'news', 'finance'], 'topic'),
      include_answer: flagField(node, 'include_answer'),
    }),
  },
  { names: ['searchapi', 'search', 'searchapitool'], connector: 'searchapi', action: 'search', ask: ['input_value', 'query'], as: 'q', fixed: (node) => optional('engine', textField(node, 'engine')) },
  { names: ['serp', 'serpapi', 'serpapitool'], connector: 'serpapi', action: 'search', ask: ['input_value', 'search_query', 'query'], as: 'q' },
  { prefixes: ['googleserper', 'serper'], connector: 'serper', action: 'search', ask: ['input_value', 'query'], as: 'q', fixed: (node) => count(node, 'num', 100, 'k') },
  { prefixes: ['googlesearch'], connector: 'google-search', action: 'search', ask: ['input_value', 'query'], as: 'q', fixed: (node) => count(node, 'num', 10, 'k') },
  { prefixes: ['bingsearch'], connector: 'bing-search', action: 'search', ask: ['input_value', 'query'], as: 'q', fixed: (node) => count(node, 'count', 50, 'k') },
  { prefixes: ['duckduckgo'], connector: 'duckduckgo', action: 'search', ask: ['input_value', 'query'], as: 'query', open: true, fixed: (node) => count(node, 'max_results', 30, 'max_results') },
  { prefixes: ['exasearch', 'metaphor'], connector: 'exa', action: 'search', ask: ['query', 'input_value'], as: 'query', fixed: (node) => count(node, 'numResults', 25, 'search_num_results') },
  { prefixes: ['searxng'], connector: 'searxng', action: 'search', ask: ['query', 'input_value'], as: 'q', fixed: (node) => count(node, 'max_results', 50, 'max_results') },
  { prefixes: ['bravesearch'], connector: 'brave-search', action: 'search', ask: ['query', 'input_value'], as: 'q' },
  { prefixes: ['wikipedia'], connector: 'wikipedia', action: 'search', ask: ['input_value', 'query'], as: 'query', open: true, fixed: (node) => ({ ...count(node, 'limit', 10, 'k'), text: true }) },
  { prefixes: ['wolframalpha'], connector: 'wolfram-alpha', action: 'query', ask: ['input_value', 'query'], as: 'input' },
  { prefixes: ['arxiv'], connector: 'arxiv', action: 'search', ask: ['search_query', 'query'], as: 'search_query', open: true, fixed: (node) => count(node, 'max_results', 50, 'max_results') },
  { names: ['rssreader', 'rssreadersimple', 'rss', 'rssfeed'], connector: 'rss', action: 'read-feed', ask: ['rss_url', 'url', 'query'], as: 'url', open: true },
  { names: ['websearch', 'websearchnoapi', 'unifiedwebsearch'], connector: 'duckduckgo', action: 'search', ask: ['query', 'input_value'], as: 'query', open: true, differs: 'It always searches the web; the modes for news and feeds are steps of their own here.' },
  { prefixes: ['agentql'], connector: 'agentql', action: 'query-data', ask: ['url'], as: 'url', fixed: (node) => ({ ...optional('query', textField(node, 'query')), ...optional('prompt', textField(node, 'prompt')), ...word(node, 'mode', ['fast', 'standard'], 'mode') }) },
  { names: ['scrapegraphsearch', 'scrapegraphsearchapi'], connector: 'scrapegraph', action: 'search-scraper', ask: ['user_prompt'], as: 'user_prompt' },
  { prefixes: ['scrapegraphsmartscraper'], connector: 'scrapegraph', action: 'smart-scraper', ask: ['url', 'website_url'], as: 'website_url', fixed: (node) => optional('user_prompt', textField(node, 'prompt', 'user_prompt')) },
  { prefixes: ['scrapegraphmarkdownify'], connector: 'scrapegraph', action: 'markdownify', ask: ['url', 'website_url'], as: 'website_url' },
  { prefixes: ['firecrawlscrape', 'firecrawlextract'], connector: 'firecrawl', action: 'scrape', ask: ['url', 'urls'], as: 'url' },
  { prefixes: ['firecrawlcrawl'], connector: 'firecrawl', action: 'crawl', ask: ['url'], as: 'url' },
  { prefixes: ['firecrawlmap'], connector: 'firecrawl', action: 'map', ask: ['url', 'urls'], as: 'url' },
  { prefixes: ['jinareader'], connector: 'jina-reader', action: 'read', ask: ['url'], as: 'url', open: true },
  { prefixes: ['youtubesearch'], connector: 'youtube', action: 'search', ask: ['query'], as: 'q', fixed: (node) => count(node, 'maxResults', 50, 'max_results') },
  { prefixes: ['youtubevideodetails'], connector: 'youtube', action: 'videos', ask: ['video_url', 'video_id'], as: 'id' },
  { prefixes: ['youtubecomments'], connector: 'youtube', action: 'comments', ask: ['video_url', 'video_id'], as: 'videoId', fixed: (node) => ({ ...count(node, 'maxResults', 100, 'max_results'), ...word(node, 'order', ['relevance', 'time'], 'sort_by') }) },
  { prefixes: ['notionsearch'], connector: 'notion', action: 'search', ask: ['query'], as: 'query' },
  { names: ['notionpagecontent', 'notionpagecontentviewer'], connector: 'notion', action: 'get-blocks', ask: ['page_id'], as: 'block_id' },
  { names: ['notionlistpages'], connector: 'notion', action: 'query-database', ask: ['database_id'], as: 'database_id' },
  { prefixes: ['notiondatabaseproperties'], connector: 'notion', action: 'get-database', ask: ['database_id'], as: 'database_id' },
  { prefixes: ['gmailloader', 'gmailsearch'], connector: 'gmail', action: 'search', ask: ['query'], as: 'q' },
  { prefixes: ['googledrivesearch'], connector: 'google-drive', action: 'search', ask: ['query_item', 'search_term'], as: 'fullText' },
  { prefixes: ['cohererank', 'coherererank'], connector: 'cohere', action: 'rerank', ask: ['search_query'], as: 'query' },
];

function optional(name: string, value: string): Record<string, unknown> {
  return value === '' ? {} : { [name]: value };
}

/** Ids of videos are asked for by their address. */
const VIDEO_ID = '{{ item.includes("v=") ? item.split("v=")[1].split("&")[0] : item.split("/").last().split("?")[0] }}';

/** Finance data: what is asked depends on a choice of the component. */
const mapFinance: Mapper = (node, context) => {
  const news = /news/i.test(textField(node, 'method'));
  return mapService({
    connector: 'yahoo-finance', action: news ? 'news' : 'quote', ask: ['symbol', 'input_value'], as: news ? 'q' : 'symbol', open: true, fixed: (one) => (news ? count(one, 'newsCount', 20, 'num_news') : {}),
    ...(!news && textField(node, 'method') !== '' && !/info/i.test(textField(node, 'method')) ? { differs: 'It gives the quote; statements and holders of the company are not among it.' } : {}),
  }, node, context);
};

/** News by a search: the feed that Langflow reads too. */
const mapNews: Mapper = (node, context) => {
  const service: Service = { connector: 'rss', action: 'read-feed', ask: ['query', 'topic'], as: 'url', open: true };
  const config = mapService(service, node, context);
  if (config.kind !== 'node' || config.type !== 'connector.query') return unsupported('News search as a tool is not available here. Closest: a search service as the tool.');
  const asked = context.graph.isWired(node.id, 'query') ? 'item' : JSON.stringify(textField(node, 'query', 'topic'));
  return { ...config, config: { ...config.config, input: { url: `https://news.google.com/rss/search?q={{ encodeURIComponent(${asked}) }}` } } };
};

/** The mapper of a component that asks another system; undefined where we have none for it. */
export function serviceMapper(node: RawNode): Mapper | undefined {
  const name = tableName(node.type);
  if (['yfinance', 'yahoo'].some((prefix) => name.startsWith(prefix))) return mapFinance;
  if (name.startsWith('newssearch')) return mapNews;
  const service = SERVICES.find(({ names = [], prefixes = [] }) => names.some((known) => tableName(known) === name) || prefixes.some((prefix) => name.startsWith(prefix)));
  return service && ((one, context) => mapService(service, one, context));
}

function mapService({ connector, action, ask, as, list, fixed, open, differs }: Service, node: RawNode, { graph }: MappingContext): ReturnType<Mapper> {
  const settings = fixed?.(node) ?? {};
  const field = ask.find((name) => node.fields.has(name)) ?? ask[0] ?? '';
  const account = open ? {} : { connector };
  if (usedAsTool(node, graph)) {
    const written = textField(node, ...ask);
    return mapped('connector.tool', {
      config: { connector, action, input: { ...settings, ...(written === '' ? {} : { [as]: list ? [written] : written }) } }, output: 'tool', approximated: differs, ...account,
      parameters: [{ field, path: `input.${as}`, kind: 'text' }],
    });
  }
  const isWired = ask.some((name) => graph.isWired(node.id, name));
  const written = textField(node, ...ask);
  if (!isWired && written === '' && graph.outgoing(node.id).length > 0) return unsupported('Nothing is asked: the step has neither a text nor a connection for its question. Closest: connect the chat input to it.');
  const value = isWired ? (as === 'videoId' || as === 'id' ? VIDEO_ID : '{{ item }}') : written;
  return mapped('connector.query', {
    config: { connector, action, input: { ...settings, [as]: list ? [value] : value } },
    inputs: Object.fromEntries(ask.map((name) => [name, 'input'])),
    outputs: { text: 'text', message: 'text', dataframe: 'result', data: 'result', json: 'result' },
    output: 'result', approximated: differs, ...account,
    parameters: isWired ? [] : [{ field, path: `input.${as}`, kind: 'text', always: true }],
  });
}
