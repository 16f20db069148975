import type { Ctx, Process } from '#platform/context.ts';
import type { AnswerToCheck } from './checks/score-answer.ts';

/** How often products were bought; filled by whoever keeps subscriptions. */
export interface Sales {
  /**
   * By product id: subscriptions that run now, and all that ever were. Products without any may be left out. Called in
   * an operator's transaction, because buyers' rows are theirs alone; only the numbers go to the seller.
   */
  of(ctx: Ctx, productIds: readonly string[]): Promise<ReadonlyMap<string, { active: number; ever: number }>>;
  /** How many running subscriptions of a product have set each of these parameters; those nobody set may be left out. In an operator's transaction too. */
  parametersSet(ctx: Ctx, productId: string, names: readonly string[]): Promise<ReadonlyMap<string, number>>;
}

/** Answers as a version gives them to its own seller; filled by whoever runs products. */
export interface VersionAnswers {
  /** Asks a version of the acting organization, with the seller's own knowledge. Nothing is kept or charged. What fails is part of the answer, never thrown. */
  ask(process: Process, versionId: string, question: string): Promise<AnswerToCheck>;
}

/** A flow in a visual editor. */
export interface StudioFlow { /** Where a person opens it. */ url: string; reference: string }

/** The editor sellers design in; filled where the operator runs one. */
export interface Studio {
  /** Puts the flow (as it was imported) into the folder of that name, or changes the one of this id. */
  open(flow: { id: string; name: string; place: string; definition: unknown }, signal: AbortSignal): Promise<StudioFlow>;
  /** The flow of this id in that folder; null where it is not there. */
  find(flow: { id: string; place: string }, signal: AbortSignal): Promise<StudioFlow | null>;
  /** The flow as the editor exports it. */
  read(reference: string, signal: AbortSignal): Promise<unknown>;
}
