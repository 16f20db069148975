import type { ApiProblem } from '#web/api/problem.ts';
import type { Citation } from '#web/kit/citations.tsx';

/** One turn, as it is sent: the whole conversation goes along each time. */
export interface ChatTurn { role: 'user' | 'assistant'; content: string; files?: readonly File[] }

/** A turn that was kept, with what belongs to an answer: what a conversation is continued from. */
export interface KeptTurn extends ChatTurn {
  citations?: readonly Citation[];
  serverId?: string | null;
  credits?: number | null;
  feedback?: 'up' | 'down' | null;
}

/** A piece of an answer, in the order it arrives. */
export type ChatDelta =
  | { type: 'text'; text: string }
  | { type: 'citations'; citations: readonly Citation[] }
  /** The server's id of the answer, for feedback. */
  | { type: 'message'; id: string }
  /** What the answer cost, in credits, and what is left. */
  | { type: 'cost'; credits: number; balance?: number }
  /** What the person may ask next. */
  | { type: 'follow-ups'; questions: readonly string[] }
  /** What the person should know about the answer. */
  | { type: 'notices'; notices: readonly string[] };

/** Asks for the next answer. Leaving the loop or aborting `signal` stops it. */
export type ChatSend = (turns: readonly ChatTurn[], signal: AbortSignal) => AsyncIterable<ChatDelta>;

export interface ChatMessage {
  /** Of this page. */
  id: string;
  /** Of the server, once known. */
  serverId: string | null;
  role: 'user' | 'assistant';
  text: string;
  files: readonly File[];
  citations: readonly Citation[];
  credits: number | null;
  followUps: readonly string[];
  notices: readonly string[];
  state: 'done' | 'streaming' | 'stopped' | 'failed';
  problem: ApiProblem | null;
  feedback: 'up' | 'down' | null;
}

/** `message` with one more piece of its answer. */
export const withDelta = (message: ChatMessage, delta: ChatDelta): ChatMessage => {
  switch (delta.type) {
    case 'text': return { ...message, text: message.text + delta.text };
    case 'citations': return { ...message, citations: delta.citations };
    case 'message': return { ...message, serverId: delta.id };
    case 'cost': return { ...message, credits: delta.credits };
    case 'follow-ups': return { ...message, followUps: delta.questions };
    case 'notices': return { ...message, notices: delta.notices };
  }
};
