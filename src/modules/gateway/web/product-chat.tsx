import { Button, Text } from '@mantine/core';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { asProblem } from '#web/api/problem.ts';
import { streamEvents } from '#web/api/stream-events.ts';
import type { ChatMessage, ChatSend, KeptTurn } from '#web/kit/chat/chat.ts';
import { ChatThread } from '#web/kit/chat/chat-thread.tsx';
import type { Chat } from '#web/kit/chat/use-chat.ts';
import { formatCredits, formatNumber } from '#web/kit/format.ts';
import { LinkButton } from '#web/kit/link.tsx';
import { consoleChatEndpoints } from '#modules/gateway/contract.ts';
import { answerDeltas } from './answer-stream.ts';
import classes from './run.module.css';

/** Who answers, as the buyer has branded it. */
export interface ChatLook { name: string; picture: string | null; welcome: string; prompts: readonly string[] }

/** Why the box is closed: the credits are used up; the words are the product's polite hand-off. */
interface Exhausted { title: string; detail: string }

/**
 * The chat with one's own product. It begins a conversation with the first question, or continues `conversationId` from
 * `initial`; give it a new `key` for another conversation.
 */
export const ProductChat = ({ subscriptionId, look, conversationId, initial, balance, billingPath, height, onConversation, onAnswer, onFeedback }: {
  subscriptionId: string;
  look: ChatLook;
  conversationId: string | null;
  initial?: readonly KeptTurn[];
  /** Credits the organization has, until an answer says what is left; undefined while unknown. */
  balance: number | undefined;
  /** Where credits are bought. */
  billingPath: string;
  height: string;
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
      yield* answerOf(subscriptionId, turns.at(-1)?.content ?? '', current.current, signal, adopt);
    } catch (error) {
      const problem = asProblem(error);
      if (problem.status === 402) setExhausted({ title: problem.title, detail: problem.detail });
      throw error;
    }
  }, [subscriptionId]);
  const footer = useMemo(() => (chat: Chat) => <Costs chat={chat} balance={balance} />, [balance]);
  return (
    <ChatThread
      send={send} name={look.name} logo={look.picture} welcome={look.welcome} prompts={look.prompts} initial={initial} height={height}
      onAnswer={onAnswer} onFeedback={onFeedback} footer={footer}
      closed={exhausted === null ? undefined : <OutOfCredits words={exhausted} billingPath={billingPath} onTryAgain={() => { setExhausted(null); }} />}
    />
  );
};

/** One question to the product; the server keeps the conversation, so only the question goes along. */
export const answerOf = (subscriptionId: string, message: string, conversationId: string | null, signal: AbortSignal, onConversation?: (id: string) => void) =>
  answerDeltas(streamEvents(consoleChatEndpoints.run, {
    params: { subscriptionId }, body: { message, ...(conversationId === null ? {} : { conversation_id: conversationId }) },
  }, { signal }), onConversation);

const Costs = ({ chat, balance }: { chat: Chat; balance: number | undefined }) => {
  const used = chat.messages.reduce((sum, { credits }) => sum + (credits ?? 0), 0);
  const left = chat.balance ?? balance;
  return <span className="tabular">Credits used: {formatNumber(used)} | Balance: {left === undefined ? '–' : formatCredits(left)}</span>;
};

const OutOfCredits = ({ words, billingPath, onTryAgain }: { words: Exhausted; billingPath: string; onTryAgain: () => void }) => (
  <div className={classes.closed} role="status">
    <div>
      <Text fw={600}>{words.title}</Text>
      <Text c="dimmed">{words.detail || 'Add credits to go on. The conversation is kept.'}</Text>
    </div>
    <div className={classes.closedActions}>
      <LinkButton size="xs" to={billingPath}>Add credits</LinkButton>
      <Button size="xs" variant="default" onClick={onTryAgain}>I added some</Button>
    </div>
  </div>
);
