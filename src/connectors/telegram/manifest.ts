import { choice, count, custom, defineConnector, flag, json, line, post, read, secret, textArea, write, type HttpCall, type Outside } from '#modules/connections/kit.ts';

const chat_id = line('Chat', 'Its id, or @name of a channel.');
const message_id = count('Message', 1, Number.MAX_SAFE_INTEGER);
const parse_mode = choice('Markup', ['MarkdownV2', 'Markdown', 'HTML']).optional();
const reply_markup = json('Buttons', 'A keyboard after the Bot API.').optional();
const reply_to_message_id = count('Answers message', 1, Number.MAX_SAFE_INTEGER).optional();

/** The token stands in the path; it was checked when the connection was made. */
const method = (name: string) => (body: unknown, { fields }: Outside): HttpCall => post(`/bot${fields['token'] ?? ''}/${name}`, body);

export const telegram = defineConnector({
  id: 'telegram', title: 'Telegram', description: 'Messages of a Telegram bot.', category: 'messaging',
  auth: custom({ token: secret('Bot token').regex(/^\d{3,20}:[\w-]{20,100}$/, 'a token such as 123456:ABC-…') }), baseUrl: 'https://api.telegram.org',
  probe: async (outside) => outside.http(method('getMe')({}, outside)),
  actions: [
    write(['send-message', 'Send a message', 'Writes to a person, group or channel.'], {
      chat_id, text: textArea('Text', 'At most 4,096 characters.').max(4096), parse_mode, reply_to_message_id, reply_markup, disable_notification: flag('Without a sound').optional(), disable_web_page_preview: flag('Without a preview').optional(), message_thread_id: count('Topic', 1, Number.MAX_SAFE_INTEGER).optional(),
    }, method('sendMessage')),
    write(['send-photo', 'Send a picture', 'Sends a picture by its address.'], { chat_id, photo: line('Picture', 'Address or file id.'), caption: textArea('Words').max(1024).optional(), parse_mode, reply_to_message_id }, method('sendPhoto')),
    write(['send-document', 'Send a file', 'Sends a file by its address.'], { chat_id, document: line('File', 'Address or file id.'), caption: textArea('Words').max(1024).optional(), parse_mode, reply_to_message_id }, method('sendDocument')),
    write(['send-audio', 'Send a sound', 'Sends a sound file by its address.'], { chat_id, audio: line('Sound', 'Address or file id.'), caption: textArea('Words').max(1024).optional() }, method('sendAudio')),
    write(['send-chat-action', 'Show what goes on', 'Shows that the bot is writing.'], { chat_id, action: line('What').default('typing') }, method('sendChatAction')),
    write(['edit-message', 'Change a message', 'Replaces the text of a message.'], { chat_id, message_id, text: textArea('Text').max(4096), parse_mode, reply_markup }, method('editMessageText')),
    write(['delete-message', 'Delete a message', 'Deletes a message.'], { chat_id, message_id }, method('deleteMessage')),
    write(['answer-callback-query', 'Answer a button', 'Ends the waiting of somebody who pressed a button.'], { callback_query_id: line('Id'), text: textArea('Text').max(200).optional(), show_alert: flag('As a dialog').optional() }, method('answerCallbackQuery')),
    read(['get-chat', 'Chat', 'What a chat is.'], { chat_id }, method('getChat')),
    read(['get-file', 'File', 'Where a file that was sent to the bot can be had.'], { file_id: line('File') }, method('getFile')),
    read(['get-updates', 'New messages', 'What the bot received.'], { offset: count('From', -100, Number.MAX_SAFE_INTEGER).optional(), limit: count('Updates', 1, 100).default(100) }, method('getUpdates')),
  ],
});
