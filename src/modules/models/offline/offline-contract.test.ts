import { chatModelContract } from '../chat-model-suite.ts';
import { offlineChatModel } from './extractive-answer.ts';

chatModelContract('offline-extractive', async () => ({
  model: offlineChatModel,
  requestFor: (text) => ({
    messages: [{ role: 'user', content: text }],
    grounding: { question: text, passages: [{ chunkId: 'c', documentId: 'd', title: 'T', page: null, url: null, text, score: 1 }] },
  }),
}));
