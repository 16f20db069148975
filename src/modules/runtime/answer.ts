import type { Platform } from '#platform/context.ts';
import { uuidv7, uuidFrom } from '#platform/crypto/ids.ts';
import type { Egress } from '#platform/egress/egress.ts';
import { Problem } from '#platform/http/problem.ts';
import { JournalError, RunError, runLive, type LiveRun, type NodeContext, type NodeTrace } from '#modules/flows/index.ts';
import type { CodeRunner } from '#modules/flows/ports.ts';
import type { Citation } from '#modules/knowledge/citation-contract.ts';
import type { AnswerOutcome } from '#modules/knowledge/grounding-contract.ts';
import { CitationStream, isSmallTalk } from '#modules/knowledge/index.ts';
import type { KnowledgeSearch } from '#modules/knowledge/ports.ts';
import { languageNamed, OFFLINE_CHAT_ID, writtenLanguage, type ChatModel, type ModelDirectory, type TokenUsage, type WrittenLanguage } from '#modules/models/index.ts';
import { codeForFlow } from './flow-code.ts';
import { fetchForFlow, readOnly } from './flow-fetch.ts';
import { AnswerGuard } from './answer-guard.ts';
import { stateAfter, stateBefore } from './conversation-state.ts';
import { suggestFollowUps } from './follow-ups.ts';
import { asksForPerson, Grounding } from './grounding.ts';
import { instructionsFor } from './instructions.ts';
import { credentialsOf, outsideFor, type OutsideAccess } from './outside.ts';
import { asksForPrice } from './price-talk.ts';
import { problems } from './problems.ts';
import type { Question, Receipt, Runtime } from './question.ts';
import type { Missed, Recorder } from './recorder.ts';
import { remoteModel } from './remote/remote-model.ts';
import type { RemoteProducts } from './remote/remote-products.ts';
import { cannotPay, reserve, unitsOf, type Reserved } from './reserve.ts';
import { RewrittenQuestion } from './rewritten-question.ts';
import { asProblem, codeOf } from './run-problem.ts';
import { generalText, handoffText, ownOnlyText } from './standing-words.ts';
import type { Subject } from './subject.ts';
import { generalNote, sourceList } from './under-answer.ts';

export interface RuntimeParts { platform: Platform; models: ModelDirectory; knowledge: KnowledgeSearch; egress: Egress; code: CodeRunner; recorder: Recorder; remote: RemoteProducts; outside: OutsideAccess }

const MESSAGE_CHARS_MAX = 100_000;
/** Channels of which only the answer is looked at. */
const TRIED: readonly string[] = ['check', 'test'];

