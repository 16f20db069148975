/**
 * What one chat answer costs beside the model call: the product with keys, limits, ledger, metering and transcripts on,
 * a bare Fastify proxy, Portkey, and the model server itself, in one interleaved run. Then whether what was metered is
 * exactly what was answered.
 *   node bench/gateway.ts [--mode=embedded,postgres] [--rounds=3] [--seconds=3] [--connections=1,10,50] [--only=cmp,...]
 *     [--delay=20] (the model server waits so long) [--pin=0] (do not pin to cores) [--node=--cpu-prof,...] (for the product)
 * Needs wrk; PostgreSQL for the mode of that name; npm for the peers.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startPostgres } from './databases.ts';
import { answered, burst, firstBytes, send, type Burst, type Target } from './load.ts';
import { CACHE, freePort, ROOT, sleep, start, usageOf, type Program } from './machine.ts';
import { startFastifyProxy, startPortkey } from './peers.ts';
import { keptOf, prepare, startProduct, type Installation, type Kept, type Product } from './product.ts';
import { median, optionsOf, percentile, report, shown, table } from './report.ts';

const options = optionsOf();
const modes = (options.get('mode') ?? 'embedded,postgres').split(',');
const rounds = Number(options.get('rounds') ?? 3);
const seconds = Number(options.get('seconds') ?? 3);
const connections = (options.get('connections') ?? '1,10,50').split(',').map(Number);
const only = options.get('only')?.split(',');
const delay = options.get('delay');
const pinned = options.get('pin') !== '0';
/** The gateways share one core, the load and the model server the other. */
const [gatewayCore, loadCore] = pinned ? [0, 1] : [null, null];
const STREAMS_AT = 10;
const FIRST_BYTES = 200;
/** Answers counted for the check of the metering. */
const EXACT = 1_000;

const prefix = delay ? `/d${delay}` : '';
const messages = [{ role: 'user', content: 'Say hello in one short sentence, please.' }];
const WHOLE = JSON.stringify({ model: 'bench', messages });
const STREAMED = JSON.stringify({ model: 'bench', stream: true, messages });

interface Gateway { name: string; url: string; headers: Record<string, string>; program: Program }
interface Samples { whole: Map<number, Burst[]>; streams: Burst[]; firstByte: number[]; idleMiB: number; loadedMiB: number }

const json = { 'content-type': 'application/json' };
const target = (gateway: Gateway, body: string): Target => ({ url: `${gateway.url}/chat/completions`, headers: { ...json, ...gateway.headers }, body });

async function run(mode: string, installation: Installation): Promise<{ tables: string[]; figures: object }> {
  const bought = await prepare(installation, { keys: 3, knowledge: false });
  const modelPort = await freePort();
  const model = start('model-server', [process.execPath, path.join(ROOT, 'bench/model-server.mjs'), String(modelPort)], { core: loadCore });
  const [proxyPort, portkeyPort] = [await freePort(), await freePort()];
  await sleep(300);
  const upstream = `http://127.0.0.1:${modelPort}${prefix}/v1`;
  const startCmp = async () => startProduct(`gateway-${mode}`, installation, { modelUrl: upstream, core: gatewayCore, nodeOptions: (options.get('node') ?? '').split(',').filter(Boolean) });
  const wanted = (name: string) => !only || only.includes(name);
  const gateways: Gateway[] = [{ name: 'model server alone', url: upstream, headers: {}, program: model }];
  let product: Product | null = null;
  try {
    if (wanted('fastify')) {
      const { program } = startFastifyProxy(proxyPort, modelPort, gatewayCore);
      gateways.push({ name: 'Fastify proxy', url: `http://127.0.0.1:${proxyPort}${prefix}/v1`, headers: {}, program });
    }
    if (wanted('portkey')) {
      const { program, headers } = startPortkey(portkeyPort, modelPort, gatewayCore);
      gateways.push({ name: 'Portkey', url: `http://127.0.0.1:${portkeyPort}/v1`, headers: { ...headers, authorization: 'Bearer bench', 'x-portkey-custom-host': upstream }, program });
    }
    product = await startCmp();
    gateways.push({ name: 'CMP', url: `${product.url}/v1`, headers: { authorization: `Bearer ${bought.keys[0] ?? ''}` }, program: product.program });
    const samples = await compare(gateways);
    const kept = await checkMetering(product, installation, bought.keys, startCmp);
    return { tables: tablesOf(mode, gateways, samples, kept), figures: { kept, samples: Object.fromEntries([...samples].map(([name, one]) => [name, { ...one, whole: Object.fromEntries(one.whole) }])) } };
  } finally {
    for (const { program } of gateways) if (program.child.exitCode === null && program.child.signalCode === null) await program.stop();
  }
}

/** All gateways in turn, again and again, every other round in reverse: what else the machine does hits all of them. */
async function compare(gateways: readonly Gateway[]): Promise<Map<string, Samples>> {
  const samples = new Map<string, Samples>();
  const agent = new Agent({ keepAlive: true });
  for (const gateway of gateways) {
    await working(gateway, agent);
    samples.set(gateway.name, { whole: new Map(connections.map((count) => [count, []])), streams: [], firstByte: [], idleMiB: usageOf(gateway.program.pid).rssMiB, loadedMiB: 0 });
  }
  agent.destroy();
  for (const gateway of gateways) await burst(target(gateway, WHOLE), { connections: 20, seconds: 2, core: loadCore, watched: gateway.program.pid });
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 ? gateways.toReversed() : gateways;
    for (const count of connections) {
      for (const gateway of order) samples.get(gateway.name)?.whole.get(count)?.push(await burst(target(gateway, WHOLE), { connections: count, seconds, core: loadCore, watched: gateway.program.pid }));
    }
    for (const gateway of order) {
      const own = samples.get(gateway.name);
      own?.streams.push(await burst(target(gateway, STREAMED), { connections: STREAMS_AT, seconds, core: loadCore, watched: gateway.program.pid }));
      own?.firstByte.push(...await firstBytes(target(gateway, STREAMED), FIRST_BYTES));
    }
  }
  for (const gateway of gateways) {
    const own = samples.get(gateway.name);
    if (own) own.loadedMiB = usageOf(gateway.program.pid).rssMiB;
  }
  return samples;
}

