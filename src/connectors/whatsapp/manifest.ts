import { bearer, choice, defineConnector, flag, get, line, list, path, post, read, textArea, write } from '#modules/connections/kit.ts';

const to = line('To', 'Phone number with country code.');
const common = { messaging_product: 'whatsapp', recipient_type: 'individual' };

export const whatsapp = defineConnector({
  id: 'whatsapp', title: 'WhatsApp', description: 'Messages over the WhatsApp Business Cloud API.', category: 'messaging',
  auth: bearer('Access token', { phoneNumberId: line('Phone number id') }), baseUrl: 'https://graph.facebook.com/v23.0',
  probe: async ({ http, fields }) => http(get(path`/${fields['phoneNumberId'] ?? ''}`)),
  actions: [
    write(['send-message', 'Send a message', 'Writes to somebody who wrote within the last 24 hours.'], { to, body: textArea('Text').max(4096), preview_url: flag('Show previews of links').default(false) },
      ({ to: receiver, ...text }, { fields }) => post(path`/${fields['phoneNumberId'] ?? ''}/messages`, { ...common, to: receiver, type: 'text', text })),
    write(['send-template', 'Send a template', 'Sends an approved template.'], { to, name: line('Template'), language: line('Language').default('en_US'), components: list('Components').optional() },
      ({ to: receiver, name, language, components }, { fields }) => post(path`/${fields['phoneNumberId'] ?? ''}/messages`, { ...common, to: receiver, type: 'template', template: { name, language: { code: language }, components } })),
    write(['send-media', 'Send a file', 'Sends a picture, sound, video or document by its address.'], { to, type: choice('Kind', ['image', 'audio', 'video', 'document']), link: line('Address'), caption: textArea('Words').max(1024).optional() },
      ({ to: receiver, type, ...media }, { fields }) => post(path`/${fields['phoneNumberId'] ?? ''}/messages`, { ...common, to: receiver, type, [type]: media })),
    write(['mark-read', 'Mark as read', 'Shows the sender that a message was read.'], { message_id: line('Message') },
      ({ message_id }, { fields }) => post(path`/${fields['phoneNumberId'] ?? ''}/messages`, { messaging_product: 'whatsapp', status: 'read', message_id })),
    read(['get-media', 'File', 'Where a file that was sent can be had.'], { id: line('File') }, ({ id }) => get(path`/${id}`)),
  ],
});
