import type { Ctx, Process } from '#platform/context.ts';
import type { KnowledgeSettings } from '#modules/knowledge/contract.ts';
import type { FailingSource } from '#modules/knowledge/sources/contract.ts';

/** Makes the knowledge of a new subscription. */
export interface KnowledgeProvisioner {
  /**
   * Creates the knowledge base of a subscription in the acting organization, filled with a copy of `copyFrom` (the
   * seller's own), and returns its id. Called again after a crash: must then find and complete what it made before.
   */
  create(process: Process, base: { subscriptionId: string; name: string; settings: KnowledgeSettings; copyFrom: { tenant: string; knowledgeBaseId: string } | null }): Promise<string>;
}

/** Makes the key the widget of a new subscription uses. */
export interface KeyProvisioner {
  /** In the open transaction; must find the key when there is one already. */
  ensurePublishable(ctx: Ctx, subscriptionId: string): Promise<void>;
}

/** What subscriptions have used. */
export interface UsageReader {
  /** Messages and credits since a time, by subscription; those without use may be left out. */
  forSubscriptions(ctx: Ctx, subscriptionIds: readonly string[], since: Date): Promise<ReadonlyMap<string, { messages: number; credits: number }>>;
}

/** What the checklist of a subscription is checked by. */
export interface ChecklistFacts {
  /** Documents of a knowledge base that can be searched. */
  indexedDocuments(ctx: Ctx, knowledgeBaseId: string): Promise<number>;
  /** Whether a question was answered on the run page. */
  ranOnRunPage(ctx: Ctx, subscriptionId: string): Promise<boolean>;
  /** Whether the widget or a program has used a key. */
  keyUsed(ctx: Ctx, subscriptionId: string): Promise<boolean>;
}

/** How the knowledge of subscriptions stands. */
export interface KnowledgeReader {
  /** Sources that cannot be read at the moment, by knowledge base; those where all is well may be left out. */
  failingSources(ctx: Ctx, knowledgeBaseIds: readonly string[]): Promise<ReadonlyMap<string, FailingSource[]>>;
}

/** What subscriptions need from other modules. Null where this installation has none of it. */
export interface SubscriptionPorts {
  knowledge: KnowledgeProvisioner | null;
  keys: KeyProvisioner | null;
  usage: UsageReader | null;
  sources: KnowledgeReader | null;
  facts: Partial<ChecklistFacts>;
}
