import type { Process } from '#platform/context.ts';

/** A connection that a flow requires: by which name, with what, and in which words for people (empty for none). */
export interface RequiredConnection { key: string; connector: string; title: string }

/** What the flow of a subscription requires, and whose product it is a copy of. */
export interface SubscriptionRequirements { required: readonly RequiredConnection[]; productId: string; sellerId: string }

/** Flows, products and subscriptions come later in the order of modules, so what they require is asked for here. */
export interface RequirementSource {
  /** Connections the flow of a product of the acting organization requires; throws 404 for any other product. */
  ofProduct(process: Process, productId: string): Promise<readonly RequiredConnection[]>;
  /** The same for a subscription of the acting organization. */
  ofSubscription(process: Process, subscriptionId: string): Promise<SubscriptionRequirements>;
}
