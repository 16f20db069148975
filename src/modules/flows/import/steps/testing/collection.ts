import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { checkRunnable } from '../../../engine/compile.ts';
import { importFlow } from '../../importer.ts';
import type { ImportResult } from '../../importer.ts';
import { sharedFiles } from '../../../../../testing/shared-data.ts';

/** Published files of one format, all imported; empty, with one line that says so, where they are not on this machine. */
interface Collection { title: string; folder: string; files: string[]; imported: Map<string, ImportResult>; runnable: [string, ImportResult][] }

/** Imports the published files of a format; throws the problem of the first that is refused. */
export function readCollection(title: string, name: string, pattern: string): Collection {
  const { folder, files } = sharedFiles(title, name, pattern);
  const imported = new Map(files.map((file) => {
    const result = importFlow(readFileSync(path.join(folder, file)), { fileName: file });
    if (!('flow' in result)) throw new Error(`${file}: ${result.problem.message}`);
    return [file, result] as const;
  }));
  return { title, folder, files, imported, runnable: [...imported].filter(([, { report }]) => report.runnable) };
}

/** Of all steps at least this share is mapped, and each that is not mapped exactly has its reason in words. */
export function expectMapped({ title, files, imported, runnable }: Collection, share: number): void {
  const reports = [...imported.values()].map(({ report }) => report);
  const total = reports.reduce((sum, { nodes }) => sum + nodes.total, 0);
  const exactly = reports.reduce((sum, { nodes }) => sum + nodes.supported, 0);
  const mapped = reports.reduce((sum, { nodes }) => sum + nodes.approximated, exactly);
  const all = reports.flatMap(({ nodes }) => nodes.all);
  const missing = Map.groupBy(all.filter(({ support }) => support === 'unsupported'), ({ type }) => type);
  console.log(`${title}: ${mapped} of ${total} steps mapped (${exactly} of them exactly), ${runnable.length} of ${files.length} flows runnable; not mapped: ${[...missing].map(([type, nodes]) => `${type.split('.').at(-1) ?? type} ${nodes.length}`).join(', ')}`);
  expect(mapped / total).toBeGreaterThanOrEqual(share);
  for (const node of all) {
    if (node.support !== 'supported') expect({ node: node.name, reason: node.reason }).toEqual({ node: node.name, reason: expect.stringMatching(/\w{3,}.*\.$/s) });
  }
}

/** The report and the engine agree on what can run, and at least this share can. */
export function expectRunnable({ files, imported, runnable }: Collection, share: number): void {
  for (const [file, { flow, report }] of imported) expect({ file, runnable: checkRunnable(flow).length === 0 }).toEqual({ file, runnable: report.runnable });
  expect(runnable.length / files.length).toBeGreaterThanOrEqual(share);
}
