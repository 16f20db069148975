import { useCallback, useEffect, useRef, useState } from 'react';
import { asProblem, isAbort } from '#web/api/problem.ts';
import { withDelta, type ChatDelta, type ChatMessage, type ChatSend, type KeptTurn } from './chat.ts';

let counter = 0;
const message = (role: ChatMessage['role'], fields: Partial<ChatMessage>): ChatMessage => ({
  id: `m${++counter}`, serverId: null, role, text: '', files: [], citations: [], credits: null, followUps: [], notices: [], state: 'done', problem: null, feedback: null, ...fields,
});

const kept = ({ role, content, citations = [], serverId = null, credits = null, feedback = null }: KeptTurn): ChatMessage =>
  message(role, { text: content, citations, serverId, credits, feedback });

export interface Chat {
  messages: readonly ChatMessage[];
  busy: boolean;
  /** Credits left, once an answer said so. */
  balance: number | null;
  ask: (text: string, files?: readonly File[]) => void;
  stop: () => void;
  /** Asks the last question again. */
  retry: () => void;
  clear: () => void;
  setFeedback: (id: string, feedback: ChatMessage['feedback']) => void;
}

/**
 * The state of one conversation. Pieces of an answer are gathered and drawn once per frame, so that a fast stream does
 * not draw the page hundreds of times a second.
 */
export const useChat = (send: ChatSend, options: { initial?: readonly KeptTurn[]; onAnswer?: (answer: ChatMessage) => void } = {}): Chat => {
  const [messages, setMessages] = useState<readonly ChatMessage[]>(() => (options.initial ?? []).map(kept));
  const [busy, setBusy] = useState(false);
  const [balance, setBalance] = useState<number | null>(null);
  const controller = useRef<AbortController | null>(null);
  // The newest send and callback, so that an answer under way is not cut by a parent that draws again.
  const latest = useRef({ send, onAnswer: options.onAnswer });
  useEffect(() => { latest.current = { send, onAnswer: options.onAnswer }; });
  useEffect(() => () => { controller.current?.abort(); }, []);

  const run = useCallback(async (history: readonly ChatMessage[]) => {
    const abort = new AbortController();
    controller.current = abort;
    let answer = message('assistant', { state: 'streaming' });
    let frame = 0;
    const draw = () => { frame = 0; setMessages([...history, answer]); };
    const drawSoon = () => { if (frame === 0) frame = requestAnimationFrame(draw); };
    setBusy(true);
    draw();
    const take = (delta: ChatDelta) => {
      answer = withDelta(answer, delta);
      if (delta.type === 'cost' && delta.balance !== undefined) setBalance(delta.balance);
      drawSoon();
    };
    try {
      const turns = history.filter(({ state }) => state !== 'failed').map(({ role, text, files }) => ({ role, content: text, ...(files.length > 0 ? { files } : {}) }));
      for await (const delta of latest.current.send(turns, abort.signal)) {
        if (abort.signal.aborted) break;
        take(delta);
      }
      answer = { ...answer, state: abort.signal.aborted ? 'stopped' : 'done' };
    } catch (error) {
      answer = isAbort(error) || abort.signal.aborted ? { ...answer, state: 'stopped' } : { ...answer, state: 'failed', problem: asProblem(error) };
    }
    cancelAnimationFrame(frame);
    // A newer question or a cleared conversation owns the screen now.
    if (controller.current !== abort) return;
    controller.current = null;
    draw();
    setBusy(false);
    if (answer.state === 'done') latest.current.onAnswer?.(answer);
  }, []);

  const ask = useCallback((text: string, files: readonly File[] = []) => {
    if (controller.current !== null || (text.trim() === '' && files.length === 0)) return;
    void run([...messages, message('user', { text: text.trim(), files })]);
  }, [messages, run]);
  const stop = useCallback(() => { controller.current?.abort(); }, []);
  const retry = useCallback(() => {
    const last = messages.findLastIndex(({ role }) => role === 'user');
    if (last >= 0 && controller.current === null) void run(messages.slice(0, last + 1));
  }, [messages, run]);
  const clear = useCallback(() => {
    controller.current?.abort();
    controller.current = null;
    setMessages([]);
    setBusy(false);
  }, []);
  const setFeedback = useCallback((id: string, feedback: ChatMessage['feedback']) => {
    setMessages((before) => before.map((item) => (item.id === id ? { ...item, feedback } : item)));
  }, []);
  return { messages, busy, balance, ask, stop, retry, clear, setFeedback };
};
