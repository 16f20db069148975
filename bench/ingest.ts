/**
 * Documents: pages read, cut, embedded and stored per second through the upload endpoint, with the offline embedding, and
 * how long other requests wait meanwhile; before that, in mode `parse`, pages read and cut alone, by the pool of reading
 * processes. Needs real PDF files.
 *   node bench/ingest.ts <files or folder> [--mode=parse,embedded,postgres] [--bytes-max=3000000] [--children=2] [--rounds=1]
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ChunkOptions } from '#modules/knowledge/chunk/chunk-contract.ts';
import { knowledgeEndpoints } from '#modules/knowledge/contract.ts';
import { createParserPool } from '#modules/knowledge/parse/parser-pool.ts';
import { startPostgres } from './databases.ts';
import { quietMoment, ROOT, sleep, usageOf } from './machine.ts';
import { prepare, startProduct, type Installation } from './product.ts';
import { optionsOf, percentile, report, shown, table } from './report.ts';

const options = optionsOf(process.argv.slice(2).filter((arg) => arg.startsWith('--')));
const modes = (options.get('mode') ?? 'parse,embedded,postgres').split(',');
const bytesMax = Number(options.get('bytes-max') ?? 3_000_000);
const given = process.argv.slice(2).filter((arg) => !arg.startsWith('--'));
const places = given.length > 0 ? given : [process.env.CMP_SHARED_DATA ?? path.resolve(ROOT, '../shared/data')].map((folder) => path.join(folder, 'documents/pdf'));
const files = places.flatMap((place) => (statSync(place, { throwIfNoEntry: false })?.isDirectory() ? readdirSync(place).map((name) => path.join(place, name)) : [place]))
  .filter((file) => file.endsWith('.pdf') && (statSync(file, { throwIfNoEntry: false })?.size ?? bytesMax) < bytesMax);
if (files.length === 0) throw new Error('name PDF files or a folder of them');

interface Read { children: number; documents: number; refused: number; pages: number; chunks: number; seconds: number; cpuSeconds: number; peakMiB: number }

/** As many documents at once as there are processes; what they used of the processor is told too, as other programs slow the clock. */
async function readAlone(children: number, rounds: number): Promise<Read> {
  const pool = createParserPool({ children });
  const read: Read = { children, documents: 0, refused: 0, pages: 0, chunks: 0, seconds: 0, cpuSeconds: 0, peakMiB: 0 };
  // Every process loads its libraries before the clock starts.
  await Promise.all(Array.from({ length: children }, () => pool.parse(Buffer.from('ready'), { fileName: 'ready.txt' })));
  await sleep(2000);
  await quietMoment();
  const before = usageOf(process.pid).cpuSeconds;
  const startedAt = performance.now();
  const waiting = Array.from({ length: rounds }, () => files).flat();
  await Promise.all(Array.from({ length: children }, async () => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      const result = await pool.parse(readFileSync(file), { fileName: path.basename(file) });
      if (!result.ok) { read.refused++; continue; }
      const cut = await pool.chunk(result.document, ChunkOptions.parse({}));
      read.documents++;
      read.pages += result.document.pages ?? 1;
      read.chunks += cut.ok ? cut.chunks.length : 0;
    }
  }));
  read.seconds = (performance.now() - startedAt) / 1000;
  read.cpuSeconds = usageOf(process.pid).cpuSeconds - before;
  read.peakMiB = Math.round(pool.peakBytes() / 2 ** 20);
  pool.close();
  return read;
}

interface Ingested { mode: string; documents: number; failed: number; pages: number; chunks: number; seconds: number; cpuSeconds: number; waitP50: number; waitP99: number; peakMiB: number }

async function ingest(mode: string, installation: Installation): Promise<Ingested> {
  const { subscriptionId, keys } = await prepare(installation, { keys: 1, knowledge: true });
  const product = await startProduct(`ingest-${mode}`, installation, { modelUrl: null, core: null });
  const call = async (address: string, init: RequestInit = {}): Promise<unknown> => {
    const answer = await fetch(`${product.url}${address.replace(':subscriptionId', subscriptionId)}`, { ...init, headers: { authorization: `Bearer ${keys[0] ?? ''}` } });
    if (!answer.ok) throw new Error(`${address} answered ${answer.status}: ${await answer.text()}`);
    return answer.json();
  };
  const list = async () => knowledgeEndpoints.listDocuments.response.parse(await call(`${knowledgeEndpoints.listDocuments.path}?limit=200`)).data;
  try {
    await quietMoment();
    const before = usageOf(product.program.pid).cpuSeconds;
    const startedAt = performance.now();
    for (const file of files) {
      const form = new FormData();
      form.append('file', new Blob([readFileSync(file)], { type: 'application/pdf' }), path.basename(file));
      knowledgeEndpoints.addDocuments.response.parse(await call(knowledgeEndpoints.addDocuments.path, { method: 'POST', body: form }));
    }
    const waits: number[] = [];
    let peakMiB = 0;
    for (let busy = true; busy;) {
      for (let probe = 0; probe < 20; probe++) {
        const at = performance.now();
        await (await fetch(`${product.url}/healthz`)).text();
        waits.push(performance.now() - at);
        await sleep(10);
      }
      peakMiB = Math.max(peakMiB, usageOf(product.program.pid).rssMiB);
      busy = (await list()).some(({ state }) => state !== 'indexed' && state !== 'failed');
    }
    const seconds = (performance.now() - startedAt) / 1000;
    const done = await list();
    const good = done.filter(({ state }) => state === 'indexed');
    return {
      mode, documents: good.length, failed: done.length - good.length, pages: good.reduce((sum, { pages }) => sum + (pages ?? 1), 0), chunks: good.reduce((sum, { chunks }) => sum + chunks, 0),
      seconds, cpuSeconds: usageOf(product.program.pid).cpuSeconds - before, waitP50: percentile(waits, 50), waitP99: percentile(waits, 99), peakMiB,
    };
  } finally {
    await product.program.stop();
  }
}

const readings = modes.includes('parse') ? [await readAlone(Number(options.get('children') ?? 2), Number(options.get('rounds') ?? 1))] : [];
const results: Ingested[] = [];
for (const mode of modes.filter((one) => one !== 'parse')) {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'bench-ingest-'));
  const postgres = mode === 'postgres' ? await startPostgres() : null;
  try {
    results.push(await ingest(mode, { dataDir, databaseUrl: postgres ? await postgres.createDatabase('ingest') : null }));
  } finally {
    postgres?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
report('ingest', [...readings.map((one) => table(
  ['reading processes', 'documents', 'refused as unreadable', 'pages', 'chunks', 'seconds', 'pages/s read and cut', 'CPU ms a page', 'peak MiB of a process'],
  [[one.children, one.documents, one.refused, one.pages, one.chunks, shown(one.seconds), shown(one.pages / one.seconds), shown((one.cpuSeconds * 1000) / one.pages), one.peakMiB]],
)), ...(results.length === 0 ? [] : [table(
  ['database', 'documents', 'refused as unreadable', 'pages', 'chunks', 'seconds', 'pages/s', 'CPU ms a page', 'other requests wait p50 ms', 'p99 ms', 'peak MiB'],
  results.map((one) => [one.mode, one.documents, one.failed, one.pages, one.chunks, shown(one.seconds), shown(one.pages / one.seconds), shown((one.cpuSeconds * 1000) / one.pages), shown(one.waitP50, 2), shown(one.waitP99, 2), one.peakMiB]),
)])], { readings, results });
