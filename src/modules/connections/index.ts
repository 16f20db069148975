import type { Platform } from '#platform/context.ts';
import type { Vault } from '#platform/crypto/seal.ts';
import type { Egress } from '#platform/egress/egress.ts';
import type { Serve } from '#platform/http/serve.ts';
import type { Module } from '#platform/module.ts';
import { createBindings } from './bindings.ts';
import { createCatalogue, inputSchema } from './catalogue.ts';
import { createConnectionStore, requireConnection } from './connections.ts';
import { connectionEndpoints } from './contract.ts';
import { OutsideError, type ConnectorSources } from './kit.ts';
import { createOutsideCalls, type OutsideCalls } from './outside/call-outside.ts';
import type { RequirementSource } from './ports.ts';

export { OutsideError } from './kit.ts';
export type { HeldCredential, OutsideCalls, OutsideRequest, OutsideSubject } from './outside/call-outside.ts';

/** What an action is, for who chooses one: its words, whether it changes something, and the JSON Schema of its input. */
export interface ActionDescription { title: string; description: string; effect: 'read' | 'write'; input: Record<string, unknown> }

export interface Connections extends Module {
  calls: OutsideCalls;
  /** Undefined where there is no such action. */
  describe(connector: string, action: string): Promise<ActionDescription | undefined>;
}

export interface ConnectionsParts { platform: Platform; vault: Vault; egress: Egress; connectors: ConnectorSources; requirements: RequirementSource }

/** The part of the product that reaches other systems with somebody's credentials. */
export function connectionsModule({ platform, vault, egress, connectors, requirements }: ConnectionsParts): Connections {
  const catalogue = createCatalogue(connectors);
  const store = createConnectionStore(catalogue, vault);
  const calls = createOutsideCalls({ platform, egress, catalogue, store });
  const bindings = createBindings(catalogue, requirements);
  return {
    name: 'connections',
    calls,
    async describe(connector, actionId) {
      const action = await catalogue.action(connector, actionId);
      return action && { title: action.title, description: action.description, effect: action.effect, input: inputSchema(action) };
    },
    routes(serve: Serve) {
      serve(connectionEndpoints.listConnectors, async () => ({ data: await catalogue.summaries() }));
      serve(connectionEndpoints.describeConnector, async (_ctx, { query }) => ({
        data: ((await catalogue.find(query.connector))?.actions ?? []).map((action) => ({ id: action.id, title: action.title, description: action.description, effect: action.effect, input: inputSchema(action) })),
      }));
      serve(connectionEndpoints.list, store.list);
      serve(connectionEndpoints.create, store.create);
      serve(connectionEndpoints.get, store.get);
      serve(connectionEndpoints.update, store.update);
      serve(connectionEndpoints.remove, store.remove);
      serve.process(connectionEndpoints.test, async (process, { params }) => {
        const row = await process.run(async (ctx) => requireConnection(ctx, params.connectionId));
        const error = await calls.test(row, process.signal).then(() => null, (failure: unknown) => {
          if (failure instanceof OutsideError) return failure.message;
          throw failure;
        });
        return process.run(async (ctx) => store.recordTest(ctx, row.id, error));
      });
      serve.process(connectionEndpoints.productRequirements, bindings.ofProduct);
      serve.process(connectionEndpoints.subscriptionRequirements, bindings.ofSubscription);
      serve.process(connectionEndpoints.bindProduct, bindings.bindProduct);
      serve.process(connectionEndpoints.bindSubscription, bindings.bindSubscription);
    },
  };
}
