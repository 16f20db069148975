import { testCalls } from '#modules/connections/testing/call-cases.ts';
import { airtable } from './airtable/manifest.ts';
import { github } from './github/manifest.ts';
import { gitlab } from './gitlab/manifest.ts';
import { hubspot } from './hubspot/manifest.ts';
import { jira } from './jira/manifest.ts';
import { linear } from './linear/manifest.ts';
import { notion } from './notion/manifest.ts';
import { salesforce } from './salesforce/manifest.ts';
import { shopify } from './shopify/manifest.ts';
import { stripe } from './stripe/manifest.ts';
import { trello } from './trello/manifest.ts';
import { zendesk } from './zendesk/manifest.ts';

const fields = { token: 'the-token' };
const bearer = { authorization: 'Bearer the-token' };
const githubHeaders = { ...bearer, accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' };
const notionHeaders = { ...bearer, 'notion-version': '2022-06-28' };
const basic = (pair: string) => ({ authorization: `Basic ${Buffer.from(pair).toString('base64')}` });
const adf = (text: string) => ({ type: 'doc', version: 1, content: [{ type: 'paragraph', content: [{ type: 'text', text }] }] });

await testCalls([
  { connector: airtable, action: 'list-records', fields, headers: bearer, input: { baseId: 'app1', tableId: 'My Leads', filterByFormula: '{Age} > 3', fields: ['Name'], sortField: 'Name' }, call: 'GET https://api.airtable.com/v0/app1/My%20Leads?filterByFormula=%7BAge%7D+%3E+3&pageSize=100&fields%5B%5D=Name&sort%5B0%5D%5Bfield%5D=Name&sort%5B0%5D%5Bdirection%5D=asc' },
  { connector: airtable, action: 'create-record', fields, headers: bearer, input: { baseId: 'app1', tableId: 't', fields: '{"Name":"Ann"}' }, call: 'POST https://api.airtable.com/v0/app1/t', body: { fields: { Name: 'Ann' }, typecast: true } },
  { connector: github, action: 'create-issue', fields, headers: githubHeaders, input: { owner: 'acme', repo: 'shop', title: 'Bug', labels: ['a'] }, call: 'POST https://api.github.com/repos/acme/shop/issues', body: { title: 'Bug', labels: ['a'] } },
  { connector: github, action: 'get-file', fields, headers: githubHeaders, input: { owner: 'acme', repo: 'shop', path: 'docs/a b.md', ref: 'main' }, call: 'GET https://api.github.com/repos/acme/shop/contents/docs/a%20b.md?ref=main', answers: [{ json: { path: 'docs/a b.md', sha: 's', size: 5, content: 'SGVs\nbG8=' } }], result: { path: 'docs/a b.md', sha: 's', size: 5, text: 'Hello' } },
  {
    connector: github, action: 'write-file', fields, headers: githubHeaders, input: { owner: 'acme', repo: 'shop', path: 'a.md', content: 'Hello', message: 'Add' }, call: ['GET https://api.github.com/repos/acme/shop/contents/a.md', 'PUT https://api.github.com/repos/acme/shop/contents/a.md'],
    answers: [{ status: 404, json: { message: 'Not Found' } }, { json: { commit: { sha: 'c' } } }], body: { message: 'Add', content: 'SGVsbG8=' }, result: { commit: { sha: 'c' } },
  },
  {
    connector: github, action: 'write-file', fields, headers: githubHeaders, input: { owner: 'acme', repo: 'shop', path: 'a.md', content: 'Hello', message: 'Change', branch: 'next' }, call: ['GET https://api.github.com/repos/acme/shop/contents/a.md?ref=next', 'PUT https://api.github.com/repos/acme/shop/contents/a.md'],
    answers: [{ json: { sha: 'old' } }, {}], body: { message: 'Change', content: 'SGVsbG8=', branch: 'next', sha: 'old' },
  },
  { connector: gitlab, action: 'create-comment', fields, headers: { 'private-token': 'the-token' }, baseUrl: 'https://git.example.org/api/v4', input: { project: 'acme/shop', iid: '3', body: 'Done' }, call: 'POST https://git.example.org/api/v4/projects/acme%2Fshop/issues/3/notes', body: { body: 'Done' } },
  { connector: jira, action: 'create-issue', fields: { username: 'ann@example.com', password: 'the-token' }, headers: { ...basic('ann@example.com:the-token'), accept: 'application/json' }, baseUrl: 'https://acme.atlassian.net', input: { project: 'SHOP', summary: 'Bug', description: 'It breaks' }, call: 'POST https://acme.atlassian.net/rest/api/3/issue', body: { fields: { project: { key: 'SHOP' }, summary: 'Bug', issuetype: { name: 'Task' }, description: adf('It breaks') } } },
  { connector: jira, action: 'add-comment', fields: { username: 'ann@example.com', password: 'the-token' }, headers: { ...basic('ann@example.com:the-token'), accept: 'application/json' }, baseUrl: 'https://acme.atlassian.net/', input: { issue: 'SHOP-1', body: 'Done' }, call: 'POST https://acme.atlassian.net/rest/api/3/issue/SHOP-1/comment', body: { body: adf('Done') } },
  { connector: hubspot, action: 'upsert-contact', fields, headers: bearer, input: { email: 'ann@example.com', properties: { firstname: 'Ann' } }, call: 'POST https://api.hubapi.com/crm/v3/objects/contacts/batch/upsert', body: { inputs: [{ idProperty: 'email', id: 'ann@example.com', properties: { firstname: 'Ann', email: 'ann@example.com' } }] }, answers: [{ json: { results: [{ id: '1' }] } }], result: { id: '1' } },
  { connector: hubspot, action: 'search', fields, headers: bearer, input: { object: 'deals', filters: [{ propertyName: 'amount', operator: 'GT', value: '5' }], limit: 1 }, call: 'POST https://api.hubapi.com/crm/v3/objects/deals/search', body: { limit: 1, filterGroups: [{ filters: [{ propertyName: 'amount', operator: 'GT', value: '5' }] }] } },
  { connector: salesforce, action: 'query', fields: { accessToken: 'the-token' }, headers: bearer, baseUrl: 'https://acme.my.salesforce.com', input: { q: 'SELECT Id FROM Lead' }, call: 'GET https://acme.my.salesforce.com/services/data/v61.0/query?q=SELECT+Id+FROM+Lead', answers: [{ json: { records: [{ Id: '1' }] } }], result: [{ Id: '1' }] },
  { connector: zendesk, action: 'update-ticket', fields: { username: 'ann@example.com', password: 'the-token', subdomain: 'acme' }, headers: basic('ann@example.com/token:the-token'), input: { id: 5, body: 'Solved', status: 'solved' }, call: 'PUT https://acme.zendesk.com/api/v2/tickets/5.json', body: { ticket: { status: 'solved', comment: { body: 'Solved', public: true } } } },
  { connector: shopify, action: 'list-orders', fields: { ...fields, shop: 'acme' }, headers: { 'x-shopify-access-token': 'the-token' }, input: { limit: 1 }, call: 'GET https://acme.myshopify.com/admin/api/2025-07/orders.json?limit=1&status=any', answers: [{ json: { orders: [{ id: 1 }] } }], result: [{ id: 1 }] },
  { connector: trello, action: 'create-card', fields: { key: 'the-key', token: 'the-token' }, input: { idList: 'l1', name: 'Call Ann' }, call: 'POST https://api.trello.com/1/cards?key=the-key&token=the-token', body: { idList: 'l1', name: 'Call Ann' } },
  { connector: notion, action: 'create-page', fields, headers: notionHeaders, input: { database_id: 'd1', title: 'Ann', properties: { Age: { number: 3 } }, text: 'One\n\nTwo' }, call: 'POST https://api.notion.com/v1/pages', body: { parent: { database_id: 'd1' }, properties: { title: { title: [{ type: 'text', text: { content: 'Ann' } }] }, Age: { number: 3 } }, children: ['One', 'Two'].map((content) => ({ object: 'block', type: 'paragraph', paragraph: { rich_text: [{ type: 'text', text: { content } }] } })) } },
  { connector: notion, action: 'query-database', fields, headers: notionHeaders, input: { database_id: 'd1', filter: '{"property":"Done","checkbox":{"equals":true}}', page_size: 1 }, call: 'POST https://api.notion.com/v1/databases/d1/query', body: { filter: { property: 'Done', checkbox: { equals: true } }, page_size: 1 } },
  { connector: stripe, action: 'search', fields, headers: bearer, input: { object: 'customers', query: 'email:"ann@example.com"' }, call: 'GET https://api.stripe.com/v1/customers/search?query=email%3A%22ann%40example.com%22&limit=20', answers: [{ json: { data: [{ id: 'cus_1' }] } }], result: [{ id: 'cus_1' }] },
  {
    connector: linear, action: 'add-comment', fields, headers: { authorization: 'the-token' }, input: { issueId: 'i1', body: 'Done' }, call: 'POST https://api.linear.app/graphql', answers: [{ json: { data: { commentCreate: { success: true, comment: { id: 'c1' } } } } }],
    body: { query: 'mutation ($input: CommentCreateInput!) { commentCreate(input: $input) { success comment { id url } } }', variables: { input: { issueId: 'i1', body: 'Done' } } }, result: { id: 'c1' },
  },
]);
