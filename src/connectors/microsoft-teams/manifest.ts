import { custom, defineConnector, json, line, secret, textArea, write } from '#modules/connections/kit.ts';

const HOST = /^https:\/\/[\w.-]+\.(webhook\.office\.com|logic\.azure\.com|powerplatform\.com|powerautomate\.com)(:443)?\//;

export const microsoftTeams = defineConnector({
  id: 'microsoft-teams', title: 'Microsoft Teams', description: 'Messages into a channel of Teams, by the address of a workflow or an incoming webhook.', category: 'messaging',
  auth: custom({ webhookUrl: secret('Webhook address').regex(HOST, 'the address of a Teams workflow or webhook') }), baseUrl: ({ webhookUrl = '' }) => webhookUrl,
  actions: [
    write(['post-message', 'Post a message', 'Writes into the channel as a card.'], { text: textArea('Text', 'Markdown.'), title: line('Title').optional() }, ({ text, title }) => card({
      type: 'AdaptiveCard', version: '1.4', $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
      body: [...(title === undefined ? [] : [{ type: 'TextBlock', size: 'Medium', weight: 'Bolder', text: title, wrap: true }]), { type: 'TextBlock', text, wrap: true }],
    })),
    write(['post-card', 'Post a card', 'Writes an Adaptive Card into the channel.'], { card: json('Card', 'After the Adaptive Cards schema.') }, ({ card: content }) => card(content)),
  ],
});

const card = (content: unknown) => ({
  method: 'POST' as const, path: '', json: { type: 'message', attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content }] }, answer: 'text' as const,
});
