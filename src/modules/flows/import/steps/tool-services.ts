/** A service that tools of other builders ask, and which action of our connectors does the same. */
export interface ToolService {
  /** How builders call the tool, lower case, letters and digits only; a name that begins with one of these fits. */
  names: readonly string[];
  connector: string;
  action: string;
  title: string;
  /** Field of the action for what is asked; other arguments are matched by `fields`. */
  ask: string;
  /** Names that builders give the action's fields. */
  fields?: Readonly<Record<string, string>>;
  /** Works without an account. */
  open?: true;
  /** Changes something in the other system. */
  writes?: true;
  fixed?: Readonly<Record<string, unknown>>;
  differs?: string;
}

const query = (...more: string[]): Readonly<Record<string, string>> => Object.fromEntries(['query', 'q', 'input', 'keywords', 'search_query', 'searchQuery', 'text', ...more].map((name) => [name, '*']));

const SERVICES: readonly ToolService[] = [
  { names: ['tavily'], connector: 'tavily', action: 'search', title: 'Tavily', ask: 'query', fields: { ...query(), max_results: 'max_results', search_depth: 'search_depth' } },
  { names: ['googleserper', 'serper'], connector: 'serper', action: 'search', title: 'Serper', ask: 'q', fields: query() },
  { names: ['serpapi', 'serp'], connector: 'serpapi', action: 'search', title: 'SerpApi', ask: 'q', fields: query() },
  { names: ['searchapi'], connector: 'searchapi', action: 'search', title: 'SearchApi', ask: 'q', fields: query() },
  { names: ['bravesearch', 'brave'], connector: 'brave-search', action: 'search', title: 'Brave Search', ask: 'q', fields: query() },
  { names: ['googlecustomsearch', 'googlesearch'], connector: 'google-search', action: 'search', title: 'Google Search', ask: 'q', fields: query() },
  { names: ['bing'], connector: 'bing-search', action: 'search', title: 'Bing Search', ask: 'q', fields: query() },
  { names: ['exa', 'metaphor'], connector: 'exa', action: 'search', title: 'Exa', ask: 'query', fields: query() },
  { names: ['duckduckgo', 'ddgo'], connector: 'duckduckgo', action: 'search', title: 'DuckDuckGo', ask: 'query', fields: { ...query(), max_results: 'max_results' }, open: true },
  { names: ['searxng', 'searx'], connector: 'searxng', action: 'search', title: 'SearXNG', ask: 'q', fields: query() },
  { names: ['wikipedia'], connector: 'wikipedia', action: 'search', title: 'Wikipedia', ask: 'query', fields: query(), open: true, fixed: { text: true } },
  { names: ['arxiv'], connector: 'arxiv', action: 'search', title: 'arXiv', ask: 'search_query', fields: query(), open: true },
  { names: ['wolframalpha', 'wolfram'], connector: 'wolfram-alpha', action: 'query', title: 'Wolfram|Alpha', ask: 'input', fields: query() },
  { names: ['jinasearch'], connector: 'jina-reader', action: 'search', title: 'Jina', ask: 'q', fields: query(), open: true },
  { names: ['jina'], connector: 'jina-reader', action: 'read', title: 'Jina Reader', ask: 'url', fields: { url: '*', target_selector: 'selector' }, open: true },
  { names: ['firecrawlcrawl'], connector: 'firecrawl', action: 'crawl', title: 'Firecrawl', ask: 'url', fields: { url: '*' } },
  { names: ['firecrawl'], connector: 'firecrawl', action: 'scrape', title: 'Firecrawl', ask: 'url', fields: { url: '*' } },
  { names: ['yahoofinance', 'yahoo'], connector: 'yahoo-finance', action: 'quote', title: 'Yahoo Finance', ask: 'symbol', fields: { symbol: '*', ...query() }, open: true, differs: 'It gives the quote of a share; other figures of the company are not among it.' },
  { names: ['youtube'], connector: 'youtube', action: 'search', title: 'YouTube', ask: 'q', fields: { ...query(), channel: 'channelId' }, differs: 'It searches videos; figures of a channel are not among it.' },
  { names: ['openweather'], connector: 'openweathermap', action: 'current', title: 'OpenWeatherMap', ask: 'q', fields: { city: '*', ...query() } },
  { names: ['githubrepositories', 'github'], connector: 'github', action: 'search', title: 'GitHub', ask: 'q', fields: query() },
  { names: ['slackwebhook', 'slack'], connector: 'slack', action: 'post-message', title: 'Slack', ask: 'text', fields: { text: '*', content: '*', message: '*', channel_id: 'channel', channel: 'channel', thread_ts: 'thread_ts' }, writes: true, differs: 'It posts a message to a channel; other actions of Slack have steps of their own here.' },
  { names: ['gmail', 'email', 'sendmail', 'smtp'], connector: 'gmail', action: 'send', title: 'Gmail', ask: 'body', fields: { body: '*', email_content: '*', content: '*', message: '*', to: 'to', send_to: 'to', subject: 'subject', cc: 'cc', bcc: 'bcc' }, writes: true, differs: 'It sends an email from a Gmail account; other actions have steps of their own here.' },
  { names: ['microsoftteams', 'teams'], connector: 'microsoft-teams', action: 'post-message', title: 'Microsoft Teams', ask: 'text', fields: { messageBody: '*', content: '*', text: '*', message: '*', title: 'title' }, writes: true, differs: 'It posts to the channel of the bound account; team and channel cannot be chosen by the step.' },
  { names: ['discord'], connector: 'discord', action: 'send-webhook', title: 'Discord', ask: 'content', fields: { content: '*', text: '*', message: '*', username: 'username' }, writes: true },
  { names: ['telegram'], connector: 'telegram', action: 'send-message', title: 'Telegram', ask: 'text', fields: { text: '*', content: '*', message: '*', chat_id: 'chat_id' }, writes: true },
  { names: ['googlecalendar'], connector: 'google-calendar', action: 'create-event', title: 'Google Calendar', ask: 'summary', fields: { summary: '*', startDateTime: 'start', start: 'start', endDateTime: 'end', end: 'end', description: 'description', location: 'location', calendarId: 'calendarId' }, writes: true, differs: 'It creates an event; other actions have steps of their own here.' },
  { names: ['googlesheets'], connector: 'google-sheets', action: 'read-rows', title: 'Google Sheets', ask: 'spreadsheetId', fields: { spreadsheetId: '*', range: 'range' }, differs: 'It reads rows; other actions have steps of their own here.' },
  { names: ['dalle', 'openaidalle', 'gptimage'], connector: 'openai', action: 'create-image', title: 'OpenAI', ask: 'prompt', fields: { prompt: '*', size: 'size', n: 'n' } },
];

