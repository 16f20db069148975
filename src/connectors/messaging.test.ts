import { testCalls } from '#modules/connections/testing/call-cases.ts';
import { discord } from './discord/manifest.ts';
import { mailchimp } from './mailchimp/manifest.ts';
import { microsoftTeams } from './microsoft-teams/manifest.ts';
import { sendgrid } from './sendgrid/manifest.ts';
import { slack } from './slack/manifest.ts';
import { telegram } from './telegram/manifest.ts';
import { twilio } from './twilio/manifest.ts';
import { whatsapp } from './whatsapp/manifest.ts';

const token = { token: 'xoxb-the-token' };
const bearer = { authorization: 'Bearer xoxb-the-token' };
const bot = '123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11';
const basic = (pair: string) => ({ authorization: `Basic ${Buffer.from(pair).toString('base64')}` });

await testCalls([
  { connector: slack, action: 'post-message', fields: token, headers: bearer, input: { channel: '#sales', text: 'Hello', blocks: '[{"type":"divider"}]', thread_ts: '' }, call: 'POST https://slack.com/api/chat.postMessage', body: { channel: '#sales', text: 'Hello', blocks: [{ type: 'divider' }] }, answers: [{ json: { ok: true, ts: '1' } }], result: { ok: true, ts: '1' } },
  { connector: slack, action: 'history', fields: token, headers: bearer, input: { channel: 'C1', limit: 2 }, call: 'GET https://slack.com/api/conversations.history?channel=C1&limit=2', answers: [{ json: { ok: true, messages: [] } }] },
  {
    connector: slack, action: 'upload-text-file', fields: token, headers: bearer, input: { channel_id: 'C1', filename: 'a.txt', content: 'Grüße' },
    call: ['GET https://slack.com/api/files.getUploadURLExternal?filename=a.txt&length=7', 'POST https://files.slack.com/upload/v1/abc', 'POST https://slack.com/api/files.completeUploadExternal'],
    answers: [{ json: { ok: true, upload_url: 'https://files.slack.com/upload/v1/abc', file_id: 'F1' } }, { text: 'OK' }, { json: { ok: true, files: [] } }], body: { files: [{ id: 'F1', title: 'a.txt' }], channel_id: 'C1' },
  },
  { connector: discord, action: 'send-message', fields: { botToken: 'the-bot-token' }, headers: { authorization: 'Bot the-bot-token' }, input: { channelId: '42', content: 'Hello' }, call: 'POST https://discord.com/api/v10/channels/42/messages', body: { content: 'Hello' } },
  { connector: discord, action: 'send-webhook', fields: { webhookUrl: 'https://discord.com/api/webhooks/1/secret' }, input: { content: 'Hello', username: 'Robot' }, call: 'POST https://discord.com/api/webhooks/1/secret?wait=true', body: { content: 'Hello', username: 'Robot' } },
  { connector: telegram, action: 'send-message', fields: { token: bot }, input: { chat_id: 7, text: 'Hello', parse_mode: 'HTML' }, call: `POST https://api.telegram.org/bot${bot}/sendMessage`, body: { chat_id: '7', text: 'Hello', parse_mode: 'HTML' } },
  { connector: whatsapp, action: 'send-message', fields: { ...token, phoneNumberId: '555' }, headers: bearer, input: { to: '+49123', body: 'Hello' }, call: 'POST https://graph.facebook.com/v23.0/555/messages', body: { messaging_product: 'whatsapp', recipient_type: 'individual', to: '+49123', type: 'text', text: { body: 'Hello', preview_url: false } } },
  {
    connector: microsoftTeams, action: 'post-message', fields: { webhookUrl: 'https://acme.webhook.office.com/webhookb2/1?sig=2' }, input: { text: '**Hi**', title: 'News' }, call: 'POST https://acme.webhook.office.com/webhookb2/1?sig=2', answers: [{ text: '1' }],
    body: { type: 'message', attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content: { type: 'AdaptiveCard', version: '1.4', $schema: 'http://adaptivecards.io/schemas/adaptive-card.json', body: [{ type: 'TextBlock', size: 'Medium', weight: 'Bolder', text: 'News', wrap: true }, { type: 'TextBlock', text: '**Hi**', wrap: true }] } }] },
  },
  {
    connector: sendgrid, action: 'send', fields: token, headers: bearer, input: { to: 'ann@example.com', from: 'shop@example.com', subject: 'Hi', body: '<b>Hi</b>', format: 'html' }, call: 'POST https://api.sendgrid.com/v3/mail/send', answers: [{ status: 202, text: '' }],
    body: { personalizations: [{ to: [{ email: 'ann@example.com' }] }], from: { email: 'shop@example.com' }, subject: 'Hi', content: [{ type: 'text/html', value: '<b>Hi</b>' }] }, result: { accepted: true },
  },
  { connector: mailchimp, action: 'upsert-member', fields: { password: 'the-key-us21', dataCenter: 'us21' }, headers: basic('key:the-key-us21'), input: { listId: 'l1', email: 'Ann@Example.com' }, call: 'PUT https://us21.api.mailchimp.com/3.0/lists/l1/members/257c57037d384ae37ea27a07e8a01665', body: { email_address: 'Ann@Example.com', status_if_new: 'subscribed', status: 'subscribed', merge_fields: {} } },
  { connector: twilio, action: 'send-message', fields: { username: 'AC1', password: 'the-token' }, headers: basic('AC1:the-token'), input: { to: '+49123', from: '+1555', body: 'Hello' }, call: 'POST https://api.twilio.com/2010-04-01/Accounts/AC1/Messages.json', body: { To: '+49123', From: '+1555', Body: 'Hello' } },
]);
