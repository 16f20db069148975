import type { EffectiveConfiguration } from '#modules/capabilities/index.ts';
import type { KnowledgeGap } from '#modules/knowledge/grounding-contract.ts';
import { asMaterial } from '#modules/knowledge/index.ts';
import type { KnowledgeSearch, Turn } from '#modules/knowledge/ports.ts';
import type { ChatModel, Passage } from '#modules/models/ports.ts';
import { ContextBudget } from './context-budget.ts';
import type { RewrittenQuestion, SearchingStep } from './rewritten-question.ts';
import { handoffText, refusalText } from './standing-words.ts';
import type { Subject } from './subject.ts';

/** What is known before a run about the conversation it belongs to. */
interface Before {
  /** What was said, oldest first. */
  conversation: readonly Turn[];
  /** Questions in a row before this one that found no answer. */
  unansweredBefore: number;
  /** Tag of the language to speak; null when it does not show. */
  language: string | null;
  /** How the person's question reads by itself. */
  rewritten: Pick<RewrittenQuestion, 'insteadOf'>;
}

/**
 * What one run has found in the knowledge, and what follows when it found nothing. Passages stay in the order they were
 * found: their places are the numbers citations use.
 */
export class Grounding {
  /** As they were found. */
  readonly passages: Passage[] = [];
  /** The same as flows and models get them: no longer than there is room for, and nothing in them can pass for a citation. */
  readonly given: Passage[] = [];
  searched = false;
  /** 0..1: of the best search; null before the first. */
  confidence: number | null = null;
  /** Passages there was no room for. */
  leftOut = 0;
  /** A person is to take over. */
  escalated = false;
  /** Set words stood in for an answer. */
  refused = false;
  /** A model was asked although the knowledge has nothing. */
  general = false;
  #found = false;
  readonly #budget: ContextBudget;
  readonly #known = new Map<string, Passage | null>();
  readonly #subject: Subject;
  readonly #search: KnowledgeSearch;
  readonly #before: Before;

  constructor(subject: Subject, search: KnowledgeSearch, before: Before) {
    this.#subject = subject;
    this.#search = search;
    this.#before = before;
    this.#budget = new ContextBudget(subject.entitlements.contextTokensMax);
  }

  /** The question was asked of the knowledge and nothing there answers it. */
  get unanswered(): boolean {
    return this.searched && this.passages.length === 0;
  }

  /** Why it is unanswered: no passage at all, or none that is sure enough. Null when it is not. */
  get gap(): KnowledgeGap | null {
    return !this.unanswered ? null : this.#found ? 'low-confidence' : 'nothing-found';
  }

  /** Searches the subject's knowledge; passages below the confidence threshold count as not found. */
  async search(query: string, topK: number | undefined, signal: AbortSignal, step?: SearchingStep): Promise<readonly Passage[]> {
    const { knowledge, configuration: { rag } } = this.#subject;
    if (!knowledge) return [];
    this.searched = true;
    const { conversation, rewritten } = this.#before;
    const standalone = await rewritten.insteadOf(query, signal, step);
    const { passages, confidence } = await this.#search.search({
      ...knowledge, topK: topK ?? rag.topK, method: rag.method, reranking: rag.reranking, rerankModel: this.#subject.entitlements.rerankModel, signal,
      // A question that stands by itself says all it means; beside it only what the person wrote counts on, a little, in case the model left it out.
      ...(standalone === null ? { query, conversation } : { query: standalone, conversation: [{ role: 'user', content: query }] }),
    });
    this.confidence = Math.max(this.confidence ?? 0, confidence);
    this.#found ||= passages.length > 0;
    if (confidence < rag.confidenceThreshold) return [];
    const given: Passage[] = [];
    for (const passage of passages) {
      const part = this.#known.get(passage.chunkId) ?? await this.#take(passage);
      if (part) given.push(part);
    }
    return given;
  }

  /** Only the first passage of a run is cut to fit: half a passage is better than none, and worse than a shorter whole one. */
  async #take(passage: Passage): Promise<Passage | null> {
    if (this.#known.has(passage.chunkId)) return null;
    this.#known.set(passage.chunkId, null);
    const part = await this.#budget.take(asMaterial(passage), this.passages.length === 0);
    if (!part) {
      this.leftOut += 1;
      return null;
    }
    this.#known.set(passage.chunkId, part);
    this.passages.push(passage);
    this.given.push(part);
    return part;
  }

  /** The model, but for questions the knowledge does not answer: then what the configuration says stands in for it. */
  guard(model: ChatModel): ChatModel {
    const standIn = () => this.#standIn();
    return {
      id: model.id,
      features: model.features,
      async *stream(request, signal) {
        const text = standIn();
        if (text === null) {
          yield* model.stream(request, signal);
          return;
        }
        yield { type: 'text', text };
        yield { type: 'finish', reason: 'stop', usage: { inputTokens: 0, outputTokens: 0 } };
      },
    };
  }

  #standIn(): string | null {
    const text = this.#insteadOfAnswer();
    if (text !== null) this.refused = true;
    return text;
  }

  #insteadOfAnswer(): string | null {
    if (!this.unanswered) return null;
    const { configuration } = this.#subject;
    const { rag, behavior } = configuration;
    const tooMany = behavior.escalateAfterUnanswered > 0 && this.#before.unansweredBefore + 1 >= behavior.escalateAfterUnanswered;
    if (rag.fallback === 'escalate' || tooMany) {
      this.escalated = true;
      return handoffText(configuration, this.#before.language);
    }
    if (rag.fallback !== 'general' || rag.strictMode) return refusalText(configuration, this.#before.language);
    this.general = true;
    return null;
  }
}

/** Whether somebody asked for a person, in one of the phrases the buyer listed. */
export function asksForPerson(text: string, { behavior }: EffectiveConfiguration): boolean {
  const said = text.toLocaleLowerCase();
  return behavior.escalationTriggers.some((phrase) => phrase.trim() !== '' && said.includes(phrase.trim().toLocaleLowerCase()));
}
