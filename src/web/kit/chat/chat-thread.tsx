import { Button } from '@mantine/core';
import { IconArrowDown } from '@tabler/icons-react';
import { useCallback, useEffect, useLayoutEffect, useRef, useState, type ReactNode } from 'react';
import { ProductMark } from '#web/kit/product-mark.tsx';
import type { ChatMessage, ChatSend, KeptTurn } from './chat.ts';
import { ChatComposer, type ChatFiles } from './chat-composer.tsx';
import { ChatBubble } from './chat-message.tsx';
import { useChat, type Chat } from './use-chat.ts';
import classes from './chat-thread.module.css';

export interface ChatThreadProps {
  /** Asks for an answer; the run page, the demo and the test panel differ only in this. */
  send: ChatSend;
  /** Who answers. */
  name: string;
  logo?: string | null;
  /** The first words of the product, shown but not sent. */
  welcome?: string;
  /** Questions to start with. */
  prompts?: readonly string[];
  placeholder?: string;
  initial?: readonly KeptTurn[];
  files?: ChatFiles;
  /** Called after the button was pressed; a rejected promise takes the mark back. */
  onFeedback?: (message: ChatMessage, feedback: 'up' | 'down') => Promise<unknown>;
  onAnswer?: (answer: ChatMessage) => void;
  /** Beside the box, such as the number of messages left or the balance. Gets the state of the conversation. */
  footer?: (chat: Chat) => ReactNode;
  /** Closes the box, with what to do instead in its place. */
  closed?: ReactNode;
  /** CSS height; fills its parent unless told. */
  height?: string;
}

/** A conversation. One component for the run page, the demo and the test panel. */
export const ChatThread = (props: ChatThreadProps) => {
  const { name, logo, welcome, prompts = [], placeholder = `Message ${name}`, files, footer, closed, height = '100%', onFeedback } = props;
  const chat = useChat(props.send, { initial: props.initial, onAnswer: props.onAnswer });
  const { box, onScroll, atEnd, toEnd } = useStickToBottom(chat.messages);
  const mark = <ProductMark name={name} logo={logo} size={28} />;
  const { setFeedback } = chat;
  const rate = useCallback((message: ChatMessage, feedback: 'up' | 'down') => {
    const before = message.feedback;
    setFeedback(message.id, feedback);
    onFeedback?.(message, feedback).catch(() => { setFeedback(message.id, before); });
  }, [setFeedback, onFeedback]);
  const last = chat.messages.at(-1);
  const suggestions = last === undefined ? prompts : last.followUps;
  return (
    <div className={classes.thread} style={{ height }}>
      <div className={classes.scroll} ref={box} onScroll={onScroll} tabIndex={0} role="region" aria-label={`Conversation with ${name}`}>
        <ol className={classes.messages}>
          {welcome !== undefined && welcome !== '' && (
            <li className={classes.theirs}>
              <div className={classes.avatar}>{mark}</div>
              <div className={classes.answer}><div className={classes.name}>{name}</div><div dir="auto">{welcome}</div></div>
            </li>
          )}
          {chat.messages.map((message) => (
            <ChatBubble
              key={message.id} message={message} avatar={mark} name={name}
              onRetry={message === last && !chat.busy && closed === undefined ? chat.retry : undefined} onFeedback={onFeedback === undefined ? undefined : rate}
            />
          ))}
        </ol>
      </div>
      <div className={classes.foot}>
        {!atEnd && <Button className={classes.toEnd} size="xs" variant="default" radius="xl" leftSection={<IconArrowDown size={14} />} onClick={toEnd}>Newest</Button>}
        {suggestions.length > 0 && !chat.busy && closed === undefined && (
          <div className={classes.prompts}>
            {suggestions.map((prompt) => <Button key={prompt} size="xs" variant="default" onClick={() => { chat.ask(prompt); }}><span dir="auto">{prompt}</span></Button>)}
          </div>
        )}
        {closed ?? <ChatComposer busy={chat.busy} disabled={false} placeholder={placeholder} files={files} onAsk={chat.ask} onStop={chat.stop} />}
        {footer !== undefined && <div className={classes.below}>{footer(chat)}</div>}
      </div>
      {/* Says a finished answer once: reading every piece of a stream aloud would be unbearable. */}
      <div className={classes.spoken} aria-live="polite">{last?.role === 'assistant' && last.state === 'done' ? last.text : ''}</div>
    </div>
  );
};

/** Follows the newest words, unless the reader has scrolled up. */
const useStickToBottom = (messages: readonly ChatMessage[]) => {
  const box = useRef<HTMLDivElement>(null);
  const stuck = useRef(true);
  const [atEnd, setAtEnd] = useState(true);
  const toEnd = () => {
    stuck.current = true;
    if (box.current !== null) box.current.scrollTop = box.current.scrollHeight;
  };
  const count = messages.length;
  useEffect(() => { toEnd(); }, [count]);
  useLayoutEffect(() => { if (stuck.current && box.current !== null) box.current.scrollTop = box.current.scrollHeight; }, [messages]);
  // Markdown and pictures grow after they were drawn.
  useEffect(() => {
    const list = box.current?.firstElementChild;
    if (list == null) return undefined;
    const observer = new ResizeObserver(() => { if (stuck.current && box.current !== null) box.current.scrollTop = box.current.scrollHeight; });
    observer.observe(list);
    return () => { observer.disconnect(); };
  }, []);
  const onScroll = () => {
    const element = box.current;
    if (element === null) return;
    stuck.current = element.scrollHeight - element.scrollTop - element.clientHeight < 48;
    setAtEnd(stuck.current);
  };
  return { box, onScroll, atEnd, toEnd };
};
