import type { Input } from '#platform/contract/endpoint.ts';
import type { Process } from '#platform/context.ts';
import type { subscriptionEndpoints } from '#modules/subscriptions/contract.ts';
import type { Sample } from './sample-product.ts';

/** Where sample products keep what their demos answer from. Filled by the composition from the knowledge module. */
export interface SampleKnowledge {
  /**
   * Creates a knowledge base of the acting organization that belongs to no subscription, and returns its id. `id` is
   * chosen by the caller: called again, it must find what it made before.
   */
  create(process: Process, base: { id: string; name: string }): Promise<string>;
  /** Adds the content and resolves when it can be searched. Called again, it replaces by `externalId` and question. */
  fill(process: Process, knowledgeBaseId: string, content: Sample['knowledge']): Promise<void>;
}

/** Buys a plan as the acting person, exactly as the endpoint does. The same `subscriptionId` buys once. */
export type Subscribe = (process: Process, input: Input<(typeof subscriptionEndpoints)['subscribe']>, subscriptionId: string) => Promise<unknown>;
