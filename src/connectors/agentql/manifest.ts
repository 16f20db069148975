import { apiKeyHeader, choice, count, defineConnector, flag, line, post, read, textArea } from '#modules/connections/kit.ts';

export const agentql = defineConnector({
  id: 'agentql', title: 'AgentQL', description: 'Takes data from web pages by a query or by plain words.', category: 'web',
  auth: apiKeyHeader('x-api-key'), baseUrl: 'https://api.agentql.com/v1',
  actions: [
    read(['query-data', 'Take data from a page', 'Returns data from a page, as the query or the prompt says.'], {
      url: line('Address'), query: textArea('AgentQL query').optional(), prompt: textArea('In plain words', 'Instead of a query.').optional(),
      mode: choice('Mode', ['fast', 'standard']).default('fast'), wait_for: count('Wait', 0, 10, 'Seconds.').default(0), is_scroll_to_bottom_enabled: flag('Scroll to the end').default(false), is_screenshot_enabled: flag('With a screenshot').default(false),
    }, ({ url, query, prompt, ...params }) => post('/query-data', { url, query, prompt, params })),
  ],
});