const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** The service of a tool by any of the names its file has for it, the most telling name first; undefined for none. */
export function toolService(...names: readonly string[]): ToolService | undefined {
  for (const name of names.map(plain)) {
    if (name === '') continue;
    const found = SERVICES.find((service) => service.names.some((known) => name.startsWith(known)));
    if (found) return found;
  }
  return undefined;
}

/** Settings of a tool as input of the action: what has no field there is named. */
export function toolInput(service: ToolService, settings: Readonly<Record<string, unknown>>): { input: Record<string, unknown>; left: string[] } {
  const input: Record<string, unknown> = { ...service.fixed };
  const left: string[] = [];
  for (const [name, value] of Object.entries(settings)) {
    if (value === null || value === undefined || value === '') continue;
    const field = service.fields && Object.hasOwn(service.fields, name) ? service.fields[name] : undefined;
    if (field === undefined) left.push(name);
    else input[field === '*' ? service.ask : field] = value;
  }
  return { input, left };
}

/** What has to be bound for it; null where nothing has. */
export const accountOf = ({ open, connector, title }: ToolService): { key: string; title: string } | null => (open ? null : { key: connector, title });

/** A name that models may call a tool by. */
export const toolName = (name: string, fallback = 'tool'): string => name.replace(/[^a-zA-Z0-9_-]+/g, '_').replace(/^_+|_+$/g, '').slice(0, 64) || fallback;
