import { apiKeyHeader, defineConnector, flag, get, itemsAt, line, path, post, read, write, count, choice } from '#modules/connections/kit.ts';

export const assemblyai = defineConnector({
  id: 'assemblyai', title: 'AssemblyAI', description: 'Writes down speech, with speakers and subtitles.', category: 'ai',
  auth: apiKeyHeader('authorization'), baseUrl: 'https://api.assemblyai.com', probe: get('/v2/transcript', { limit: 1 }),
  actions: [
    write(['transcribe', 'Start a transcription', 'Starts to write down a recording; returns the id of the job.'], { audio_url: line('Recording', 'Its address.'), language_code: line('Language').optional(), speaker_labels: flag('Tell speakers apart').default(false), punctuate: flag('With punctuation').default(true) }, (body) => post('/v2/transcript', body)),
    read(['get', 'Transcription', 'How far a transcription is, and its text.'], { id: line('Job') }, ({ id }) => get(path`/v2/transcript/${id}`)),
    read(['subtitles', 'Subtitles', 'A transcription as subtitles.'], { id: line('Job'), format: choice('Format', ['srt', 'vtt']).default('srt'), chars_per_caption: count('Characters in a line', 10, 200).optional() }, ({ id, format, ...query }) => ({ ...get(path`/v2/transcript/${id}/${format}`, query), answer: 'text' })),
    read(['list', 'Transcriptions', 'The newest transcriptions.'], { limit: count('Entries', 1, 200).default(20) }, (query) => get('/v2/transcript', query), (body) => itemsAt(body, 'transcripts')),
  ],
});
