import { on } from '#platform/events/event.ts';
import type { Module } from '#platform/module.ts';
import { runtimeServerEndpoints } from '#modules/catalog/runtime-server-contract.ts';
import { subscriptionCancelled, subscriptionProvisioned } from '#modules/subscriptions/index.ts';
import { RemoteError } from '../ports.ts';
import type { Subjects } from '../subjects.ts';
import { runtimeUsageEndpoint } from './contract.ts';
import type { RemoteParts, RemoteProducts } from './remote-products.ts';
import { usageReports } from './report-usage.ts';
import { runtimeServerService } from './servers.ts';

const SWEEP_EVERY_MS = 3_600_000;

/** Servers of sellers, what is put on them, and what they report. */
export function remoteModule(parts: RemoteParts & { products: RemoteProducts; subjects: Subjects }): Module {
  const { vault, runtimes, products, subjects } = parts;
  const servers = runtimeServerService(vault, runtimes);
  const report = usageReports(parts);
  const stopping = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let sweeping = Promise.resolve();
  const sweep = () => {
    sweeping = products.sweep(stopping.signal).catch((error: unknown) => parts.platform.log.error({ err: error }, 'sweeping other servers failed; trying again'));
  };
  return {
    name: 'remote runtimes',
    routes(serve) {
      serve(runtimeServerEndpoints.list, servers.list);
      serve(runtimeServerEndpoints.connect, servers.connect);
      serve.process(runtimeServerEndpoints.test, servers.test);
      serve(runtimeServerEndpoints.rotate, servers.rotate);
      serve(runtimeServerEndpoints.remove, servers.remove);
      serve(runtimeServerEndpoints.inspect, servers.inspect);
      serve.raw(runtimeUsageEndpoint, async (_process, input, { request, reply }) => { await reply.send(await report(input, request)); });
    },
    events: [
      on(subscriptionProvisioned, 'runtime.deploy', async (process, { subscriptionId }) => {
        const subject = await subjects.forSubscription(process.tenant, subscriptionId);
        if (subject.remote) await products.deploy(subject, subject.remote, process.signal);
      }),
      on(subscriptionCancelled, 'runtime.remove', async (process, { subscriptionId }) => {
        await products.remove(process.tenant, subscriptionId, process.signal).catch((error: unknown) => {
          // A server that refuses us for good must not be asked for ever; what stays on it is its owner's.
          if (!(error instanceof RemoteError) || error.code === 'unreachable' || error.code === 'timeout') throw error;
          process.log.warn({ err: error, subscription: subscriptionId }, 'a flow stays on its server');
        });
      }),
    ],
    async start() {
      sweep();
      timer = setInterval(sweep, SWEEP_EVERY_MS);
      timer.unref();
    },
    async stop() {
      clearInterval(timer);
      stopping.abort();
      await sweeping;
      await runtimes.close();
    },
  };
}
