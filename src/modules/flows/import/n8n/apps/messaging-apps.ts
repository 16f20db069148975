import { always, fieldsAt, idIn, joined, limited, listed, listIn, oneIn, op } from './app-mapping.ts';
import type { App } from './app-mapping.ts';
import type { StepBuilder } from '../step-builder.ts';

/** Where a Slack message goes: channel or person, by id or name. */
const slackPlace = (step: StepBuilder): string => {
  const place = step.text(step.fixed('select') === 'user' ? 'user' : 'channelId') || step.text('channelId') || step.text('channel') || step.text('user');
  return place;
};
const slackBlocks = (step: StepBuilder): unknown => {
  const raw = step.raw('blocksUi');
  if (raw === undefined || step.fixed('messageType') === 'text') return undefined;
  const found = step.json(raw);
  // Block Kit's builder puts the list into an object.
  if (typeof found === 'string') {
    const inner = /^\{\{ ([^]*) \}\}$/.exec(found)?.[1];
    return inner === undefined ? found : `{{ (${inner}).blocks ?? (${inner}) }}`;
  }
  return typeof found === 'object' && found !== null && 'blocks' in found ? found.blocks : found;
};
const slackText = { channel: slackPlace, text: 'text|messageText', blocks: slackBlocks, thread_ts: 'otherOptions.thread_ts.replyValues.thread_ts|otherOptions.thread_ts', username: 'otherOptions.botProfile.botName|otherOptions.username|username' };
/** Slack wants words beside blocks, for notifications. */
const slackPost = { ...slackText, text: (step: StepBuilder) => step.text('text') || step.text('messageText') || (step.raw('blocksUi') === undefined ? '' : 'New message') };

const telegramText = { chat_id: 'chatId', text: 'text', parse_mode: 'additionalFields.parse_mode', reply_to_message_id: 'additionalFields.reply_to_message_id', disable_notification: 'additionalFields.disable_notification', disable_web_page_preview: 'additionalFields.disable_web_page_preview', message_thread_id: 'additionalFields.message_thread_id' };
const FILE_BY_ADDRESS = 'A file is sent by its address or id; files of the flow itself cannot be sent.';

