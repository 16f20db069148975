import { at, choice, count, defineConnector, get, itemsAt, line, noAuth, path, read } from '#modules/connections/kit.ts';

const symbol = line('Symbol', 'For example AAPL or ^GSPC.').max(20);
const chart = (of: string, range: string, interval: string) => get(path`/v8/finance/chart/${of}`, { range, interval });

export const yahooFinance = defineConnector({
  id: 'yahoo-finance', title: 'Yahoo Finance', description: 'Prices of shares, funds, currencies and indices; for information only.', category: 'web',
  auth: noAuth(), baseUrl: 'https://query1.finance.yahoo.com',
  actions: [
    read(['quote', 'Price', 'The current price of a security, with the figures of the day.'], { symbol }, (input) => chart(input.symbol, '1d', '1d'), (body) => at(itemsAt(body, 'chart.result')[0], 'meta') ?? null),
    read(['history', 'Prices over time', 'Prices of a security over a period.'], {
      symbol, range: choice('Period', ['1d', '5d', '1mo', '3mo', '6mo', '1y', '2y', '5y', '10y', 'ytd', 'max']).default('1mo'), interval: choice('Step', ['5m', '15m', '30m', '60m', '1d', '1wk', '1mo']).default('1d'),
    }, (input) => chart(input.symbol, input.range, input.interval), (body) => rows(itemsAt(body, 'chart.result')[0])),
    read(['news', 'News', 'News about a security or a company.'], { q: line('Symbol or name'), newsCount: count('News', 1, 50).default(10) }, (query) => get('/v1/finance/search', { ...query, quotesCount: 0 }), (body) => itemsAt(body, 'news')),
    read(['search', 'Find a symbol', 'Symbols that fit a name.'], { q: line('Name'), quotesCount: count('Symbols', 1, 20).default(6) }, (query) => get('/v1/finance/search', { ...query, newsCount: 0 }), (body) => itemsAt(body, 'quotes')),
  ],
});

/** One row for each moment; the service answers a list for each figure. */
function rows(result: unknown): object[] {
  const quote = itemsAt(result, 'indicators.quote')[0];
  const figure = (name: string, index: number) => itemsAt(quote, name)[index] ?? null;
  return itemsAt(result, 'timestamp').map((time, index) => ({
    date: new Date(Number(time) * 1000).toISOString(), open: figure('open', index), high: figure('high', index), low: figure('low', index), close: figure('close', index), volume: figure('volume', index),
  }));
}
