import { at, bearer, count, defineConnector, del, get, itemsAt, line, path, post, put, read, table, write } from '#modules/connections/kit.ts';

const type = line('Content type', 'In the plural, e.g. articles.');
const id = line('Entry', 'Its id.');
const data = (body: unknown) => at(body, 'data');

export const strapi = defineConnector({
  id: 'strapi', title: 'Strapi', description: 'Entries of a content system people host themselves.', category: 'documents',
  auth: bearer('API token'), baseUrl: null, ownHost: true,
  actions: [
    read(['list', 'Entries', 'The entries of a content type.'], { type, pageSize: count('Entries', 1, 100).default(25), page: count('Page', 1, 10_000).default(1) }, (input) => get(path`/api/${input.type}`, { 'pagination[pageSize]': input.pageSize, 'pagination[page]': input.page }), (body) => itemsAt(body, 'data')),
    read(['get', 'One entry', 'One entry of a content type.'], { type, id }, (input) => get(path`/api/${input.type}/${input.id}`), data),
    write(['create', 'Add an entry', 'Adds an entry.'], { type, fields: table('Fields') }, (input) => post(path`/api/${input.type}`, { data: input.fields }), data),
    write(['update', 'Change an entry', 'Changes fields of an entry.'], { type, id, fields: table('Fields') }, (input) => put(path`/api/${input.type}/${input.id}`, { data: input.fields }), data),
    write(['delete', 'Delete an entry', 'Deletes an entry.'], { type, id }, (input) => del(path`/api/${input.type}/${input.id}`)),
  ],
});
