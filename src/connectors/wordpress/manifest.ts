import { basic, choice, count, defineConnector, get, itemsAt, line, path, post, read, table, textArea, write } from '#modules/connections/kit.ts';

const kind = choice('What', ['posts', 'pages']).default('posts');
const words = { title: line('Title').optional(), content: textArea('Content').optional(), status: choice('Status', ['publish', 'draft', 'pending', 'private']).optional(), excerpt: textArea('Excerpt').optional(), fields: table('More fields').default({}) };

export const wordpress = defineConnector({
  id: 'wordpress', title: 'WordPress', description: 'Posts and pages of a site, by an application password. The address is the one of the site.', category: 'web',
  auth: basic({ password: 'Application password' }), baseUrl: null, ownHost: true, probe: get('/wp-json/wp/v2/users/me'),
  actions: [
    read(['list', 'List', 'The newest posts or pages.'], { kind, search: line('Words').optional(), per_page: count('Entries', 1, 100).default(10), page: count('Page', 1, 1000).default(1) }, ({ kind: what, ...query }) => get(path`/wp-json/wp/v2/${what}`, query), (body) => itemsAt(body, '')),
    read(['get', 'Read', 'One post or page.'], { kind, id: line('Id') }, (input) => get(path`/wp-json/wp/v2/${input.kind}/${input.id}`)),
    write(['create', 'Write', 'Makes a post or page, as a draft unless told.'], { kind, ...words, title: line('Title') }, ({ kind: what, fields, ...body }) => post(path`/wp-json/wp/v2/${what}`, { status: 'draft', ...fields, ...body })),
    write(['update', 'Change', 'Changes a post or page.'], { kind, id: line('Id'), ...words }, ({ kind: what, id, fields, ...body }) => post(path`/wp-json/wp/v2/${what}/${id}`, { ...fields, ...body })),
  ],
});
