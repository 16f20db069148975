import { streamEvents, type ServerEvent } from '#web/api/stream-events.ts';
import { ApiProblem } from '#web/api/problem.ts';
import { answerDeltas } from '#web/kit/chat/answer-deltas.ts';
import type { ChatSend } from '#web/kit/chat/chat.ts';
import { consoleChatEndpoints } from '#modules/gateway/contract.ts';

/** As the endpoint takes them: the newest messages, each cut to what it may hold. */
const MESSAGES_MAX = 12;
const MESSAGE_CHARS_MAX = 4_000;

/** How many messages remain, if a piece of the stream says so. */
export const remainingIn = (data: string): number | null => {
  // Only the last piece carries it; the others need not be read twice.
  if (!data.includes('"demo"')) return null;
  try {
    const json: unknown = JSON.parse(data);
    const demo = typeof json === 'object' && json !== null && 'demo' in json ? json.demo : null;
    const remaining = typeof demo === 'object' && demo !== null && 'remaining' in demo ? demo.remaining : null;
    return typeof remaining === 'number' && Number.isInteger(remaining) && remaining >= 0 ? remaining : null;
  } catch { return null; }
};

async function* watched(events: AsyncIterable<ServerEvent>, onRemaining: (remaining: number) => void): AsyncGenerator<ServerEvent> {
  for await (const event of events) {
    const remaining = remainingIn(event.data);
    if (remaining !== null) onRemaining(remaining);
    yield event;
  }
}

/** Asks the demo of a product. `onRemaining` hears the server's count: it alone knows how many messages are left. */
export const demoSend = (productId: string, onRemaining: (remaining: number) => void): ChatSend => async function* send(turns, signal) {
  // An answer that was stopped before its first word says nothing.
  const said = turns.filter(({ content }) => content !== '').slice(-MESSAGES_MAX);
  const messages = said.map(({ role, content }) => ({ role, content: content.slice(0, MESSAGE_CHARS_MAX) }));
  try {
    yield* answerDeltas(watched(streamEvents(consoleChatEndpoints.demo, { params: { productId }, body: { messages } }, { signal, organizationId: null }), onRemaining));
  } catch (error) {
    if (error instanceof ApiProblem && error.code === 'demo-used-up') onRemaining(0);
    throw error;
  }
};
