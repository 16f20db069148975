import { testCalls } from '#modules/connections/testing/call-cases.ts';
import { asana } from './asana/manifest.ts';
import { assemblyai } from './assemblyai/manifest.ts';
import { baserow } from './baserow/manifest.ts';
import { dropbox } from './dropbox/manifest.ts';
import { facebookGraph } from './facebook-graph/manifest.ts';
import { googleAnalytics } from './google-analytics/manifest.ts';
import { hunter } from './hunter/manifest.ts';
import { microsoftOutlook } from './microsoft-outlook/manifest.ts';
import { monday } from './monday/manifest.ts';
import { perplexity } from './perplexity/manifest.ts';
import { strapi } from './strapi/manifest.ts';
import { todoist } from './todoist/manifest.ts';
import { woocommerce } from './woocommerce/manifest.ts';
import { wordpress } from './wordpress/manifest.ts';
import { x } from './x/manifest.ts';

const fields = { token: 'the-token' };
const bearer = { authorization: 'Bearer the-token' };
const oauth = { accessToken: 'the-token' };
const basic = (pair: string) => ({ authorization: `Basic ${Buffer.from(pair).toString('base64')}` });

await testCalls([
  { connector: perplexity, action: 'ask', fields, headers: bearer, input: { question: 'Moon?' }, call: 'POST https://api.perplexity.ai/chat/completions', body: { model: 'sonar', messages: [{ role: 'user', content: 'Moon?' }] }, answers: [{ json: { choices: [{ message: { content: 'Round.' } }], citations: ['https://a.example'] } }], result: { text: 'Round.', citations: ['https://a.example'] } },
  { connector: assemblyai, action: 'subtitles', fields, headers: { authorization: 'the-token' }, input: { id: 't1', format: 'vtt' }, call: 'GET https://api.assemblyai.com/v2/transcript/t1/vtt', answers: [{ text: 'WEBVTT' }], result: 'WEBVTT' },
  { connector: monday, action: 'get-item', fields, headers: { authorization: 'the-token', 'api-version': '2025-04' }, input: { item: 7 }, call: 'POST https://api.monday.com/v2', body: { query: 'query ($item: [ID!]) { items(ids: $item) { id name state created_at updated_at group { title } column_values { id text value } } }', variables: { item: ['7'] } }, answers: [{ json: { data: { items: [{ id: '7' }] } } }], result: { id: '7' } },
  { connector: todoist, action: 'finish-task', fields, headers: bearer, input: { id: 't1' }, call: 'POST https://api.todoist.com/api/v1/tasks/t1/close', body: {} },
  { connector: asana, action: 'create-task', fields, headers: bearer, input: { project: 'p1', name: 'Call Ann' }, call: 'POST https://app.asana.com/api/1.0/tasks', body: { data: { name: 'Call Ann', projects: ['p1'] } }, answers: [{ json: { data: { gid: '1' } } }], result: { gid: '1' } },
  { connector: microsoftOutlook, action: 'send', fields: oauth, headers: bearer, input: { to: ['ann@example.com'], subject: 'Hi', body: 'Hello' }, call: 'POST https://graph.microsoft.com/v1.0/me/sendMail', body: { message: { subject: 'Hi', body: { contentType: 'Text', content: 'Hello' }, toRecipients: [{ emailAddress: { address: 'ann@example.com' } }], ccRecipients: [] } }, answers: [{ status: 202, text: '' }], result: { accepted: true } },
  { connector: dropbox, action: 'upload', fields: oauth, headers: { ...bearer, 'dropbox-api-arg': String.raw`{"path":"/\u00fc.txt","mode":"overwrite"}` }, input: { path: '/ü.txt', content: 'Hello' }, call: 'POST https://content.dropboxapi.com/2/files/upload', body: 'Hello' },
  { connector: wordpress, action: 'create', fields: { username: 'ann', password: 'app-password' }, headers: basic('ann:app-password'), baseUrl: 'https://blog.example.org', input: { title: 'Moon', content: 'Round' }, call: 'POST https://blog.example.org/wp-json/wp/v2/posts', body: { status: 'draft', title: 'Moon', content: 'Round' } },
  { connector: woocommerce, action: 'list', fields: { username: 'ck_1', password: 'cs_1' }, headers: basic('ck_1:cs_1'), baseUrl: 'https://shop.example.org', input: { object: 'orders', per_page: 1 }, call: 'GET https://shop.example.org/wp-json/wc/v3/orders?per_page=1&page=1', answers: [{ json: [{ id: 1 }] }], result: [{ id: 1 }] },
  { connector: baserow, action: 'create-row', fields, headers: { authorization: 'Token the-token' }, input: { table: 5, fields: { Name: 'Ann' } }, call: 'POST https://api.baserow.io/api/database/rows/table/5/?user_field_names=true', body: { Name: 'Ann' } },
  { connector: strapi, action: 'create', fields, headers: bearer, baseUrl: 'https://cms.example.org', input: { type: 'articles', fields: { title: 'A' } }, call: 'POST https://cms.example.org/api/articles', body: { data: { title: 'A' } }, answers: [{ json: { data: { id: 1 } } }], result: { id: 1 } },
  { connector: hunter, action: 'verify', fields, input: { email: 'ann@example.com' }, call: 'GET https://api.hunter.io/v2/email-verifier?email=ann%40example.com&api_key=the-token', answers: [{ json: { data: { status: 'valid' } } }], result: { status: 'valid' } },
  { connector: x, action: 'post', fields, headers: bearer, input: { text: 'Hello', in_reply_to_tweet_id: '9' }, call: 'POST https://api.x.com/2/tweets', body: { text: 'Hello', reply: { in_reply_to_tweet_id: '9' } } },
  { connector: facebookGraph, action: 'get', fields, headers: bearer, input: { node: 'me/accounts', fields: 'id,name' }, call: 'GET https://graph.facebook.com/v23.0/me/accounts?fields=id%2Cname' },
  {
    connector: googleAnalytics, action: 'report', fields: oauth, headers: bearer, input: { property: 'properties/123', limit: 1 }, call: 'POST https://analyticsdata.googleapis.com/v1beta/properties/123:runReport',
    body: { limit: 1, dateRanges: [{ startDate: '7daysAgo', endDate: 'today' }], metrics: [{ name: 'activeUsers' }], dimensions: [{ name: 'date' }] },
    answers: [{ json: { dimensionHeaders: [{ name: 'date' }], metricHeaders: [{ name: 'activeUsers' }], rows: [{ dimensionValues: [{ value: '20260301' }], metricValues: [{ value: '7' }] }] } }], result: [{ date: '20260301', activeUsers: 7 }],
  },
]);
