import { createHash } from 'node:crypto';
import { basic, choice, count, defineConnector, get, itemsAt, line, path, post, put, read, table, words, write } from '#modules/connections/kit.ts';

const listId = line('Audience', 'Its id.');
const email = line('E-mail');
/** People are addressed by the MD5 of their lower-case address. */
const memberOf = (address: string) => createHash('md5').update(address.toLowerCase()).digest('hex');

export const mailchimp = defineConnector({
  id: 'mailchimp', title: 'Mailchimp', description: 'Audiences and their members.', category: 'mail',
  auth: basic({ fixedUser: 'key', password: 'API key', more: { dataCenter: line('Data center', 'The last part of the key, e.g. us21.').regex(/^[a-z]{2}\d{1,3}$/) } }), baseUrl: ({ dataCenter = '' }) => `https://${dataCenter}.api.mailchimp.com/3.0`, probe: get('/ping'),
  actions: [
    read(['list-audiences', 'Audiences', 'The audiences of the account.'], { count: count('Audiences', 1, 1000).default(50) }, (query) => get('/lists', query), (body) => itemsAt(body, 'lists')),
    read(['list-members', 'Members', 'The members of an audience.'], { listId, status: choice('Status', ['subscribed', 'unsubscribed', 'cleaned', 'pending']).optional(), count: count('Members', 1, 1000).default(100), offset: count('Skip', 0, 1_000_000).default(0) }, ({ listId: id, ...query }) => get(path`/lists/${id}/members`, query), (body) => itemsAt(body, 'members')),
    read(['get-member', 'Member', 'One member.'], { listId, email }, (input) => get(path`/lists/${input.listId}/members/${memberOf(input.email)}`)),
    write(['upsert-member', 'Add or change a member', 'Adds somebody to an audience, or changes what is known.'], { listId, email, status: choice('Status', ['subscribed', 'pending', 'unsubscribed']).default('subscribed'), merge_fields: table('Fields').default({}) },
      (input) => put(path`/lists/${input.listId}/members/${memberOf(input.email)}`, { email_address: input.email, status_if_new: input.status, status: input.status, merge_fields: input.merge_fields })),
    write(['add-tags', 'Tag a member', 'Adds tags to a member.'], { listId, email, tags: words('Tags').min(1) }, (input) => post(path`/lists/${input.listId}/members/${memberOf(input.email)}/tags`, { tags: input.tags.map((name) => ({ name, status: 'active' })) })),
  ],
});
