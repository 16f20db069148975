import type { Platform } from '#platform/context.ts';
import { uuidv7, uuidFrom } from '#platform/crypto/ids.ts';
import type { Egress } from '#platform/egress/egress.ts';
import { Problem } from '#platform/http/problem.ts';
import { CREDIT, messageQuota, type HoldPart } from '#modules/billing/index.ts';
import { FlowError, JournalError, ParameterError, RunError, runLive, type RunJournal, type LiveRun, type NodeContext, type NodeTrace } from '#modules/flows/index.ts';
import type { CodeRunner } from '#modules/flows/ports.ts';
import type { Citation } from '#modules/knowledge/citation-contract.ts';
import { CitationStream } from '#modules/knowledge/index.ts';
import type { KnowledgeSearch } from '#modules/knowledge/ports.ts';
import { ModelError, type ChatMessage, type ModelDirectory } from '#modules/models/index.ts';
import { codeForFlow } from './flow-code.ts';
import { fetchForFlow, readOnly } from './flow-fetch.ts';
import { asksForPerson, Grounding, handoffText } from './grounding.ts';
import { instructionsFor } from './instructions.ts';
import { RemoteError } from './ports.ts';
import { credentialsOf, outsideFor, type OutsideAccess } from './outside.ts';
import { problems } from './problems.ts';
import type { Recorder, Visitor } from './recorder.ts';
import { remoteModel } from './remote/remote-model.ts';
import type { RemoteProducts } from './remote/remote-products.ts';
import type { Subject } from './subject.ts';

/** A message to answer. */
export interface Question {
  subject: Subject;
  /** The entrance it came by: `api`, `widget`, `console`, `demo`, `preview`. */
  channel: string;
  keyId: string | null;
  text: string;
  images: readonly string[];
  /** Turns before, oldest first. */
  history: readonly ChatMessage[];
  /** The conversation it continues; null starts one. */
  conversation: { id: string; unanswered: number } | null;
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

export interface RuntimeParts { platform: Platform; models: ModelDirectory; knowledge: KnowledgeSearch; egress: Egress; code: CodeRunner; recorder: Recorder; remote: RemoteProducts; outside: OutsideAccess }

const MESSAGE_CHARS_MAX = 100_000;

export function createRuntime(parts: RuntimeParts): Runtime {
  return {
    async answer(question) {
      if (question.text.trim() === '' && question.images.length === 0 && question.data === undefined) throw new Problem(problems['message-missing']);
      if (question.text.length > MESSAGE_CHARS_MAX) throw new Problem(problems['message-too-long'], `A message may have at most ${MESSAGE_CHARS_MAX.toLocaleString('en')} characters.`);
      const runId = question.durable?.runId ?? uuidv7();
      const reserved = await reserve(parts, question, runId);
      const conversationId = question.subject.subscriptionId === null ? null : question.conversation?.id ?? (question.durable ? uuidFrom('conversation', runId) : uuidv7());
      const answer = new Answer(parts, question, runId, conversationId ?? runId, reserved);
      return { runId, conversationId, pieces: answer.pieces(), trace: () => answer.trace, abandon: async (code) => answer.abandon(code) };
    },
    async checkBalance(subject) {
      if (subject.subscriptionId === null) return;
      const units = unitsOf(subject, subject.subscriptionId);
      const result = await parts.recorder.hold({
        tenant: subject.tenant, parts: units.map(({ unit }) => ({ id: uuidFrom('check', unit), unit, amount: 0n })), reason: 'message', reference: '', subscriptionId: subject.subscriptionId,
      });
      const lacking = result.ok ? units.find(({ unit, amount }) => (result.available.get(unit) ?? 0n) < amount) : { unit: result.unit };
      if (lacking) throw cannotPay(subject, lacking.unit, result.ok ? result.available.get(lacking.unit) ?? 0n : result.available);
    },
  };
}

interface Reserved { parts: readonly HoldPart[]; balance: number }

/** Holds the credits and the quota of one message. A demo or preview holds nothing. */
async function reserve({ recorder }: RuntimeParts, { subject, durable }: Question, runId: string): Promise<Reserved> {
  const { subscriptionId } = subject;
  if (subscriptionId === null) return { parts: [], balance: 0 };
  const partsOf = (life: number) => unitsOf(subject, subscriptionId).map((part): HoldPart => ({ ...part, id: life === 1 ? uuidFrom('hold', runId, part.unit) : uuidFrom('hold', runId, part.unit, String(life)) }));
  const life = durable?.life ?? 1;
  // What an earlier life reserved is given back, unless the sweep has done so already.
  for (let before = 1; before < life; before++) await recorder.release({ tenant: subject.tenant, subscriptionId, runId, parts: partsOf(before) });
  const parts = partsOf(life);
  const result = await recorder.hold({ tenant: subject.tenant, parts, reason: 'message', reference: runId, subscriptionId });
  if (result.ok) return { parts, balance: Number(result.available.get(CREDIT) ?? 0n) };
  throw cannotPay(subject, result.unit, result.available);
}

/** What a message takes: credits, and one of the messages the plan counts. */
function unitsOf(subject: Subject, subscriptionId: string): { unit: string; amount: bigint }[] {
  const credits = { unit: CREDIT, amount: BigInt(subject.creditsPerMessage) };
  return subject.countsMessages ? [credits, { unit: messageQuota(subscriptionId), amount: 1n }] : [credits];
}

function cannotPay(subject: Subject, unit: string, available: bigint): Problem {
  if (unit !== CREDIT) return new Problem(problems['quota-exceeded'], 'The messages included in this period are used up. Choose a larger plan or wait for the next period.');
  return new Problem(problems['insufficient-credits'], `A message costs ${subject.creditsPerMessage} credits; ${available} are left. Top up to continue.`, {
    extra: { balance: Number(available), needed: subject.creditsPerMessage },
  });
}

/** One run from its first token to its record. */
class Answer {
  readonly #parts: RuntimeParts;
  readonly #question: Question;
  readonly #runId: string;
  readonly #conversationId: string;
  readonly #reserved: Reserved;
  readonly #grounding: Grounding;
  readonly #startedAt: Date;
  readonly #started = performance.now();
  #firstTokenMs: number | null = null;
  #text = '';
  #modelId: string | null = null;
  #live: LiveRun | null = null;
  trace: readonly NodeTrace[] = [];

