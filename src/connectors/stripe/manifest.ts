import { bearer, choice, count, defineConnector, get, itemsAt, line, path, read } from '#modules/connections/kit.ts';

const paging = { limit: count('Entries', 1, 100).default(20), starting_after: line('After', 'Id of the last one.').optional() };

export const stripe = defineConnector({
  id: 'stripe', title: 'Stripe', description: 'Reads customers, payments, invoices and subscriptions.', category: 'commerce',
  auth: bearer('Secret or restricted key'), baseUrl: 'https://api.stripe.com/v1', probe: get('/balance'),
  actions: [
    read(['list', 'List', 'Lists customers, payments, invoices or subscriptions, newest first.'], { object: choice('What', ['customers', 'charges', 'payment_intents', 'invoices', 'subscriptions', 'products', 'prices', 'refunds', 'payouts', 'disputes']), customer: line('Of customer').optional(), ...paging }, ({ object, ...query }) => get(path`/${object}`, query), (body) => itemsAt(body, 'data')),
    read(['search', 'Search', 'Finds by the search language of Stripe.'], { object: choice('What', ['customers', 'charges', 'payment_intents', 'invoices', 'subscriptions', 'products', 'prices']), query: line('Query', 'For example email:"ann@example.com".'), limit: paging.limit }, ({ object, ...query }) => get(path`/${object}/search`, query), (body) => itemsAt(body, 'data')),
    read(['get', 'Get', 'One object by id.'], { object: choice('What', ['customers', 'charges', 'payment_intents', 'invoices', 'subscriptions', 'products', 'prices', 'refunds', 'payouts', 'disputes']), id: line('Id') }, (input) => get(path`/${input.object}/${input.id}`)),
    read(['balance', 'Balance', 'The balance of the account.'], {}, () => get('/balance')),
  ],
});
