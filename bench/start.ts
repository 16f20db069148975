/**
 * Start to ready on new and on existing data, and memory when idle; embedded database and PostgreSQL server.
 *   node bench/start.ts [--rounds=3] [--mode=embedded,postgres] [--idle=10]
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startPostgres } from './databases.ts';
import { answering, freePort, quietMoment, ROOT, sleep, start, usageOf } from './machine.ts';
import { median, optionsOf, report, shown, table } from './report.ts';

interface Start { mode: string; data: 'new' | 'existing'; readyMs: number; readyCpuMs: number; idleMiB: number }

const options = optionsOf();
const rounds = Number(options.get('rounds') ?? 3);
const modes = (options.get('mode') ?? 'embedded,postgres').split(',');
const idleSeconds = Number(options.get('idle') ?? 10);
/** What the project wants of itself: seconds to ready, MiB when idle. */
const BARS = { readyMs: { new: 10_000, existing: 3_000 }, idleMiB: { embedded: 560, postgres: 180 } };

async function measure(mode: string, data: Start['data'], dataDir: string, databaseUrl: string | null): Promise<Start> {
  const port = await freePort();
  await quietMoment();
  const program = start(`start-${mode}`, [process.execPath, path.join(ROOT, 'scripts/start.mjs')], {
    env: { PORT: String(port), DATA_DIR: dataDir, LOG_LEVEL: 'warn', ...(databaseUrl ? { DATABASE_URL: databaseUrl } : {}) },
  });
  try {
    const readyMs = await answering(`http://127.0.0.1:${port}/readyz`, program);
    const readyCpuMs = usageOf(program.pid).cpuSeconds * 1000;
    await sleep(idleSeconds * 1000);
    return { mode, data, readyMs, readyCpuMs, idleMiB: usageOf(program.pid).rssMiB };
  } finally {
    await program.stop();
  }
}

// So that no start has to build the browser code first.
execFileSync(process.execPath, [path.join(ROOT, 'scripts/build.mjs')], { stdio: ['ignore', 'ignore', 'inherit'] });
const postgres = modes.includes('postgres') ? await startPostgres() : null;
const starts: Start[] = [];
try {
  for (let round = 0; round < rounds; round++) {
    for (const mode of round % 2 ? modes.toReversed() : modes) {
      const dataDir = mkdtempSync(path.join(tmpdir(), 'bench-start-'));
      const url = mode === 'postgres' && postgres ? await postgres.createDatabase(`start_${round}`) : null;
      for (const data of ['new', 'existing'] as const) starts.push(await measure(mode, data, dataDir, url));
      rmSync(dataDir, { recursive: true, force: true });
    }
  }
} finally {
  postgres?.stop();
}

const rows = modes.flatMap((mode) => (['new', 'existing'] as const).map((data) => {
  const some = starts.filter((one) => one.mode === mode && one.data === data);
  const ready = some.map((one) => one.readyMs);
  const idle = median(some.map((one) => one.idleMiB));
  const bar = mode === 'embedded' ? BARS.idleMiB.embedded : BARS.idleMiB.postgres;
  return [mode, data, shown(median(ready) / 1000, 2), `${shown(Math.min(...ready) / 1000, 2)}-${shown(Math.max(...ready) / 1000, 2)}`, BARS.readyMs[data] / 1000, shown(median(some.map((one) => one.readyCpuMs)) / 1000, 2), shown(idle), bar];
}));
report('start', [table(['database', 'data', 'ready s (median)', 'range', 'bar s', 'CPU s to ready', `idle MiB after ${idleSeconds} s`, 'bar MiB'], rows)], { starts });