export function createRuntime(parts: RuntimeParts): Runtime {
  return {
    async answer(question) {
      if (question.text.trim() === '' && question.images.length === 0 && (question.files ?? []).length === 0 && question.data === undefined) throw new Problem(problems['message-missing']);
      if (question.text.length > MESSAGE_CHARS_MAX) throw new Problem(problems['message-too-long'], `A message may have at most ${MESSAGE_CHARS_MAX.toLocaleString('en')} characters.`);
      const runId = question.durable?.runId ?? uuidv7();
      const reserved = await reserve(parts.recorder, question, runId);
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
  readonly #notices = new Set<string>();
  #modelId: string | null = null;
  /** What the server of the product answered beside the text. */
  #remoteData: unknown = null;
  /** Of calls beside the flow. */
  #furtherUsage: TokenUsage = { inputTokens: 0, outputTokens: 0 };
  /** What must not be said: the answer ends before it. */
  readonly #guard: AnswerGuard;
  /** What the person writes, or what the product was set to answer in; null when it does not show. */
  readonly #language: WrittenLanguage | null;
  #live: LiveRun | null = null;
  trace: readonly NodeTrace[] = [];

  constructor(parts: RuntimeParts, question: Question, runId: string, conversationId: string, reserved: Reserved) {
    this.#parts = parts;
    this.#question = question;
    this.#runId = runId;
    this.#conversationId = conversationId;
    this.#reserved = reserved;
    this.#startedAt = parts.platform.now();
    const conversation = question.history.flatMap(({ role, content }) => (role === 'user' || role === 'assistant' ? [{ role, content }] : []));
    const { configuration } = question.subject;
    this.#guard = new AnswerGuard(configuration);
    this.#language = configuration.persona.language === 'auto' ? languageOf(question) : languageNamed(configuration.persona.language);
    this.#grounding = new Grounding(question.subject, parts.knowledge, {
      conversation, unansweredBefore: question.conversation?.unanswered ?? 0, language: this.#language?.tag ?? null,
      rewritten: new RewrittenQuestion(parts.models, question.subject, { question: question.text, conversation }, parts.platform.log),
    });
  }

  async *pieces(): AsyncGenerator<string, Receipt> {
    const { rag, behavior } = this.#question.subject.configuration;
    const cites = behavior.includeSources && rag.citations !== 'none';
    const citing = new CitationStream(cites ? this.#grounding.passages : [], { gathers: rag.citations === 'footnote' });
    let recorded = false;
    try {
      for await (const piece of this.#kept()) {
        const shown = citing.push(piece);
        if (shown !== '') yield this.#said(shown);
      }
      const rest = citing.flush();
      if (rest !== '') yield this.#said(rest);
      const under = await this.#under(citing.citations);
      if (under !== '') yield this.#said(under);
      const citations = citing.citations.map((citation) => (rag.includeSnippets ? citation : { ...citation, snippet: '' }));
      const followUps = await this.#followUps();
      recorded = true;
      return await this.#finish('succeeded', null, citations, followUps);
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

  /** The answer up to where it would break a rule; then the words for that. The flow itself goes on to its end. */
  async *#kept(): AsyncIterable<string> {
    const { configuration } = this.#question.subject;
    let said = false;
    const shown = (text: string) => { said ||= text !== ''; return text; };
    for await (const piece of this.#output()) yield shown(this.#guard.push(piece));
    yield shown(this.#guard.flush());
    const { breach } = this.#guard;
    if (breach === null) return;
    if (breach === 'price') this.#grounding.escalated = true;
    yield `${said ? '\n\n' : ''}${breach === 'price' ? this.#handoff() : (said ? '' : configuration.conversation.fallbackMessage) || ownOnlyText(this.#language?.tag ?? null)}`;
  }

  /** What stands under the answer. Nothing is put under data, which a program reads: there it is a notice. */
  async #under(citations: readonly Citation[]): Promise<string> {
    const { rag, output } = this.#question.subject.configuration;
    const language = this.#language?.tag ?? null;
    const isData = output.format === 'json' || ((await this.#live?.done)?.data ?? this.#remoteData) !== null;
    if (this.#outcome() === 'general' && this.#text.trim() !== '' && !this.#guard.breach && !isSmallTalk(this.#question.text)) {
      if (!isData) return generalNote(language);
      this.#notices.add(generalText(language));
    }
    return rag.citations === 'footnote' && !isData ? sourceList(citations, language) : '';
  }

  /** The offline model does not answer from general knowledge: it says that it found nothing. */
  #outcome(): AnswerOutcome {
    const { escalated, refused, general, unanswered } = this.#grounding;
    if (escalated) return 'handed-over';
    if (refused || (unanswered && this.#modelId === OFFLINE_CHAT_ID)) return 'refused';
    return general && unanswered ? 'general' : 'answered';
  }

  #handoff(): string {
    return handoffText(this.#question.subject.configuration, this.#language?.tag ?? null);
  }

  async *#output(): AsyncIterable<string> {
    const { subject, text } = this.#question;
    const { configuration } = subject;
    if (asksForPerson(text, configuration) || (configuration.guardrails.escalatePricing && asksForPrice(text))) {
      this.#grounding.escalated = true;
      yield this.#handoff();
      return;
    }
    this.#live = runLive(subject.flow, this.#context(), {
      limits: { wallClockMs: subject.entitlements.timeoutSeconds * 1000 }, ...(this.#question.durable ? { journal: this.#question.durable.journal } : {}),
    });
    yield* this.#live.output;
  }

  /** Asked for where the product suggests questions, somebody reads along, and there is an answer to go on from. */
  async #followUps(): Promise<readonly string[] | null> {
    const { subject, channel, text: question, durable, signal } = this.#question;
    const { configuration: { behavior }, entitlements, remote } = subject;
    if (!behavior.suggestFollowups || !entitlements.features.suggestedReplies || durable || TRIED.includes(channel)) return null;
    const model = remote ? null : this.#parts.models.chat(behavior.model || null);
    if (!model || model.id === OFFLINE_CHAT_ID || this.#grounding.refused || this.#grounding.escalated || this.#guard.breach) return [];
    const { questions, usage } = await suggestFollowUps(model, { question, answer: this.#text, language: this.#language }, signal);
    this.#furtherUsage = usage;
    return questions.filter((text) => this.#guard.allows(text));
  }

  #context(): NodeContext {
    const { subject, text, images, files, history, generation, data, dryRun, signal } = this.#question;
    const { behavior } = subject.configuration;
    const grounding = this.#grounding;
    const fetch = fetchForFlow(this.#parts.egress, signal, credentialsOf(this.#parts.outside, subject, signal));
    return {
      input: { text, images, history, ...(files ? { files, filesApart: readsFiles(subject) } : {}), ...(data === undefined ? {} : { data }) },
      state: stateBefore(subject.flow.flow, this.#question.conversation?.state),
      runId: this.#runId,
      instructions: instructionsFor(subject.configuration, this.#language),
      language: this.#language,
      parameters: subject.parameters,
      model: (id) => {
        if (subject.remote) {
          this.#modelId = subject.remote.kind;
          return remoteModel({ products: this.#parts.remote, question: this.#question, remote: subject.remote, runId: this.#runId, conversationId: this.#conversationId, grounding, language: this.#language, onData: (answered) => { this.#remoteData = answered; } });
        }
        const model = this.#parts.models.chat(id ?? (behavior.model || null));
        this.#modelId = model.id;
        this.#noteUnseen(model);
        return grounding.guard(model);
      },
      searchKnowledge: async (query, options) => grounding.search(query, options?.topK, signal, options?.step),
      grounding: () => grounding.given,
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

  /** What a model leaves out of a message is said to whoever sent it. */
  #noteUnseen(model: ChatModel): void {
    const { images, files = [] } = this.#question;
    if (images.length > 0 && !model.features.images) this.#notices.add('The model that answers does not see pictures, so it answered without them.');
    if (files.length > 0 && model.id === OFFLINE_CHAT_ID) this.#notices.add('The built-in offline model reads only the product’s knowledge, so it answered without the files.');
  }

  /** Commits the run. A message counts when it was answered, also in part when the reader left in the middle. */
  async #finish(state: 'succeeded' | 'failed' | 'cancelled', errorCode: string | null, citations: Citation[], followUps: readonly string[] | null = null): Promise<Receipt> {
    const { subject, channel, keyId, visitor } = this.#question;
    const charged = state === 'succeeded' || (state === 'cancelled' && this.#text !== '');
    const result = await this.#live?.done;
    this.trace = result?.trace ?? [];
    const kept = state === 'succeeded' && result ? stateAfter(subject.flow.flow, result.state) : null;
    if (kept === 'too-large') this.#notices.add('What this conversation has to remember has grown too large, so it keeps what it knew before.');
    const receipt: Receipt = {
      text: this.#text, data: this.#guard.breach ? null : result?.data ?? this.#remoteData, citations,
      tokensIn: (result?.usage.inputTokens ?? 0) + this.#furtherUsage.inputTokens, tokensOut: (result?.usage.outputTokens ?? 0) + this.#furtherUsage.outputTokens,
      credits: subject.subscriptionId === null ? null : { used: charged ? subject.creditsPerMessage : 0, balance: this.#reserved.balance },
      unanswered: this.#grounding.unanswered, refused: this.#grounding.refused, gap: this.#grounding.gap, outcome: this.#outcome(), confidence: this.#grounding.confidence,
      followUps, notices: [...this.#notices],
    };
    if (subject.subscriptionId === null) return receipt;
    await this.#parts.recorder.record({
      subject: { ...subject, subscriptionId: subject.subscriptionId }, runId: this.#runId, channel, keyId, state, errorCode, modelId: this.#modelId, startedAt: this.#startedAt,
      durationMs: Math.round(performance.now() - this.#started), firstTokenMs: this.#firstTokenMs, tokensIn: receipt.tokensIn, tokensOut: receipt.tokensOut,
      unanswered: receipt.unanswered, missed: state === 'succeeded' ? this.#missed(receipt) : null, escalated: this.#grounding.escalated, trace: result?.trace ?? [], holds: this.#reserved.parts, charged,
      conversationId: this.#conversationId, conversationState: kept === 'too-large' ? null : kept, visitor, question: withNames(this.#question), answer: this.#text, citations,
    });
    return receipt;
  }

  /** What the buyer is told about a question the knowledge does not answer. Courtesy is no question. */
  #missed({ gap, outcome, confidence }: Receipt): Missed | null {
    return gap === null || isSmallTalk(this.#question.text) ? null : { question: this.#question.text, reason: gap, outcome, confidence };
  }
}

/** Whether a flow takes the files by a step or an expression of its own. */
const readsFiles = ({ flow }: Subject): boolean => flow.flow.nodes.some(({ type, config }) => type === 'input.files' || JSON.stringify(config).includes('input.files'));

/** The message as it is kept: files and pictures by their names and number only. */
function withNames({ text, images, files = [] }: Question): string {
  const sent = [...files.map(({ name }) => name), ...(images.length === 0 ? [] : [images.length === 1 ? '1 picture' : `${images.length} pictures`])];
  return sent.length === 0 ? text : `${text}${text.trim() === '' ? '' : '\n'}[${sent.join(', ')}]`;
}

/** What the person writes now; a message of a word or two is read with those before it. */
function languageOf({ text, history }: Question): WrittenLanguage | null {
  return writtenLanguage(text) ?? writtenLanguage(history.filter(({ role }) => role === 'user').slice(-3).map(({ content }) => content).join('\n'));
}
