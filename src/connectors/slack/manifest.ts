import { bearer, choice, count, defineConnector, flag, get, json, line, OutsideError, post, read, runs, textArea, textAt, write, type HttpCall, type Outside } from '#modules/connections/kit.ts';

const channel = line('Channel', 'Its id, or #name where the app may write.');
const ts = line('Message', 'Its time stamp (ts).');
const cursor = line('Continue at', 'next_cursor of the answer before.').optional();
const limit = count('Entries', 1, 1000).default(100);

/** Slack answers refusals with status 200 and `ok: false`. */
const accepted = (body: unknown): unknown => {
  if (textAt(body, 'ok') === 'true') return body;
  throw new OutsideError('call-failed', `slack.com refused the call: ${textAt(body, 'error') || 'no reason given'}.`);
};
const ask = async ({ http }: Outside, call: HttpCall): Promise<unknown> => accepted((await http(call)).body);

export const slack = defineConnector({
  id: 'slack', title: 'Slack', description: 'Messages, channels and people of a Slack workspace.', category: 'messaging',
  auth: bearer('Bot token (xoxb-…)'), baseUrl: 'https://slack.com/api', hosts: ['files.slack.com'],
  probe: async (outside) => ask(outside, post('/auth.test')),
  actions: [
    write(['post-message', 'Post a message', 'Writes into a channel, to a person or into a thread.'], {
      channel, text: textArea('Text'), blocks: json('Blocks', 'A list after Block Kit.').optional(), thread_ts: line('Thread', 'Time stamp of its first message.').optional(),
      username: line('Shown as').optional(), icon_emoji: line('Icon', 'For example :robot_face:').optional(), unfurl_links: flag('Show previews of links').optional(), mrkdwn: flag('Markup').optional(),
    }, (input) => post('/chat.postMessage', input), accepted),
    write(['update-message', 'Change a message', 'Replaces the text of a message.'], { channel, ts, text: textArea('Text'), blocks: json('Blocks').optional() }, (input) => post('/chat.update', input), accepted),
    write(['delete-message', 'Delete a message', 'Deletes a message of the app.'], { channel, ts }, (input) => post('/chat.delete', input), accepted),
    write(['add-reaction', 'React', 'Adds an emoji to a message.'], { channel, timestamp: ts, name: line('Emoji', 'Without colons.') }, (input) => post('/reactions.add', input), accepted),
    write(['create-channel', 'Create a channel', 'Creates a channel.'], { name: line('Name'), is_private: flag('Private').default(false) }, (input) => post('/conversations.create', input), accepted),
    write(['invite', 'Invite to a channel', 'Brings people into a channel.'], { channel, users: line('People', 'Ids separated by commas.') }, (input) => post('/conversations.invite', input), accepted),
    write(['open-conversation', 'Open a direct conversation', 'Opens a conversation with people; its id can be written to.'], { users: line('People', 'Ids separated by commas.') }, (input) => post('/conversations.open', input), accepted),
    read(['history', 'Messages of a channel', 'The newest messages of a channel.'], { channel, limit, oldest: line('Not before', 'A time stamp.').optional(), latest: line('Not after', 'A time stamp.').optional(), cursor }, (query) => get('/conversations.history', query), accepted),
    read(['replies', 'Messages of a thread', 'The messages of a thread.'], { channel, ts, limit, cursor }, (query) => get('/conversations.replies', query), accepted),
    read(['list-channels', 'Channels', 'The channels of the workspace.'], { types: line('Kinds').default('public_channel'), exclude_archived: flag('Without archived ones').default(true), limit, cursor }, (query) => get('/conversations.list', query), accepted),
    read(['list-users', 'People', 'The people of the workspace.'], { limit, cursor }, (query) => get('/users.list', query), accepted),
    read(['get-user', 'Person', 'Who somebody is.'], { user: line('Id') }, (query) => get('/users.info', query), accepted),
    read(['find-user', 'Person by e-mail', 'Finds somebody by e-mail address.'], { email: line('E-mail') }, (query) => get('/users.lookupByEmail', query), accepted),
    read(['search-messages', 'Search messages', 'Finds messages; needs a user token.'], { query: line('Query'), count: count('Messages', 1, 100).default(20), sort: choice('Order', ['score', 'timestamp']).default('score') }, (query) => get('/search.messages', query), accepted),
    runs('write', ['upload-text-file', 'Upload a file', 'Uploads a text as a file into a channel.'], { channel_id: line('Channel', 'Its id.'), filename: line('File name'), content: textArea('Content'), initial_comment: textArea('Comment').optional() },
      async (outside, { channel_id, filename, content, initial_comment }) => {
        const place = await ask(outside, get('/files.getUploadURLExternal', { filename, length: Buffer.byteLength(content) }));
        await outside.http({ method: 'POST', path: textAt(place, 'upload_url'), text: content, answer: 'text' });
        return ask(outside, post('/files.completeUploadExternal', { files: [{ id: textAt(place, 'file_id'), title: filename }], channel_id, initial_comment }));
      }),
  ],
});
