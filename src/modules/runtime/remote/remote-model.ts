import type { ChatModel, WrittenLanguage } from '#modules/models/index.ts';
import type { Passage } from '#modules/models/ports.ts';
import { withFiles } from '#modules/flows/index.ts';
import type { Grounding } from '../grounding.ts';
import { instructionsFor } from '../instructions.ts';
import type { Question } from '../question.ts';
import type { RemoteQuestion, RemoteSetting } from '../ports.ts';
import type { RemoteProducts } from './remote-products.ts';
import { RUNTIME_PARAMETERS, type RemoteProduct } from './remote-product.ts';

export interface RemoteModelParts { products: RemoteProducts; question: Question; remote: RemoteProduct; runId: string; conversationId: string; grounding: Grounding; language: WrittenLanguage | null; /** Takes what the server answered as data. */ onData: (data: unknown) => void }

/** Where the seller tries what they made, and is told step by step why it fails. */
const OF_SELLERS: readonly string[] = ['preview', 'check'];

/**
 * The server of a product in the place of a model, so that holds, limits, transcript, knowledge and refusals are those of
 * every other run. The buyer's knowledge is asked first; where it has no answer and must have one, the server is not asked.
 */
export function remoteModel({ products, question, remote, runId, conversationId, grounding, language, onData }: RemoteModelParts): ChatModel {
  const { subject } = question;
  const server: ChatModel = {
    id: remote.kind,
    features: { tools: false, images: true },
    async *stream(_request, signal) {
      const instructions = instructionsFor(subject.configuration, language);
      const asked: RemoteQuestion = {
        runId, subscriptionId: subject.subscriptionId, text: withFiles(question.text, question.files ?? []), sessionId: `${subject.subscriptionId ?? subject.productId}:${conversationId}`, inputNode: remote.inputNode,
        ...(question.data === undefined ? {} : { data: question.data }), images: question.images, history: question.history, settings: [...remote.settings, ...filledIn(remote, grounding.given, instructions)], instructions, passages: grounding.given,
        runToken: products.tokenFor(subject, runId),
      };
      for await (const event of products.run(subject, remote, asked, { signal, explain: OF_SELLERS.includes(question.channel) })) {
        if (event.type === 'finish' && event.data !== undefined) onData(event.data);
        yield event.type === 'text' ? event : { type: 'finish', reason: 'stop', usage: event.usage ?? { inputTokens: 0, outputTokens: 0 } };
      }
    },
  };
  const guarded = grounding.guard(server);
  return {
    ...server,
    async *stream(request, signal) {
      if (question.text.trim() !== '') await grounding.search(question.text, undefined, signal);
      yield* guarded.stream(request, signal);
    },
  };
}

/** What the flow's own variables with a meaning of ours are set to. */
const filledIn = ({ filled }: RemoteProduct, passages: readonly Passage[], instructions: string): RemoteSetting[] => filled.map((parameter) => ({
  ...parameter, value: parameter.name === RUNTIME_PARAMETERS.instructions ? instructions : passages.map(({ title, text }, index) => `[${index + 1}] ${title}\n${text}`).join('\n\n'),
}));
