import { apiKeyQuery, choice, defineConnector, line, read } from '#modules/connections/kit.ts';

export const wolframAlpha = defineConnector({
  id: 'wolfram-alpha', title: 'Wolfram|Alpha', description: 'Answers to questions of mathematics, science and facts.', category: 'search',
  auth: apiKeyQuery('appid', { title: 'App id' }), baseUrl: 'https://www.wolframalpha.com', hosts: ['api.wolframalpha.com'],
  actions: [
    read(['query', 'Ask', 'Works out or looks up an answer; short, or with all details.'], {
      input: line('Question'), units: choice('Units', ['metric', 'nonmetric']).optional(), answer: choice('Answer', ['full', 'short']).default('full'),
    }, ({ input, units, answer }) => (answer === 'full'
      ? { method: 'GET', path: '/api/v1/llm-api', query: { input, units }, answer: 'text' }
      : { method: 'GET', path: 'https://api.wolframalpha.com/v1/result', query: { i: input, units: units === 'nonmetric' ? 'imperial' : units }, answer: 'text' })),
  ],
});
