/**
 * One flow of four steps (a call comes in, fields are set by expression, a condition chooses, JSON goes back): the engine in
 * memory, the engine with every run and step kept in PostgreSQL, and Node-RED, which keeps nothing, in one interleaved run. Then
 * whether what was kept is exactly what was answered.
 *   node bench/workflow.ts [--rounds=3] [--seconds=3] [--connections=1,10,50] [--pin=0] [--only=...]
 * Needs wrk, PostgreSQL and npm. The servers share core 0; load and database use core 1.
 */
import { Agent } from 'node:http';
import path from 'node:path';
import pg from 'pg';
import { connect } from '#platform/db/database.ts';
import { migrateDatabase } from '#platform/db/migrate.ts';
import { startPostgres } from './databases.ts';
import { answered, burst, send, type Burst, type Target } from './load.ts';
import { freePort, ROOT, sleep, start, usageOf, type Program } from './machine.ts';
import { startNodeRed } from './peers.ts';
import { median, optionsOf, report, shown, table } from './report.ts';

const options = optionsOf();
const rounds = Number(options.get('rounds') ?? 3);
const seconds = Number(options.get('seconds') ?? 3);
const connections = (options.get('connections') ?? '1,10,50').split(',').map(Number);
const pinned = options.get('pin') !== '0';
const only = options.get('only')?.split(',');
const [serverCore, loadCore] = pinned ? [0, 1] : [null, null];
/** Answers counted for the check of the journal. */
const EXACT = 2_000;
/** Answers of each engine before any is measured: code that is still being compiled costs twice as much. Slow engines get half a minute. */
const WARM = 30_000;

interface Engine { name: string; url: string; program: Program; idleMiB: number }

const json = { 'content-type': 'application/json' };
const target = ({ url }: Pick<Engine, 'url'>): Target => ({ url, headers: json, body: JSON.stringify({ name: 'Ada', amount: 120, tags: ['a', 'b'] }) });
const complete = (text: string): boolean => text.includes('"big"') && text.includes('Hello Ada');

const postgres = await startPostgres();
const engines: Engine[] = [];
try {
  const url = await postgres.createDatabase('workflow');
  const database = connect(url);
  await migrateDatabase(database);
  await database.close();
  const wanted = (name: string) => !only || only.includes(name);
  const flowServer = async (name: string, env: Record<string, string>) => {
    const port = await freePort();
    engines.push({ name, url: `http://127.0.0.1:${port}/webhook/bench`, program: start(`workflow-${name}`, [process.execPath, path.join(ROOT, 'bench/flow-server.ts')], { core: serverCore, env: { ...env, PORT: String(port), NODE_ENV: 'production' } }), idleMiB: 0 });
  };
  if (wanted('memory')) await flowServer('memory', {});
  if (wanted('journal')) await flowServer('journal', { JOURNAL: url });
  if (wanted('node-red')) {
    const port = await freePort();
    engines.push({ name: 'Node-RED', url: `http://127.0.0.1:${port}/webhook/bench`, program: startNodeRed(port, serverCore), idleMiB: 0 });
  }
  for (const engine of engines) await ready(engine);
  const bursts = await compare();
  const kept = engines.some(({ name }) => name === 'journal') ? await checkJournal(url) : null;
  report('workflow', tablesOf(bursts, kept), { kept, bursts: Object.fromEntries([...bursts].map(([name, counts]) => [name, Object.fromEntries(counts)])) });
} finally {
  for (const { program } of engines) await program.stop();
  postgres.stop();
}

async function ready(engine: Engine): Promise<void> {
  const agent = new Agent({ keepAlive: true });
  const until = Date.now() + 60_000;
  for (;;) {
    const reply = await send(target(engine), agent).catch((error: unknown) => ({ status: 0, text: String(error) }));
    if (reply.status === 200 && complete(reply.text)) break;
    if (Date.now() > until) throw new Error(`${engine.name} answers ${reply.status}: ${reply.text.slice(0, 300)}`);
    await sleep(200);
  }
  agent.destroy();
  await sleep(1_000);
  engine.idleMiB = usageOf(engine.program.pid).rssMiB;
}

/** All engines in turn, every other round in reverse: what else the machine does hits all of them. */
async function compare(): Promise<Map<string, Map<number, Burst[]>>> {
  const bursts = new Map(engines.map(({ name }) => [name, new Map(connections.map((count) => [count, [] as Burst[]]))]));
  for (const engine of engines) {
    for (let [sent, bursts] = [0, 0]; sent < WARM && bursts < 15; bursts++) sent += 2 * (await burst(target(engine), { connections: 50, seconds: 2, core: loadCore, watched: engine.program.pid })).perSecond;
  }
  for (let round = 0; round < rounds; round++) {
    for (const count of connections) {
      for (const engine of round % 2 ? engines.toReversed() : engines) bursts.get(engine.name)?.get(count)?.push(await burst(target(engine), { connections: count, seconds, core: loadCore, watched: engine.program.pid }));
    }
  }
  return bursts;
}

interface Kept { answered: number; runs: number; steps: number }

/** Counts answers against the rows they left. */
async function checkJournal(url: string): Promise<Kept> {
  const engine = engines.find(({ name }) => name === 'journal');
  if (!engine) throw new Error('no engine with a journal');
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('truncate durable_runs cascade');
    const good = await answered(target(engine), { count: EXACT, connections: 50, complete });
    const { rows } = await client.query<{ runs: number; steps: number }>(`select (select count(*)::int from durable_runs where state = 'succeeded') as runs, (select sum(jsonb_array_length(steps))::int from durable_steps) as steps`);
    return { answered: good, runs: rows[0]?.runs ?? 0, steps: rows[0]?.steps ?? 0 };
  } finally {
    await client.end();
  }
}

function tablesOf(bursts: ReadonlyMap<string, ReadonlyMap<number, readonly Burst[]>>, kept: Kept | null): string[] {
  const middle = (name: string, count: number, field: keyof Burst) => median((bursts.get(name)?.get(count) ?? []).map((one) => one[field]));
  const rows = connections.flatMap((count) => engines.map(({ name }) => {
    const rate = middle(name, count, 'perSecond');
    return [count, name, shown(rate, 0), shown(rate / middle('Node-RED', count, 'perSecond'), 2), shown(middle(name, count, 'p50'), 2), shown(middle(name, count, 'p99'), 1), shown(middle(name, count, 'cpuMsPerRequest'), 3),
      (bursts.get(name)?.get(count) ?? []).reduce((sum, one) => sum + one.errors, 0)];
  }));
  return [
    table(['connections', 'engine', 'runs/s', 'of Node-RED', 'p50 ms', 'p99 ms', 'processor ms each', 'errors'], rows),
    table(['engine', 'idle MiB', 'after load MiB'], engines.map(({ name, program, idleMiB }) => [name, idleMiB, usageOf(program.pid).rssMiB])),
    ...(kept ? [`Of ${kept.answered} answered runs, ${kept.runs} runs and ${kept.steps} steps were kept.`] : []),
  ];
}