  constructor(parts: RuntimeParts, question: Question, runId: string, conversationId: string, reserved: Reserved) {
    this.#parts = parts;
    this.#question = question;
    this.#runId = runId;
    this.#conversationId = conversationId;
    this.#reserved = reserved;
    this.#startedAt = parts.platform.now();
    const said = question.history.flatMap((turn) => (turn.role === 'user' || turn.role === 'assistant' ? [turn.content] : []));
    this.#grounding = new Grounding(question.subject, parts.knowledge, said, question.conversation?.unanswered ?? 0);
  }

  async *pieces(): AsyncGenerator<string, Receipt> {
    const { rag, behavior } = this.#question.subject.configuration;
    const cites = behavior.includeSources && rag.citations !== 'none';
    const citing = new CitationStream(cites ? this.#grounding.passages : []);
    let recorded = false;
    try {
      for await (const piece of this.#output()) {
        const shown = citing.push(piece);
        if (shown !== '') yield this.#said(shown);
      }
      const rest = citing.flush() + (cites && rag.citations === 'footnote' ? footnotes(citing.citations) : '');
      if (rest !== '') yield this.#said(rest);
      const citations = citing.citations.map((citation) => (rag.includeSnippets ? citation : { ...citation, snippet: '' }));
      recorded = true;
      return await this.#finish('succeeded', null, citations);
    } catch (error) {
      recorded = true;
      // Nothing is recorded of a life that lost its journal or its process: the next one records the run.
      if (error instanceof RunError && error.cause instanceof JournalError) throw error.cause;
      if (this.#question.durable && this.#question.signal.aborted) throw new JournalError('the run was interrupted', { cause: error });
      await this.#finish(this.#question.signal.aborted ? 'cancelled' : 'failed', codeOf(error), citing.citations);
      throw asProblem(error, this.#runId);
    } finally {
      // The reader went away between two pieces: the generator is closed here without an error.
      if (!recorded) await this.#finish('cancelled', 'cancelled', citing.citations);
    }
  }

  async abandon(code: string): Promise<void> {
    await this.#finish('cancelled', code, []);
  }

  #said(text: string): string {
    this.#firstTokenMs ??= Math.round(performance.now() - this.#started);
    this.#text += text;
    return text;
  }

  async *#output(): AsyncIterable<string> {
    const { subject, text } = this.#question;
    if (asksForPerson(text, subject.configuration)) {
      this.#grounding.escalated = true;
      yield handoffText(subject.configuration);
      return;
    }
    this.#live = runLive(subject.flow, this.#context(), {
      limits: { wallClockMs: subject.entitlements.timeoutSeconds * 1000 }, ...(this.#question.durable ? { journal: this.#question.durable.journal } : {}),
    });
    yield* this.#live.output;
  }

