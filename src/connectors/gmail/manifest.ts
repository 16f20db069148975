import { at, choice, count, defineConnector, get, itemsAt, line, oauth2, path, post, read, runs, textArea, textAt, words, write } from '#modules/connections/kit.ts';
import { bodyOf, mailText } from './mail-text.ts';

const id = line('Message', 'Its id.');
const mail = {
  to: line('To', 'Addresses separated by commas.'), subject: line('Subject'), body: textArea('Text'), format: choice('Format', ['text', 'html']).default('text'),
  cc: line('Copy to').optional(), bcc: line('Blind copy to').optional(), replyTo: line('Answers to').optional(),
};

export const gmail = defineConnector({
  id: 'gmail', title: 'Gmail', description: 'Reads, writes and sorts mail.', category: 'mail',
  auth: oauth2({ url: 'https://oauth2.googleapis.com/token' }), baseUrl: 'https://gmail.googleapis.com/gmail/v1/users/me', probe: get('/profile'),
  actions: [
    write(['send', 'Send a mail', 'Sends a mail.'], mail, (input) => post('/messages/send', { raw: mailText(input) })),
    runs('write', ['reply', 'Answer a mail', 'Answers a mail in its conversation.'], { id, body: mail.body, format: mail.format }, async ({ http }, input) => {
      const { body: original } = await http(get(path`/messages/${input.id}`, { format: 'metadata', metadataHeaders: ['From', 'Reply-To', 'Subject', 'Message-ID'] }));
      const header = headersOf(original);
      const subject = header('Subject');
      const raw = mailText({ to: header('Reply-To') || header('From'), subject: /^re:/i.test(subject) ? subject : `Re: ${subject}`, body: input.body, format: input.format, inReplyTo: header('Message-ID') });
      return (await http(post('/messages/send', { raw, threadId: textAt(original, 'threadId') }))).body;
    }),
    write(['create-draft', 'Write a draft', 'Keeps a mail without sending it.'], mail, (input) => post('/drafts', { message: { raw: mailText(input) } })),
    runs('read', ['search', 'Find mails', 'Finds mails and returns sender, subject, beginning and text.'], { q: line('Query', 'As in the search field of Gmail.').optional(), maxResults: count('Mails', 1, 50).default(10), labelIds: words('Labels').optional() }, async ({ http }, query) => {
      const { body: found } = await http(get('/messages', query));
      return Promise.all(itemsAt(found, 'messages').map(async (message) => shown((await http(get(path`/messages/${textAt(message, 'id')}`, { format: 'full' }))).body)));
    }),
    read(['get', 'Read a mail', 'Returns a mail with its text.'], { id }, (input) => get(path`/messages/${input.id}`, { format: 'full' }), shown),
    read(['get-thread', 'Read a conversation', 'Returns all mails of a conversation.'], { id: line('Conversation') }, (input) => get(path`/threads/${input.id}`, { format: 'full' }), (body) => itemsAt(body, 'messages').map(shown)),
    write(['modify-labels', 'Sort a mail', 'Adds and removes labels; UNREAD, INBOX and STARRED are labels too.'], { id, addLabelIds: words('Add').default([]), removeLabelIds: words('Remove').default([]) }, ({ id: message, ...body }) => post(path`/messages/${message}/modify`, body)),
    write(['trash', 'Move to the bin', 'Moves a mail to the bin.'], { id }, (input) => post(path`/messages/${input.id}/trash`)),
    read(['list-labels', 'Labels', 'The labels of the mailbox.'], {}, () => get('/labels'), (body) => itemsAt(body, 'labels')),
  ],
});

const headersOf = (message: unknown) => (name: string): string =>
  textAt(itemsAt(message, 'payload.headers').find((header) => textAt(header, 'name').toLowerCase() === name.toLowerCase()), 'value');

function shown(message: unknown): object {
  const header = headersOf(message);
  return {
    id: textAt(message, 'id'), threadId: textAt(message, 'threadId'), labels: itemsAt(message, 'labelIds'), from: header('From'), to: header('To'), subject: header('Subject'), date: header('Date'),
    snippet: textAt(message, 'snippet'), text: bodyOf(at(message, 'payload')),
  };
}
