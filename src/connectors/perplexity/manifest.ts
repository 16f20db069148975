import { bearer, choice, defineConnector, itemsAt, line, post, read, textArea, textAt, words } from '#modules/connections/kit.ts';

export const perplexity = defineConnector({
  id: 'perplexity', title: 'Perplexity', description: 'Answers from the web, with sources.', category: 'search',
  auth: bearer(), baseUrl: 'https://api.perplexity.ai',
  actions: [
    read(['ask', 'Ask', 'Answers a question from the web and names its sources.'], {
      question: textArea('Question').min(1), system: textArea('Instructions').optional(), model: line('Model').default('sonar'), search_recency_filter: choice('Not older than', ['hour', 'day', 'week', 'month', 'year']).optional(), search_domain_filter: words('Only these sites').optional(),
    }, ({ question, system, ...body }) => post('/chat/completions', { ...body, messages: [...(system ? [{ role: 'system', content: system }] : []), { role: 'user', content: question }] }),
    (body) => ({ text: textAt(body, 'choices.0.message.content'), citations: itemsAt(body, 'citations') })),
  ],
});
