import { previewEndpoint } from '#modules/catalog/preview-contract.ts';
import { streamEvents } from '#web/api/stream-events.ts';
import { ChatThread } from '#web/kit/chat/chat-thread.tsx';
import { answerDeltas } from '#web/kit/chat/answer-deltas.ts';
import type { ChatSend } from '#web/kit/chat/chat.ts';
import type { ProductDetail } from '../../../contract.ts';

/** What one call takes: the last turns, each cut to length. */
const TURNS_MAX = 20;
const TURN_LENGTH_MAX = 4000;

const sendTo = (productId: string): ChatSend => (turns, signal) => answerDeltas(streamEvents(previewEndpoint, {
  params: { productId }, body: { messages: turns.filter(({ content }) => content !== '').slice(-TURNS_MAX).map(({ role, content }) => ({ role, content: content.slice(0, TURN_LENGTH_MAX) })) },
}, { signal }));

/** A conversation with the draft as it is stored now. `before` makes sure that is what was last written. */
export const DraftChat = ({ product, before }: { product: ProductDetail; before: () => Promise<void> }) => {
  const send: ChatSend = async function* send(turns, signal) {
    await before();
    yield* sendTo(product.id)(turns, signal);
  };
  return <ChatThread send={send} name={product.name} logo={product.logo} welcome={product.welcome_message} prompts={product.suggested_prompts} />;
};
