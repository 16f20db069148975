import type { EffectiveConfiguration } from '#modules/capabilities/index.ts';
import type { KnowledgeSearch } from '#modules/knowledge/ports.ts';
import type { ChatModel, Passage } from '#modules/models/ports.ts';
import { handoffText, refusalText } from './standing-words.ts';
import type { Subject } from './subject.ts';

/** What is known before a run about the conversation it belongs to. */
interface Before {
  /** What was said, oldest first. */
  history: readonly string[];
  /** Questions in a row before this one that found no answer. */
  unansweredBefore: number;
  /** Tag of the language to speak; null when it does not show. */
  language: string | null;
}

/**
 * What one run has found in the knowledge, and what follows when it found nothing. Passages stay in the order they were
 * found: their places are the numbers citations use.
 */
export class Grounding {
  readonly passages: Passage[] = [];
  searched = false;
  /** A person is to take over. */
  escalated = false;
  /** Set words stood in for an answer. */
  refused = false;
  readonly #known = new Set<string>();
  readonly #subject: Subject;
  readonly #search: KnowledgeSearch;
  readonly #before: Before;

  constructor(subject: Subject, search: KnowledgeSearch, before: Before) {
    this.#subject = subject;
    this.#search = search;
    this.#before = before;
  }

  /** The question was asked of the knowledge and nothing there answers it. */
  get unanswered(): boolean {
    return this.searched && this.passages.length === 0;
  }

  /** Searches the subject's knowledge; passages below the confidence threshold count as not found. */
  async search(query: string, topK: number | undefined, signal: AbortSignal): Promise<readonly Passage[]> {
    const { knowledge, configuration: { rag } } = this.#subject;
    if (!knowledge) return [];
    this.searched = true;
    const { passages, confidence } = await this.#search.search({
      ...knowledge, query, topK: topK ?? rag.topK, method: rag.method, reranking: rag.reranking, history: this.#before.history, signal,
    });
    if (confidence < rag.confidenceThreshold) return [];
    for (const passage of passages) {
      if (this.#known.has(passage.chunkId)) continue;
      this.#known.add(passage.chunkId);
      this.passages.push(passage);
    }
    return passages;
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
    return rag.fallback === 'general' && !rag.strictMode ? null : refusalText(configuration, this.#before.language);
  }
}

/** Whether somebody asked for a person, in one of the phrases the buyer listed. */
export function asksForPerson(text: string, { behavior }: EffectiveConfiguration): boolean {
  const said = text.toLocaleLowerCase();
  return behavior.escalationTriggers.some((phrase) => phrase.trim() !== '' && said.includes(phrase.trim().toLocaleLowerCase()));
}
