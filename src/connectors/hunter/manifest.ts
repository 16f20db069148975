import { apiKeyQuery, at, count, defineConnector, get, line, read } from '#modules/connections/kit.ts';

const data = (body: unknown) => at(body, 'data');

export const hunter = defineConnector({
  id: 'hunter', title: 'Hunter', description: 'Finds and checks e-mail addresses of companies.', category: 'sales',
  auth: apiKeyQuery('api_key'), baseUrl: 'https://api.hunter.io/v2', probe: get('/account'),
  actions: [
    read(['verify', 'Check an address', 'Says whether an e-mail address can be written to.'], { email: line('E-mail') }, (query) => get('/email-verifier', query), data),
    read(['find', 'Find an address', 'Finds the e-mail address of somebody at a company.'], { domain: line('Domain'), first_name: line('First name'), last_name: line('Last name') }, (query) => get('/email-finder', query), data),
    read(['search-domain', 'Addresses of a company', 'The e-mail addresses of a company.'], { domain: line('Domain'), limit: count('Addresses', 1, 100).default(10) }, (query) => get('/domain-search', query), data),
  ],
});
