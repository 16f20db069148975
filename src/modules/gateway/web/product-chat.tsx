import { Button, Text } from '@mantine/core';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { asProblem } from '#web/api/problem.ts';
import { streamEvents } from '#web/api/stream-events.ts';
import { answerDeltas } from '#web/kit/chat/answer-deltas.ts';
import type { ChatFiles } from '#web/kit/chat/chat-composer.tsx';
import type { ChatMessage, ChatSend, KeptTurn } from '#web/kit/chat/chat.ts';
import { ChatThread } from '#web/kit/chat/chat-thread.tsx';
import type { Chat } from '#web/kit/chat/use-chat.ts';
import { formatCredits, formatDate, formatNumber } from '#web/kit/format.ts';
import { LinkButton } from '#web/kit/link.tsx';
import { consoleChatEndpoints } from '#modules/gateway/contract.ts';
import classes from './run.module.css';

/** Who answers, as the buyer has branded it. */
export interface ChatLook { name: string; picture: string | null; welcome: string; prompts: readonly string[] }

/** Why the box is closed. The product's own words for it stand in the conversation. */
type Exhausted = 'credits' | 'plan';

/** What to do when nothing is left: where credits are bought, where larger plans are, when the plan begins anew. */
export interface WaysOn { billing: string; plans: string; renewsAt: string }

/**
 * The chat with one's own product. It begins a conversation with the first question, or continues `conversationId` from
 * `initial`; give it a new `key` for another conversation.
 */
export const ProductChat = ({ subscriptionId, look, conversationId, initial, balance, waysOn, height, reads, onConversation, onAnswer, onFeedback }: {
  subscriptionId: string;
  look: ChatLook;
  conversationId: string | null;
  initial?: readonly KeptTurn[];
  /** Credits the organization has, until an answer says what is left; undefined while unknown. */
  balance: number | undefined;
  waysOn: WaysOn;
  height: string;
  /** What may be sent along with a question. */
  reads: { files: boolean; pictures: boolean };
  /** A first answer began: this is the conversation it belongs to. */
  onConversation?: (id: string) => void;
  onAnswer?: (answer: ChatMessage) => void;
  onFeedback?: (message: ChatMessage, feedback: 'up' | 'down') => Promise<unknown>;
}) => {
  const [exhausted, setExhausted] = useState<Exhausted | null>(null);
  const current = useRef(conversationId);
  const latest = useRef(onConversation);
  useEffect(() => { latest.current = onConversation; });
  const send = useCallback<ChatSend>(async function* ask(turns, signal) {
    const adopt = (id: string) => {
      if (current.current === id) return;
      current.current = id;
      latest.current?.(id);
    };
    try {
      const asked = turns.at(-1);
      yield* answerOf(subscriptionId, { message: asked?.content ?? '', files: await Promise.all((asked?.files ?? []).map(sentFile)) }, current.current, signal, adopt);
    } catch (error) {
      const { status, code } = asProblem(error);
      if (status === 402) setExhausted(code.startsWith('quota') ? 'plan' : 'credits');
      throw error;
    }
  }, [subscriptionId]);
  const footer = useMemo(() => (chat: Chat) => <Costs chat={chat} balance={balance} />, [balance]);
  return (
    <ChatThread
      send={send} name={look.name} logo={look.picture} welcome={look.welcome} prompts={look.prompts} initial={initial} height={height} files={acceptedFiles(reads)}
      onAnswer={onAnswer} onFeedback={onFeedback} footer={footer}
      closed={exhausted === null ? undefined : <UsedUp what={exhausted} waysOn={waysOn} onTryAgain={() => { setExhausted(null); }} />}
    />
  );
};

/** One question to the product; the server keeps the conversation, so only the question goes along. */
export const answerOf = (subscriptionId: string, asked: { message: string; files: { name: string; data: string }[] }, conversationId: string | null, signal: AbortSignal, onConversation?: (id: string) => void) =>
  answerDeltas(streamEvents(consoleChatEndpoints.run, {
    params: { subscriptionId }, body: { ...asked, ...(conversationId === null ? {} : { conversation_id: conversationId }) },
  }, { signal }), onConversation);

const DOCUMENTS = '.pdf,.docx,.xlsx,.csv,.html,.md,.txt';
const PICTURES = 'image/png,image/jpeg,image/webp,image/gif';

/** What the server takes with one message: it is sent as text, which is a third longer, and bounded as a whole. */
const acceptedFiles = ({ files, pictures }: { files: boolean; pictures: boolean }): ChatFiles | undefined => {
  const accept = [...(files ? [DOCUMENTS] : []), ...(pictures ? [PICTURES] : [])].join(',');
  return accept === '' ? undefined : { accept, filesMax: 5, bytesMax: 5 * 1024 * 1024 };
};

const sentFile = async (file: File): Promise<{ name: string; data: string }> => new Promise((resolve, reject) => {
  const reader = new FileReader();
  reader.onload = () => { resolve({ name: file.name, data: typeof reader.result === 'string' ? reader.result : '' }); };
  reader.onerror = () => { reject(reader.error ?? new Error(`${file.name} could not be read`)); };
  reader.readAsDataURL(file);
});

const Costs = ({ chat, balance }: { chat: Chat; balance: number | undefined }) => {
  const used = chat.messages.reduce((sum, { credits }) => sum + (credits ?? 0), 0);
  const left = chat.balance ?? balance;
  return <span className="tabular">Credits used: {formatNumber(used)} | Balance: {left === undefined ? '–' : formatCredits(left)}</span>;
};

const UsedUp = ({ what, waysOn, onTryAgain }: { what: Exhausted; waysOn: WaysOn; onTryAgain: () => void }) => (
  <div className={classes.closed} role="status">
    <div>
      <Text fw={600}>{what === 'plan' ? 'The messages of your plan are used up' : 'Your credits are used up'}</Text>
      <Text c="dimmed">{what === 'plan' ? `The conversation is kept. The next period begins on ${formatDate(waysOn.renewsAt)}.` : 'The conversation is kept.'}</Text>
    </div>
    <div className={classes.closedActions}>
      {what === 'plan' ? <LinkButton size="xs" to={waysOn.plans}>Compare plans</LinkButton> : <LinkButton size="xs" to={waysOn.billing}>Add credits</LinkButton>}
      <Button size="xs" variant="default" onClick={onTryAgain}>Ask again</Button>
    </div>
  </div>
);
