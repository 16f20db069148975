import { basic, count, defineConnector, get, itemsAt, line, path, read, textArea, write, type Outside } from '#modules/connections/kit.ts';

const account = ({ fields }: Outside) => path`/Accounts/${fields['username'] ?? ''}`;

export const twilio = defineConnector({
  id: 'twilio', title: 'Twilio', description: 'Text messages and calls.', category: 'messaging',
  auth: basic({ user: 'Account SID', password: 'Auth token' }), baseUrl: 'https://api.twilio.com/2010-04-01', probe: async (outside) => outside.http(get(`${account(outside)}.json`)),
  actions: [
    write(['send-message', 'Send a text message', 'Sends an SMS, or a WhatsApp message with whatsapp: before both numbers.'], { to: line('To', 'Number with country code.'), from: line('From', 'One of your numbers.'), body: textArea('Text').min(1).max(1600), mediaUrl: line('Picture').optional() },
      ({ to, from, body, mediaUrl }, outside) => ({ method: 'POST', path: `${account(outside)}/Messages.json`, form: { To: to, From: from, Body: body, MediaUrl: mediaUrl } })),
    write(['call', 'Call', 'Calls a number and says a text.'], { to: line('To'), from: line('From'), text: textArea('Text').min(1) },
      ({ to, from, text }, outside) => ({ method: 'POST', path: `${account(outside)}/Calls.json`, form: { To: to, From: from, Twiml: `<Response><Say>${escaped(text)}</Say></Response>` } })),
    read(['list-messages', 'Messages', 'The newest messages.'], { to: line('To').optional(), from: line('From').optional(), limit: count('Messages', 1, 1000).default(50) },
      ({ to, from, limit }, outside) => get(`${account(outside)}/Messages.json`, { To: to, From: from, PageSize: limit }), (body) => itemsAt(body, 'messages')),
  ],
});

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
