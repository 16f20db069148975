import type { EffectiveConfiguration, Entitlements } from '#modules/capabilities/index.ts';
import type { CompiledFlow } from '#modules/flows/index.ts';
import type { RemoteProduct } from './remote/remote-product.ts';

/**
 * Everything a run needs to know about what it runs: a subscription, or a product that is only tried. Made once and
 * shared by runs until the subscription changes.
 */
export interface Subject {
  /** Whose data it reads and writes. */
  tenant: string;
  /** Null for a demo or preview: then nothing is kept and nothing is charged. */
  subscriptionId: string | null;
  /** The subscription that a try-out is for: its connections serve, although nothing is kept of it. */
  triedFor?: string;
  productId: string;
  sellerId: string;
  name: string;
  revision: number;
  flowId: string;
  flow: CompiledFlow;
  /** Values for the flow's exposed parameters, as prepared for {@link CompiledFlow}. */
  parameters: Readonly<Record<string, unknown>>;
  /** What to ask of which server, where the product runs on another one; null on our engine. */
  remote: RemoteProduct | null;
  configuration: EffectiveConfiguration;
  entitlements: Entitlements;
  knowledge: { tenant: string; knowledgeBaseId: string } | null;
  /** Credits a message costs. */
  creditsPerMessage: number;
  /** The plan counts messages: each takes one from the period's quota. */
  countsMessages: boolean;
}
