import { basic, choice, count, defineConnector, get, itemsAt, line, path, post, put, read, table, write } from '#modules/connections/kit.ts';

const object = choice('What', ['orders', 'products', 'customers', 'coupons']);
const id = line('Id');

export const woocommerce = defineConnector({
  id: 'woocommerce', title: 'WooCommerce', description: 'Orders, products and customers of a shop. The address is the one of the shop.', category: 'commerce',
  auth: basic({ user: 'Consumer key', password: 'Consumer secret' }), baseUrl: null, ownHost: true, probe: get('/wp-json/wc/v3/orders', { per_page: 1 }),
  actions: [
    read(['list', 'List', 'Orders, products or customers, newest first.'], { object, search: line('Words').optional(), status: line('Status').optional(), email: line('E-mail', 'Of a customer.').optional(), per_page: count('Entries', 1, 100).default(20), page: count('Page', 1, 1000).default(1) }, ({ object: what, ...query }) => get(path`/wp-json/wc/v3/${what}`, query), (body) => itemsAt(body, '')),
    read(['get', 'One of them', 'One order, product or customer.'], { object, id }, (input) => get(path`/wp-json/wc/v3/${input.object}/${input.id}`)),
    write(['create', 'Create', 'Makes an order, product or customer.'], { object, fields: table('Fields') }, (input) => post(path`/wp-json/wc/v3/${input.object}`, input.fields)),
    write(['update', 'Change', 'Changes an order, product or customer.'], { object, id, fields: table('Fields') }, (input) => put(path`/wp-json/wc/v3/${input.object}/${input.id}`, input.fields)),
  ],
});