  #context(): NodeContext {
    const { subject, text, images, history, generation, data, dryRun, signal } = this.#question;
    const { behavior } = subject.configuration;
    const grounding = this.#grounding;
    const fetch = fetchForFlow(this.#parts.egress, signal, credentialsOf(this.#parts.outside, subject, signal));
    return {
      input: { text, images, history, ...(data === undefined ? {} : { data }) },
      runId: this.#runId,
      instructions: instructionsFor(subject.configuration),
      parameters: subject.parameters,
      model: (id) => {
        if (subject.remote) {
          this.#modelId = subject.remote.kind;
          return remoteModel({ products: this.#parts.remote, question: this.#question, remote: subject.remote, runId: this.#runId, conversationId: this.#conversationId, grounding });
        }
        const model = this.#parts.models.chat(id ?? (behavior.model || null));
        this.#modelId = model.id;
        return grounding.guard(model);
      },
      searchKnowledge: async (query, options) => grounding.search(query, options?.topK, signal),
      grounding: () => grounding.passages,
      knowledgeSearched: () => grounding.searched,
      generation: {
        modelId: behavior.model || null, temperature: generation.temperature ?? behavior.temperature,
        outputTokensMax: Math.min(generation.outputTokensMax ?? behavior.maxTokens, behavior.maxTokens),
      },
      fetch: dryRun === true ? readOnly(fetch) : fetch,
      runCode: codeForFlow(this.#parts.code, subject.tenant, signal),
      ...outsideFor(this.#parts.outside, subject, dryRun === true, signal),
      now: () => this.#parts.platform.now(),
      countTokens: () => undefined,
      signal,
    };
  }

  /** Commits the run. A message counts when it was answered, also in part when the reader left in the middle. */
  async #finish(state: 'succeeded' | 'failed' | 'cancelled', errorCode: string | null, citations: Citation[]): Promise<Receipt> {
    const { subject, channel, keyId, visitor, text } = this.#question;
    const charged = state === 'succeeded' || (state === 'cancelled' && this.#text !== '');
    const result = await this.#live?.done;
    this.trace = result?.trace ?? [];
    const receipt: Receipt = {
      text: this.#text, data: result?.data ?? null, citations, tokensIn: result?.usage.inputTokens ?? 0, tokensOut: result?.usage.outputTokens ?? 0,
      credits: subject.subscriptionId === null ? null : { used: charged ? subject.creditsPerMessage : 0, balance: this.#reserved.balance },
      unanswered: this.#grounding.unanswered, refused: this.#grounding.refused,
    };
    if (subject.subscriptionId === null) return receipt;
    await this.#parts.recorder.record({
      subject: { ...subject, subscriptionId: subject.subscriptionId }, runId: this.#runId, channel, keyId, state, errorCode, modelId: this.#modelId, startedAt: this.#startedAt,
      durationMs: Math.round(performance.now() - this.#started), firstTokenMs: this.#firstTokenMs, tokensIn: receipt.tokensIn, tokensOut: receipt.tokensOut,
      unanswered: receipt.unanswered, escalated: this.#grounding.escalated, trace: result?.trace ?? [], holds: this.#reserved.parts, charged,
      conversationId: this.#conversationId, visitor, question: text, answer: this.#text, citations,
    });
    return receipt;
  }
}

const footnotes = (citations: readonly Citation[]): string =>
  citations.length === 0 ? '' : `\n\n${citations.map((citation) => `[${citation.id}] ${citation.title}${citation.page === null ? '' : `, page ${citation.page}`}`).join('\n')}`;

const codeOf = (error: unknown): string => (error instanceof RunError ? (error.cause instanceof RemoteError ? `remote-${error.cause.code}` : error.code) : 'internal');

/** A failed run as its caller may see it: what happened in words, never a stack or a credential. */
function asProblem(error: unknown, runId: string): Problem {
  if (error instanceof Problem) return error;
  const options = { extra: { run_id: runId }, cause: error };
  if (!(error instanceof RunError || error instanceof FlowError || error instanceof ParameterError)) return new Problem(problems['run-failed'], undefined, options);
  const model = error instanceof RunError && error.cause instanceof ModelError ? error.cause : null;
  if (model) return new Problem(problems['model-unavailable'], model.message, { ...options, headers: model.retryable ? { 'retry-after': '5' } : {} });
  if (error instanceof RunError && error.cause instanceof RemoteError) return remoteProblem(error.cause, options);
  return new Problem(error.code === 'limit-time' ? problems['run-too-long'] : problems['run-failed'], error.message, options);
}

/** A server that failed as its caller may see it: its own words only where they are about the answer. */
function remoteProblem(error: RemoteError, options: { extra: Record<string, unknown>; cause: unknown }): Problem {
  switch (error.code) {
    case 'timeout': return new Problem(problems['run-too-long'], error.message, options);
    case 'unreachable': case 'unauthorized': case 'refused': case 'flow-missing': return new Problem(problems['runtime-unavailable'], error.message, { ...options, headers: { 'retry-after': '10' } });
    case 'flow-failed': case 'bad-answer': return new Problem(problems['run-failed'], error.message, options);
  }
}
