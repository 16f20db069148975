import { bearer, choice, defineConnector, get, line, put, table, textArea, words, write } from '#modules/connections/kit.ts';

export const sendgrid = defineConnector({
  id: 'sendgrid', title: 'SendGrid', description: 'Sends mail.', category: 'mail',
  auth: bearer(), baseUrl: 'https://api.sendgrid.com/v3', probe: get('/scopes'),
  actions: [
    write(['send', 'Send a mail', 'Sends a mail.'], {
      to: words('To', 'E-mail addresses.').min(1), from: line('From', 'A verified sender.'), fromName: line('Name of the sender').optional(), subject: line('Subject'), body: textArea('Text').min(1), format: choice('Format', ['text', 'html']).default('text'), replyTo: line('Answers to').optional(), cc: words('Copy to').optional(),
    }, ({ to, from, fromName, subject, body, format, replyTo, cc }) => ({
      method: 'POST', path: '/mail/send', answer: 'text',
      json: {
        personalizations: [{ to: to.map((email) => ({ email })), ...(cc?.length ? { cc: cc.map((email) => ({ email })) } : {}) }], from: { email: from, ...(fromName ? { name: fromName } : {}) }, ...(replyTo ? { reply_to: { email: replyTo } } : {}),
        subject, content: [{ type: format === 'html' ? 'text/html' : 'text/plain', value: body }],
      },
    }), () => ({ accepted: true })),
    write(['send-template', 'Send a template', 'Sends a mail from a dynamic template.'], { to: words('To').min(1), from: line('From'), template_id: line('Template'), data: table('Values').default({}) }, ({ to, from, template_id, data }) => ({
      method: 'POST', path: '/mail/send', answer: 'text', json: { personalizations: [{ to: to.map((email) => ({ email })), dynamic_template_data: data }], from: { email: from }, template_id },
    }), () => ({ accepted: true })),
    write(['upsert-contact', 'Add or change a contact', 'Adds a contact, or changes it.'], { email: line('E-mail'), first_name: line('First name').optional(), last_name: line('Last name').optional(), listIds: words('Lists', 'Ids.').default([]) },
      ({ listIds, ...contact }) => put('/marketing/contacts', { list_ids: listIds, contacts: [contact] })),
  ],
});
