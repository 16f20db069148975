import type { InputFile, NodeTrace, RunJournal } from '#modules/flows/index.ts';
import type { Citation } from '#modules/knowledge/citation-contract.ts';
import type { AnswerOutcome, KnowledgeGap } from '#modules/knowledge/grounding-contract.ts';
import type { ChatMessage } from '#modules/models/index.ts';
import type { Visitor } from './recorder.ts';
import type { Subject } from './subject.ts';

/** A message to answer. */
export interface Question {
  subject: Subject;
  /** The entrance it came by: `api`, `widget`, `console`, `demo`, `preview`. */
  channel: string;
  keyId: string | null;
  text: string;
  images: readonly string[];
  /** Files that came with it, already read. Kept nowhere; the transcript names them. */
  files?: readonly InputFile[];
  /** Turns before, oldest first. */
  history: readonly ChatMessage[];
  /** The conversation it continues; null starts one. */
  conversation: { id: string; unanswered: number; state?: Readonly<Record<string, unknown>> } | null;
  visitor: Visitor | null;
  generation: { temperature: number | null; outputTokensMax: number | null };
  /** What a program sent along. */
  data?: unknown;
  /** Makes the run survive a crash: it has this id and remembers its steps; `life` counts how often work on it began. */
  durable?: { runId: string; life: number; journal: RunJournal };
  /** Only to see what would be said: nothing outside is changed. A step that would change something fails the run. */
  dryRun?: boolean;
  signal: AbortSignal;
}

/** What an answer rests on and cost; known when it has ended. */
export interface Receipt {
  text: string;
  /** The answer as data, where the flow ends in data; null otherwise. */
  data: unknown;
  citations: Citation[];
  tokensIn: number;
  tokensOut: number;
  /** Null when nothing is charged here (demo, preview). */
  credits: { used: number; balance: number } | null;
  unanswered: boolean;
  /** Set words were said in place of an answer, because the knowledge has none. */
  refused: boolean;
  /** Why it is unanswered; null when it is not. */
  gap: KnowledgeGap | null;
  /** What the person read instead of an answer from the knowledge, or that. */
  outcome: AnswerOutcome;
  /** 0..1: how well the knowledge fits the question; null where it was not asked. */
  confidence: number | null;
  /** Questions the person may ask next; null where the product does not suggest any. */
  followUps: readonly string[] | null;
  /** What the person should know about this answer, e.g. that its model does not see pictures. */
  notices: readonly string[];
}

/** An answer on its way: pieces of text, then the receipt, after everything about it was committed. */
export interface Answering {
  runId: string;
  conversationId: string | null;
  pieces: AsyncGenerator<string, Receipt>;
  /** What each step of the flow did; complete once the pieces have ended, in whatever way. */
  trace(): readonly NodeTrace[];
  /** Gives back what was reserved for an answer that is never started. */
  abandon(code: string): Promise<void>;
}

export interface Runtime {
  /**
   * Reserves what the message costs and starts the run. Throws a Problem before anything runs when the organization
   * cannot pay; the pieces throw one when the run fails, which then costs nothing.
   */
  answer(question: Question): Promise<Answering>;
  /** Throws the Problem that {@link answer} would, when the organization cannot pay for a message now. Reserves nothing. */
  checkBalance(subject: Subject): Promise<void>;
}
