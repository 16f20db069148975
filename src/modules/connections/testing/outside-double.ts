import { createCatalogue, inputSchema } from '../catalogue.ts';
import type { ConnectorSources, Fields, HttpCall, Outside } from '../kit.ts';

/** A call that a connector would have made. */
export interface MadeCall { connector: string; action: string; input: unknown; http: HttpCall[] }

/** Answers of most services at once: each connector finds its own part in it. */
const ANYTHING = {
  results: [{ title: 'First', url: 'https://example.com/1', content: 'Words from outside.' }], organic: [{ title: 'First', link: 'https://example.com/1', snippet: 'Words from outside.' }],
  organic_results: [{ title: 'First', link: 'https://example.com/1', snippet: 'Words from outside.' }], items: [{ title: 'First', link: 'https://example.com/1', snippet: 'Words from outside.', snippet_: {} }],
  data: [], documents: [], ok: true, id: 'made-1', answer: 'Words from outside.', query: { search: [{ title: 'First', snippet: 'Words from outside.' }], pages: [] }, webPages: { value: [] }, web: { results: [] }, news: [],
};
const FEED = '<?xml version="1.0"?><rss version="2.0"><channel><title>Feed</title><item><title>First</title><link>https://example.com/1</link><description>Words from outside.</description></item></channel></rss>';

/** Services that answer with XML. */
const FEEDS: ReadonlySet<string> = new Set(['rss', 'arxiv']);

/**
 * What a run needs of the outside, for tests: the real connectors make their calls, and nothing is sent. Inputs that an
 * action refuses are refused here too.
 */
export function outsideDouble(connectors: ConnectorSources, answer: unknown = ANYTHING, fields: Fields = {}) {
  const calls: MadeCall[] = [];
  const catalogue = createCatalogue(connectors);
  return {
    calls,
    outsideAction: async (connector: string, action: string) => {
      const found = await catalogue.action(connector, action);
      return found && { title: found.title, description: found.description, effect: found.effect, input: inputSchema(found) };
    },
    callOutside: async ({ connector, action, input }: { connector: string; action: string; input: unknown }): Promise<unknown> => {
      const found = await catalogue.action(connector, action);
      if (!found) throw new Error(`there is no action ${connector}/${action}`);
      const made: MadeCall = { connector, action, input, http: [] };
      calls.push(made);
      return found.perform(outsideOf(made, answer, fields), input);
    },
  };
}

const outsideOf = (made: MadeCall, answer: unknown, fields: Fields): Outside => ({
  fields, address: new URL('https://service.example.com'), signal: new AbortController().signal, now: () => new Date('2026-01-02T03:04:05Z'),
  http: async (call) => {
    made.http.push(call);
    return { status: 200, headers: {}, body: FEEDS.has(made.connector) ? FEED : answer };
  },
  reach: async () => { throw new Error('no driver opens a connection in this test'); },
});
