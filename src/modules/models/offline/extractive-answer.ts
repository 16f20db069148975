import type { ChatModel, ChatRequest } from '../ports.ts';
import { countTokens } from '../tokens.ts';
import { detectLanguage } from './lexical.ts';
import { phrasesFor } from './phrases.ts';
import { pickQuotes } from './quotes.ts';

export const OFFLINE_CHAT_ID = 'offline-extractive';

/**
 * The chat model of an installation without any provider. It reads only `request.grounding`, answers with the
 * sentences that fit the question best, word for word, each marked `[n]` (n is the 1-based index into
 * `grounding.passages`), and says what it is. It follows no instructions, calls no tools and invents nothing: without
 * passages it says so.
 */
export const offlineChatModel: ChatModel = {
  id: OFFLINE_CHAT_ID,
  features: { tools: false, images: false },
  async *stream(request, signal) {
    signal.throwIfAborted();
    const answer = answerFrom(request);
    let sent = '';
    let outputTokens = 0;
    for (const piece of piecesOf(answer)) {
      signal.throwIfAborted();
      const after = request.outputTokensMax === undefined ? 0 : await countTokens(sent + piece);
      if (request.outputTokensMax !== undefined && after > request.outputTokensMax) break;
      sent += piece;
      outputTokens = after;
      yield { type: 'text', text: piece };
    }
    if (request.outputTokensMax === undefined) outputTokens = await countTokens(sent);
    const inputTokens = await countTokens(request.messages.map((message) => message.content).join('\n'));
    yield { type: 'finish', reason: sent === answer ? 'stop' : 'length', usage: { inputTokens, outputTokens } };
  },
};

function answerFrom(request: ChatRequest): string {
  const question = request.grounding?.question ?? request.messages.findLast((message) => message.role === 'user')?.content ?? '';
  const phrases = phrasesFor(detectLanguage(question));
  if (!request.grounding) return phrases.noKnowledge;
  const { quotes, matched } = pickQuotes(question, request.grounding.passages);
  if (quotes.length === 0) return phrases.nothingFound;
  const quoted = quotes.map((quote) => `“${quote.text}” [${quote.passage + 1}]`).join('\n\n');
  return `${matched ? '' : `${phrases.closest}\n\n`}${quoted}\n\n${phrases.quoted}`;
}

/** Pieces of a few words, so that clients see a stream; joined they are the text exactly. */
function piecesOf(text: string): string[] {
  return text.match(/[\s\S]{1,32}(?:\s+|$)|[\s\S]{1,32}/g) ?? [];
}
