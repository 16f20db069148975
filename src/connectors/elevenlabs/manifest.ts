import { apiKeyHeader, amount, defineConnector, get, itemsAt, line, path, post, read, textArea } from '#modules/connections/kit.ts';

export const elevenlabs = defineConnector({
  id: 'elevenlabs', title: 'ElevenLabs', description: 'Natural speech from text.', category: 'ai',
  auth: apiKeyHeader('xi-api-key'), baseUrl: 'https://api.elevenlabs.io', probe: get('/v1/user'),
  actions: [
    read(['text-to-speech', 'Speak a text', 'Makes speech from a text; the sound comes in Base64.'], { voiceId: line('Voice', 'Its id.'), text: textArea('Text').min(1).max(40_000), model_id: line('Model').default('eleven_multilingual_v2'), output_format: line('Format').default('mp3_44100_128'), stability: amount('Stability').min(0).max(1).optional(), similarity_boost: amount('Similarity').min(0).max(1).optional() },
      ({ voiceId, text, model_id, output_format, stability, similarity_boost }) => ({
        ...post(path`/v1/text-to-speech/${voiceId}`, { text, model_id, ...(stability === undefined && similarity_boost === undefined ? {} : { voice_settings: { stability: stability ?? 0.5, similarity_boost: similarity_boost ?? 0.75 } }) }, { output_format }), answer: 'binary',
      })),
    read(['list-voices', 'Voices', 'The voices of the account.'], {}, () => get('/v1/voices'), (body) => itemsAt(body, 'voices')),
  ],
});