async function working(gateway: Gateway, agent: Agent): Promise<void> {
  const until = Date.now() + 30_000;
  for (const body of [WHOLE, STREAMED]) {
    for (;;) {
      const reply = await send(target(gateway, body), agent).catch((error: unknown) => ({ status: 0, text: String(error) }));
      if (reply.status === 200 && complete(reply.text)) break;
      if (Date.now() > until) throw new Error(`${gateway.name} answers ${reply.status}: ${reply.text.slice(0, 300)}`);
      await sleep(100);
    }
  }
}

const complete = (text: string): boolean => text.includes('[DONE]') || (text.startsWith('{') && text.includes('word19'));

interface Metering { undisturbed: { answered: number; kept: Kept }; stopped: { answered: number; kept: Kept } }

/** Counts answers over a key of their own against what is kept; once in peace, and once while the server is told to stop. */
async function checkMetering(product: Product, installation: Installation, keys: readonly string[], again: () => Promise<Product>): Promise<Metering> {
  const at = (server: Product, key: string): Target => ({ url: `${server.url}/v1/chat/completions`, headers: { ...json, authorization: `Bearer ${key}` }, body: WHOLE });
  const [, peaceful = '', disturbed = ''] = keys;
  const undisturbed = await answered(at(product, peaceful), { count: EXACT, connections: 20, complete });
  await product.program.stop();
  const second = await again();
  const stopping = sleep(1_500).then(async () => second.program.stop());
  const stopped = await answered(at(second, disturbed), { count: Number.MAX_SAFE_INTEGER, connections: 20, complete });
  await stopping;
  return { undisturbed: { answered: undisturbed, kept: await keptOf(installation, peaceful) }, stopped: { answered: stopped, kept: await keptOf(installation, disturbed) } };
}

function tablesOf(mode: string, gateways: readonly Gateway[], samples: ReadonlyMap<string, Samples>, { undisturbed, stopped }: Metering): string[] {
  const middle = (bursts: readonly Burst[] | undefined, field: keyof Burst) => median((bursts ?? []).map((one) => one[field]));
  const ratio = (value: number, other: number) => shown(value / other, 2);
  const whole = connections.flatMap((count) => gateways.map(({ name }) => {
    const of = (gateway: string, field: keyof Burst) => middle(samples.get(gateway)?.whole.get(count), field);
    const rate = of(name, 'perSecond');
    return [count, name, shown(rate, 0), ratio(rate, of('Fastify proxy', 'perSecond')), ratio(rate, of('Portkey', 'perSecond')), shown(of(name, 'p50'), 2), shown(of(name, 'p99'), 2),
      shown(of(name, 'p50') - of('model server alone', 'p50'), 2), shown(of(name, 'cpuMsPerRequest'), 3), (samples.get(name)?.whole.get(count) ?? []).reduce((sum, one) => sum + one.errors, 0)];
  }));
  const streams = gateways.map(({ name }) => {
    const own = samples.get(name);
    const of = (gateway: string) => middle(samples.get(gateway)?.streams, 'perSecond');
    return [name, shown(of(name), 0), ratio(of(name), of('Fastify proxy')), ratio(of(name), of('Portkey')), shown(percentile(own?.firstByte ?? [], 50), 2), shown(percentile(own?.firstByte ?? [], 99), 2),
      shown(middle(own?.streams, 'cpuMsPerRequest'), 3), own?.idleMiB ?? 0, own?.loadedMiB ?? 0];
  });
  const kept = ([['in peace', undisturbed], ['told to stop meanwhile', stopped]] as const).map(([name, one]) =>
    [name, one.answered, one.kept.usage, one.kept.settled, one.kept.runs, one.kept.messages, one.kept.ledgerDifferences]);
  return [
    `CMP on the ${mode} database, model server waits ${delay ?? 0} ms, ${rounds} rounds of ${seconds} s`,
    table(['connections', 'gateway', 'answers/s', 'x Fastify', 'x Portkey', 'p50 ms', 'p99 ms', 'added p50 ms', 'CPU ms each', 'errors'], whole),
    table(['streaming', `streams/s at ${STREAMS_AT}`, 'x Fastify', 'x Portkey', 'first byte p50 ms', 'p99 ms', 'CPU ms each', 'MiB before', 'MiB after'], streams),
    table(['metering', 'answers received', 'usage rows', 'settlements (credits and quota)', 'runs', 'transcripts', 'ledger differences'], kept),
  ];
}

for (const mode of modes) {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'bench-gateway-'));
  const postgres = mode === 'postgres' ? await startPostgres() : null;
  try {
    const { tables, figures } = await run(mode, { dataDir, databaseUrl: postgres ? await postgres.createDatabase('gateway') : null });
    report(`gateway-${mode}${delay ? `-d${delay}` : ''}`, tables, figures);
  } finally {
    postgres?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
console.log(`figures in ${path.relative(ROOT, CACHE)}`);