export const messagingApps: Readonly<Record<string, App>> = {
  'base.slack': {
    connector: 'slack', title: 'Slack',
    usual: { '': 'message', message: 'post', channel: 'getAll', user: 'info', reaction: 'add', file: 'upload', star: 'add' },
    operations: {
      'message:post': op('post-message', slackPost), 'message:postEphemeral': op('post-message', slackPost, { remark: 'Everybody in the channel sees the message; n8n shows it to one person.' }),
      'message:sendAndWait': op('post-message', { ...slackPost, text: 'message|text' }, { remark: 'The message is sent, but the flow does not wait for an answer.' }),
      'message:update': op('update-message', { channel: slackPlace, ts: 'ts', text: 'text', blocks: slackBlocks }),
      'message:delete': op('delete-message', { channel: slackPlace, ts: 'timestamp|ts' }),
      'message:search': op('search-messages', { query: 'query', count: limited(100) }),
      'reaction:add': op('add-reaction', { channel: 'channelId', timestamp: 'timestamp', name: 'name' }),
      'channel:create': op('create-channel', { name: 'channelId|channel', is_private: (step) => step.fixed('channelVisibility') === 'private' }), 'channel:invite': op('invite', { channel: 'channelId', users: joined('userIds') }),
      'channel:open': op('open-conversation', { users: joined('options.users') }), 'channel:history': op('history', { channel: 'channelId', limit: limited(1000), oldest: 'filters.oldest', latest: 'filters.latest' }, listIn('messages')),
      'channel:replies': op('replies', { channel: 'channelId', ts: 'ts', limit: limited(1000) }, listIn('messages')), 'channel:getAll': op('list-channels', { limit: limited(1000) }, listIn('channels')),
      'user:info': op('get-user', { user: 'user' }, oneIn('user')), 'user:get': op('get-user', { user: 'user' }, oneIn('user')), 'user:getAll': op('list-users', { limit: limited(1000) }, listIn('members')),
      'file:upload': op('upload-text-file', { channel_id: 'options.channelId|options.channelIds', filename: 'options.fileName', content: 'fileContent', initial_comment: 'options.initialComment' }, { remark: 'Only texts can be uploaded as files.' }),
    },
  },
  'base.telegram': {
    connector: 'telegram', title: 'Telegram', usual: { '': 'message', message: 'sendMessage', chat: 'get', callback: 'answerQuery', file: 'get' },
    operations: {
      'message:sendMessage': op('send-message', telegramText), 'message:sendAndWait': op('send-message', { chat_id: 'chatId', text: 'message' }, { remark: 'The message is sent, but the flow does not wait for an answer.' }),
      'message:sendPhoto': op('send-photo', { chat_id: 'chatId', photo: 'file', caption: 'additionalFields.caption', parse_mode: 'additionalFields.parse_mode' }, { remark: FILE_BY_ADDRESS }),
      'message:sendDocument': op('send-document', { chat_id: 'chatId', document: 'file', caption: 'additionalFields.caption' }, { remark: FILE_BY_ADDRESS }),
      'message:sendAudio': op('send-audio', { chat_id: 'chatId', audio: 'file', caption: 'additionalFields.caption' }, { remark: FILE_BY_ADDRESS }),
      'message:editMessageText': op('edit-message', { chat_id: 'chatId', message_id: 'messageId', text: 'text', parse_mode: 'additionalFields.parse_mode' }),
      'message:deleteMessage': op('delete-message', { chat_id: 'chatId', message_id: 'messageId' }), 'message:sendChatAction': op('send-chat-action', { chat_id: 'chatId', action: 'action' }),
      'callback:answerQuery': op('answer-callback-query', { callback_query_id: 'queryId', text: 'additionalFields.text' }), 'chat:get': op('get-chat', { chat_id: 'chatId' }), 'file:get': op('get-file', { file_id: 'fileId' }, { remark: 'It tells where the file can be had; the file itself is not read.' }),
    },
  },
  'base.discord': {
    connector: 'discord', title: 'Discord', usual: { '': 'message', message: 'send', channel: 'getAll' },
    operations: {
      'message:send': op('send-message', { channelId: 'channelId', content: 'content|text' }), 'message:sendLegacy': op('send-webhook', { content: 'content|text' }), 'message:sendAndWait': op('send-message', { channelId: 'channelId', content: 'message' }, { remark: 'The message is sent, but the flow does not wait for an answer.' }),
      'message:getAll': op('list-messages', { channelId: 'channelId', limit: limited(100) }), 'channel:getAll': op('list-channels', { guildId: 'guildId' }),
    },
  },
  'base.whatsApp': {
    connector: 'whatsapp', title: 'WhatsApp', usual: { '': 'message', message: 'send', media: 'mediaUrlGet' },
    operations: {
      'message:send': op('send-message', { to: 'recipientPhoneNumber', body: 'textBody', preview_url: 'additionalFields.previewUrl' }), 'message:sendAndWait': op('send-message', { to: 'recipientPhoneNumber', body: 'message' }, { remark: 'The message is sent, but the flow does not wait for an answer.' }),
      'message:sendTemplate': op('send-template', { to: 'recipientPhoneNumber', name: (step) => step.fixed('template').split('|')[0] ?? '', language: (step) => step.fixed('template').split('|')[1] ?? '', components: 'components.component' }), 'media:mediaUrlGet': op('get-media', { id: 'mediaGetId' }),
    },
  },
  'base.twilio': {
    connector: 'twilio', title: 'Twilio', usual: { '': 'sms', sms: 'send', call: 'make' },
    operations: {
      'sms:send': op('send-message', { to: (step) => (step.flag('toWhatsapp') ? `whatsapp:${step.text('to')}` : step.text('to')), from: (step) => (step.flag('toWhatsapp') ? `whatsapp:${step.text('from')}` : step.text('from')), body: 'message' }),
      'call:make': op('call', { to: 'to', from: 'from', text: 'message' }),
    },
  },
  'base.microsoftTeams': {
    connector: 'microsoft-teams', title: 'Microsoft Teams', usual: { '': 'channelMessage', channelMessage: 'create', chatMessage: 'create' },
    operations: {
      'channelMessage:create': op('post-message', { text: 'message' }, { remark: 'The message goes to the channel of the connection.' }), 'chatMessage:create': op('post-message', { text: 'message' }, { remark: 'The message goes to the channel of the connection, not into a chat.' }),
    },
  },
  'base.gmail': {
    connector: 'gmail', title: 'Gmail', usual: { '': 'message', message: 'send', draft: 'create', thread: 'getAll', label: 'getAll', messageLabel: 'add' },
    operations: {
      'message:send': op('send', { to: 'sendTo|toList', subject: 'subject', body: 'message', format: mailFormat, cc: joined('options.ccList'), bcc: joined('options.bccList'), replyTo: 'options.replyTo' }, { remark: 'The note “sent automatically with n8n” is not added; attachments are left out.' }),
      'message:sendAndWait': op('send', { to: 'sendTo', subject: 'subject', body: 'message', format: mailFormat }, { remark: 'The mail is sent, but the flow does not wait for an answer.' }),
      'message:reply': op('reply', { id: 'messageId', body: 'message', format: mailFormat }), 'thread:reply': op('reply', { id: 'messageId', body: 'message', format: mailFormat }),
      'message:get': op('get', { id: 'messageId' }), 'message:getAll': op('search', { q: mailQuery, maxResults: limited(50), labelIds: listed('filters.labelIds') }), 'message:delete': op('trash', { id: 'messageId' }, { remark: 'The mail is moved to the bin and not deleted for good.' }),
      'message:addLabels': op('modify-labels', { id: 'messageId', addLabelIds: listed('labelIds') }), 'message:removeLabels': op('modify-labels', { id: 'messageId', removeLabelIds: listed('labelIds') }),
      'messageLabel:add': op('modify-labels', { id: 'messageId', addLabelIds: listed('labelIds') }), 'messageLabel:remove': op('modify-labels', { id: 'messageId', removeLabelIds: listed('labelIds') }),
      'message:markAsRead': op('modify-labels', { id: 'messageId', removeLabelIds: always(['UNREAD']) }), 'message:markAsUnread': op('modify-labels', { id: 'messageId', addLabelIds: always(['UNREAD']) }),
      'draft:create': op('create-draft', { to: 'options.sendTo', subject: 'subject', body: 'message', format: mailFormat }), 'thread:get': op('get-thread', { id: 'threadId' }), 'thread:getAll': op('search', { q: mailQuery, maxResults: limited(50) }, { remark: 'It finds mails, not conversations.' }), 'label:getAll': op('list-labels'),
    },
  },
  'base.sendGrid': {
    connector: 'sendgrid', title: 'SendGrid', usual: { '': 'list', mail: 'send', contact: 'upsert' },
    operations: {
      'mail:send': op('send', { to: listed('toEmail'), from: 'fromEmail', subject: 'subject', body: 'contentValue', format: (step) => (step.fixed('contentType') === 'text/html' ? 'html' : 'text') }),
      'contact:upsert': op('upsert-contact', { email: 'email', first_name: 'additionalFields.firstName', last_name: 'additionalFields.lastName', listIds: listed('additionalFields.listIdsUi.listIdValues.listIds') }),
    },
  },
  'base.mailchimp': {
    connector: 'mailchimp', title: 'Mailchimp', usual: { '': 'member', member: 'create', memberTag: 'create', listGroup: 'getAll' },
    operations: {
      'member:create': op('upsert-member', { listId: 'list', email: 'email', status: 'status', merge_fields: fieldsAt('mergeFieldsUi') }), 'member:update': op('upsert-member', { listId: 'list', email: 'email', status: 'updateFields.status' }),
      'member:get': op('get-member', { listId: 'list', email: 'email' }), 'member:getAll': op('list-members', { listId: 'list', count: limited(1000) }), 'memberTag:create': op('add-tags', { listId: 'list', email: 'email', tags: listed('tags') }),
    },
  },
  'base.googleDocs': {
    connector: 'google-docs', title: 'Google Docs', usual: { '': 'document', document: 'create' },
    operations: {
      'document:create': op('create', { title: 'title' }), 'document:get': op('get', { documentId: idIn('documentURL', /\/d\/([\w-]+)/) }),
      'document:update': op('append-text', { documentId: idIn('documentURL', /\/d\/([\w-]+)/), text: documentText }, { remark: 'Texts are added at the end; other changes of the document are left out.' }),
    },
  },
};

function mailFormat(step: StepBuilder): string {
  const kind = step.fixed('emailType');
  return kind === 'text' ? 'text' : 'html';
}

/** Gmail's own words for the filters of n8n. */
function mailQuery(step: StepBuilder): string {
  const state = step.fixed('filters.readStatus');
  return [step.text('filters.q'), ...(step.text('filters.sender') ? [`from:${step.text('filters.sender')}`] : []), ...(state === 'unread' || state === 'read' ? [`is:${state}`] : []),
    ...(step.text('filters.receivedAfter') ? [`after:${step.text('filters.receivedAfter')}`] : []), ...(step.text('filters.receivedBefore') ? [`before:${step.text('filters.receivedBefore')}`] : [])].filter((part) => part !== '').join(' ');
}

function documentText(step: StepBuilder): string {
  const actions = step.raw('actionsUi.actionFields');
  return Array.isArray(actions) ? actions.map((action: unknown) => (typeof action === 'object' && action !== null && 'text' in action ? step.template(action.text) : '')).join('') : step.text('actionsUi.actionFields.text');
}
