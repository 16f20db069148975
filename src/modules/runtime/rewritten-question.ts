import type { Logger } from '#platform/log/logger.ts';
import type { NodeContext } from '#modules/flows/index.ts';
import { standaloneQuestion, type FollowUp, type Standalone } from '#modules/knowledge/index.ts';
import type { ModelDirectory } from '#modules/models/ports.ts';
import type { Subject } from './subject.ts';

/** The step that searches: told what the rewriting cost, and what is searched for instead. */
export type SearchingStep = Pick<NodeContext, 'countTokens' | 'note'>;

/**
 * What a person's follow-up question asks for, as a question that stands by itself. A model is asked once in a run, when its
 * knowledge is first searched for that question; whatever else a step or a model looks for says itself what it means.
 */
export class RewrittenQuestion {
  readonly #models: ModelDirectory;
  readonly #subject: Subject;
  readonly #followUp: FollowUp;
  readonly #log: Logger;
  #asked: Promise<Standalone> | null = null;

  constructor(models: ModelDirectory, subject: Subject, followUp: FollowUp, log: Logger) {
    this.#models = models;
    this.#subject = subject;
    this.#followUp = followUp;
    this.#log = log;
  }

  /** Null where the query is searched as it is. Throws only when the run is aborted. */
  async insteadOf(query: string, signal: AbortSignal, step?: SearchingStep): Promise<string | null> {
    const { question: asked, conversation } = this.#followUp;
    if (conversation.length === 0 || this.#subject.remote || query.trim() !== asked.trim()) return null;
    const isFirst = this.#asked === null;
    this.#asked ??= standaloneQuestion(this.#models.chat(answeringModel(this.#subject)), this.#followUp, this.#log, signal);
    const { question, failed, usage } = await this.#asked;
    if (isFirst) step?.countTokens(usage);
    if (failed) step?.note?.('The question could not be rewritten from the conversation, so it was searched as it was asked.');
    if (question !== null) step?.note?.(`Searched for “${question}”, as the conversation shows it is meant, instead of “${asked.trim()}”.`);
    return question;
  }
}

/** The name of the model that answers: the last one the flow fixes, else the buyer's choice; null for the installation's own. What was said goes to no other provider. */
function answeringModel({ flow, configuration }: Pick<Subject, 'flow' | 'configuration'>): string | null {
  const fixed = flow.graph.nodes.flatMap(({ type, rawConfig: { modelId } }) => ((type.type === 'model.chat' || type.family === 'agent') && typeof modelId === 'string' ? [modelId] : []));
  return fixed.at(-1) ?? (configuration.behavior.model || null);
}
