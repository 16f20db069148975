import { choice, count, defineConnector, get, itemsAt, line, oauth2, path, post, read, textArea, words, write } from '#modules/connections/kit.ts';

const id = line('Message', 'Its id.');
const addresses = (list: readonly string[] | undefined) => (list ?? []).map((address) => ({ emailAddress: { address } }));
const mail = { to: words('To').min(1), subject: line('Subject'), body: textArea('Text').min(1), format: choice('Format', ['text', 'html']).default('text'), cc: words('Copy to').optional() };

export const microsoftOutlook = defineConnector({
  id: 'microsoft-outlook', title: 'Microsoft Outlook', description: 'Mail and calendar of Microsoft 365.', category: 'mail',
  auth: oauth2({ url: 'https://login.microsoftonline.com/common/oauth2/v2.0/token', scope: 'https://graph.microsoft.com/.default' }), baseUrl: 'https://graph.microsoft.com/v1.0', probe: get('/me'),
  actions: [
    write(['send', 'Send a mail', 'Sends a mail.'], mail, ({ to, subject, body, format, cc }) => ({ ...post('/me/sendMail', { message: { subject, body: { contentType: format === 'html' ? 'HTML' : 'Text', content: body }, toRecipients: addresses(to), ccRecipients: addresses(cc) } }), answer: 'text' as const }), () => ({ accepted: true })),
    write(['reply', 'Answer a mail', 'Answers a mail in its conversation.'], { id, comment: textArea('Text').min(1) }, (input) => ({ ...post(path`/me/messages/${input.id}/reply`, { comment: input.comment }), answer: 'text' as const }), () => ({ accepted: true })),
    read(['search', 'Find mails', 'Finds mails by words.'], { search: line('Words').optional(), top: count('Mails', 1, 100).default(10) }, ({ search, top }) => get('/me/messages', { $search: search ? `"${search.replaceAll('"', '')}"` : undefined, $top: top, $select: 'id,subject,from,receivedDateTime,bodyPreview,isRead' }), (body) => itemsAt(body, 'value')),
    read(['get', 'Read a mail', 'Returns a mail with its text.'], { id }, (input) => get(path`/me/messages/${input.id}`)),
    read(['list-events', 'Events', 'The events of a period.'], { startDateTime: line('From'), endDateTime: line('Until'), top: count('Events', 1, 100).default(50) }, ({ top, ...query }) => get('/me/calendarView', { ...query, $top: top }), (body) => itemsAt(body, 'value')),
    write(['create-event', 'Make an event', 'Puts an event into the calendar.'], { subject: line('Title'), start: line('Start'), end: line('End'), timeZone: line('Time zone').default('UTC'), body: textArea('Text').optional(), attendees: words('Guests').optional() },
      ({ subject, start, end, timeZone, body, attendees }) => post('/me/events', { subject, start: { dateTime: start, timeZone }, end: { dateTime: end, timeZone }, ...(body ? { body: { contentType: 'Text', content: body } } : {}), attendees: addresses(attendees) })),
  ],
});
