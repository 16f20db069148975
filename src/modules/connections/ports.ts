import type { Process } from '#platform/context.ts';

/** What the flow of a subscription requires, and whose product it is a copy of. */
export interface SubscriptionRequirements { keys: readonly string[]; productId: string; sellerId: string }

/** Flows, products and subscriptions come later in the order of modules, so what they require is asked for here. */
export interface RequirementSource {
  /** Connections the flow of a product of the acting organization requires; throws 404 for any other product. */
  ofProduct(process: Process, productId: string): Promise<readonly string[]>;
  /** The same for a subscription of the acting organization. */
  ofSubscription(process: Process, subscriptionId: string): Promise<SubscriptionRequirements>;
}
