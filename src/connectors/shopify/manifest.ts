import { apiKeyHeader, choice, count, defineConnector, get, itemsAt, line, path, post, put, read, table, textArea, write } from '#modules/connections/kit.ts';

const id = line('Id');
const limit = count('Entries', 1, 250).default(50);

export const shopify = defineConnector({
  id: 'shopify', title: 'Shopify', description: 'Products, orders and customers of a shop.', category: 'commerce',
  auth: apiKeyHeader('x-shopify-access-token', { title: 'Admin API access token', more: { shop: line('Shop', 'The first part of acme.myshopify.com.').regex(/^[a-z0-9-]+$/i, 'letters, digits and hyphens') } }),
  baseUrl: ({ shop = '' }) => `https://${shop}.myshopify.com/admin/api/2025-07`, probe: get('/shop.json'),
  actions: [
    read(['list-products', 'Products', 'The products of the shop.'], { limit, title: line('Title').optional(), vendor: line('Vendor').optional(), status: choice('Status', ['active', 'draft', 'archived']).optional() }, (query) => get('/products.json', query), (body) => itemsAt(body, 'products')),
    read(['get-product', 'Product', 'One product.'], { id }, (input) => get(path`/products/${input.id}.json`)),
    write(['create-product', 'Add a product', 'Adds a product.'], { title: line('Title'), fields: table('More fields').default({}) }, ({ title, fields }) => post('/products.json', { product: { ...fields, title } })),
    write(['update-product', 'Change a product', 'Changes a product.'], { id, fields: table('Fields') }, (input) => put(path`/products/${input.id}.json`, { product: { ...input.fields, id: input.id } })),
    read(['list-orders', 'Orders', 'The orders of the shop.'], { limit, status: choice('Status', ['open', 'closed', 'cancelled', 'any']).default('any'), created_at_min: line('Since').optional(), name: line('Number', 'For example #1001.').optional() }, (query) => get('/orders.json', query), (body) => itemsAt(body, 'orders')),
    read(['get-order', 'Order', 'One order.'], { id }, (input) => get(path`/orders/${input.id}.json`)),
    write(['update-order', 'Change an order', 'Changes the note or the tags of an order.'], { id, note: textArea('Note').optional(), tags: line('Tags').optional() }, (input) => put(path`/orders/${input.id}.json`, { order: input })),
    read(['search-customers', 'Find customers', 'Finds customers, e.g. by email:.'], { query: line('Query'), limit }, (query) => get('/customers/search.json', query), (body) => itemsAt(body, 'customers')),
    write(['graphql', 'GraphQL', 'Any query or change of the Admin API.'], { query: textArea('Query').min(1), variables: table('Variables').default({}) }, (input) => post('/graphql.json', input)),
  ],
});
