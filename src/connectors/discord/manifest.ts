import { count, custom, defineConnector, flag, get, json, line, OutsideError, path, post, read, secret, textArea, write, type Fields } from '#modules/connections/kit.ts';

const channelId = line('Channel', 'Its id.');
const message = { content: textArea('Text', 'At most 2,000 characters.').max(2000), embeds: json('Embeds', 'A list of embeds.').optional(), tts: flag('Read aloud').optional() };

export const discord = defineConnector({
  id: 'discord', title: 'Discord', description: 'Messages in channels of a Discord server, by a bot or by a webhook.', category: 'messaging',
  auth: custom({ botToken: secret('Bot token').optional(), webhookUrl: secret('Webhook address', 'Of one channel; enough for posting there.').optional() },
    ({ botToken }): { headers?: Record<string, string> } => (botToken ? { headers: { authorization: `Bot ${botToken}` } } : {})),
  baseUrl: 'https://discord.com/api/v10', hosts: ['discordapp.com'],
  probe: async ({ http, fields }) => http(fields['botToken'] ? get('/users/@me') : get(webhook(fields))),
  actions: [
    write(['send-message', 'Post a message', 'Writes into a channel as the bot.'], { channelId, ...message }, ({ channelId: id, ...body }) => post(path`/channels/${id}/messages`, body)),
    write(['send-webhook', 'Post by webhook', 'Writes into the channel of the webhook.'], { ...message, username: line('Shown as').optional(), avatar_url: line('Picture').optional() },
      (body, { fields }) => post(webhook(fields), body, { wait: true })),
    write(['reply', 'Reply', 'Answers a message.'], { channelId, messageId: line('Message'), content: message.content }, ({ channelId: id, messageId, content }) => post(path`/channels/${id}/messages`, { content, message_reference: { message_id: messageId } })),
    read(['list-messages', 'Messages', 'The newest messages of a channel.'], { channelId, limit: count('Messages', 1, 100).default(50), before: line('Before', 'Id of a message.').optional() }, ({ channelId: id, ...query }) => get(path`/channels/${id}/messages`, query)),
    read(['list-channels', 'Channels', 'The channels of a server.'], { guildId: line('Server') }, ({ guildId }) => get(path`/guilds/${guildId}/channels`)),
  ],
});

function webhook({ webhookUrl }: Fields): string {
  if (!webhookUrl) throw new OutsideError('input-invalid', 'This connection has no webhook address.');
  return webhookUrl;
}
