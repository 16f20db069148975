import { setTimeout } from 'node:timers/promises';
import { at, bearer, choice, count, defineConnector, get, itemsAt, line, OutsideError, path, post, read, runs, textArea, textAt, words, write, type Outside } from '#modules/connections/kit.ts';

const audio = { base64: textArea('Sound', 'The file in Base64.').min(1), filename: line('File name').default('audio.mp3'), model: line('Model').default('whisper-1'), prompt: line('Hints').optional() };
const transcribe = (to: string) => ({ base64, filename, ...fields }: { base64: string; filename: string; model: string; prompt?: string | undefined; language?: string | undefined }) => ({
  method: 'POST' as const, path: to,
  parts: [{ name: 'file', content: Buffer.from(base64, 'base64'), filename, mediaType: 'application/octet-stream' }, ...Object.entries(fields).flatMap(([name, content]) => (content ? [{ name, content }] : []))],
});
const BETA = { 'openai-beta': 'assistants=v2' };
const POLLS_MAX = 60;

export const openai = defineConnector({
  id: 'openai', title: 'OpenAI', description: 'Pictures, speech, transcription, moderation and assistants.', category: 'ai',
  auth: bearer(), baseUrl: 'https://api.openai.com/v1', ownHost: true, probe: get('/models'),
  actions: [
    read(['create-image', 'Make a picture', 'Makes a picture from a description.'], { prompt: textArea('Description').min(1), model: line('Model').default('gpt-image-1'), size: line('Size').default('1024x1024'), quality: line('Quality').optional(), n: count('Pictures', 1, 10).default(1) }, (body) => post('/images/generations', body), (body) => itemsAt(body, 'data')),
    read(['analyze-image', 'Describe a picture', 'Answers a question about a picture.'], { image: line('Picture', 'Its address, or a data: address.').max(4000), prompt: textArea('Question').default('What is in this picture?'), model: line('Model').default('gpt-4o-mini'), max_tokens: count('Tokens', 1, 16_000).default(500) },
      ({ image, prompt, ...body }) => post('/chat/completions', { ...body, messages: [{ role: 'user', content: [{ type: 'text', text: prompt }, { type: 'image_url', image_url: { url: image } }] }] }), (body) => ({ text: textAt(body, 'choices.0.message.content') })),
    read(['speech', 'Speak a text', 'Makes speech from a text; the sound comes in Base64.'], { input: textArea('Text').min(1).max(4096), model: line('Model').default('gpt-4o-mini-tts'), voice: line('Voice').default('alloy'), response_format: choice('Format', ['mp3', 'opus', 'aac', 'flac', 'wav']).default('mp3') }, (body) => ({ ...post('/audio/speech', body), answer: 'binary' })),
    read(['transcribe', 'Write down speech', 'Makes text from speech.'], { ...audio, language: line('Language').optional() }, transcribe('/audio/transcriptions')),
    read(['translate-audio', 'Translate speech', 'Makes English text from speech in another language.'], audio, transcribe('/audio/translations')),
    read(['moderate', 'Check a text', 'Says whether a text is harmful, and how.'], { input: textArea('Text').min(1), model: line('Model').default('omni-moderation-latest') }, (body) => post('/moderations', body), (body) => itemsAt(body, 'results')[0] ?? null),
    read(['embed', 'Vectors of texts', 'Vectors of texts, for search by meaning.'], { input: words('Texts').min(1).max(256), model: line('Model').default('text-embedding-3-small') }, (body) => post('/embeddings', body), (body) => itemsAt(body, 'data').map((item) => at(item, 'embedding'))),
    runs('write', ['ask-assistant', 'Ask an assistant', 'Asks an assistant of the account and waits for its answer.'], { assistant_id: line('Assistant'), text: textArea('Question').min(1), thread_id: line('Conversation', 'To go on with.').optional() }, async (outside, { assistant_id, text, thread_id }) => {
      const message = { role: 'user', content: text };
      if (thread_id) await outside.http({ ...post(path`/threads/${thread_id}/messages`, message), headers: BETA });
      const { body } = await outside.http({ ...(thread_id ? post(path`/threads/${thread_id}/runs`, { assistant_id }) : post('/threads/runs', { assistant_id, thread: { messages: [message] } })), headers: BETA });
      return answerOf(outside, textAt(body, 'thread_id'), textAt(body, 'id'));
    }),
    write(['delete-thread', 'Forget a conversation', 'Deletes a conversation with an assistant.'], { thread_id: line('Conversation') }, (input) => ({ method: 'DELETE', path: path`/threads/${input.thread_id}`, headers: BETA })),
  ],
});

/** Waits until a run has ended, a second at a time, and reads what it said. */
async function answerOf({ http, signal }: Outside, thread: string, run: string): Promise<unknown> {
  let status = '';
  for (let poll = 0; poll < POLLS_MAX && !['completed', 'failed', 'cancelled', 'expired', 'incomplete', 'requires_action'].includes(status); poll += 1) {
    if (poll > 0) await setTimeout(1000, undefined, { signal });
    status = textAt((await http({ ...get(path`/threads/${thread}/runs/${run}`), headers: BETA })).body, 'status');
  }
  if (status !== 'completed') throw new OutsideError('call-failed', `The assistant did not answer: its run is ${status || 'unknown'}.`);
  const { body } = await http({ ...get(path`/threads/${thread}/messages`, { run_id: run, order: 'asc' }), headers: BETA });
  return { thread_id: thread, text: itemsAt(body, 'data').flatMap((message) => itemsAt(message, 'content').map((part) => textAt(part, 'text.value'))).join('\n') };
}
