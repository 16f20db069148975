import { expect, test } from 'vitest';
import type { Source } from '../../sources/contract.ts';
import { moves, resultWords, sourceWords } from './source-words.ts';

const source = (patch: Partial<Source>): Source => ({
  id: '0198a000-0000-7000-8000-000000000001', kind: 'website', name: 'mycompany.com', config: {}, secrets: [], refresh: 'weekly', status: 'synced', progress: null,
  documents: { total: 247, indexed: 247, processing: 0, failed: 0 }, chunks: 900, bytes: 2_411_724, last_sync_at: null, next_sync_at: null, last_error: null, last_result: null, created_at: '2026-11-28T10:00:00.000Z', ...patch,
});
const said = (patch: Partial<Source>) => { const { tone, word, facts } = sourceWords(source(patch)); return [tone, word, ...facts].join(' · '); };
const documents = (total: number, indexed: number, processing = 0, failed = 0) => ({ documents: { total, indexed, processing, failed } });

test('a source says how it stands with what it holds', () => {
  expect(said({})).toBe('good · Synced · 247 pages');
  expect(said({ refresh: 'realtime', kind: 'database' })).toBe('good · Live · 247 rows');
  expect(said({ status: 'pending', ...documents(0, 0) })).toBe('off · Not read yet');
  expect(said({ status: 'paused', ...documents(1, 1) })).toBe('off · Paused · 1 page');
  expect(said({ status: 'failed', ...documents(3, 2, 0, 1) })).toBe('bad · Failed · 3 pages · 1 failed');
  expect(said({ status: 'syncing' })).toBe('busy · Reading · 247 pages');
  expect(said(documents(10, 6, 4))).toBe('busy · Synced · 10 pages · 4 being indexed');
});

test('uploads are a source too, with their size', () => {
  expect(said({ kind: 'upload', status: 'pending', ...documents(15, 15) })).toBe('good · Indexed · 15 files · 2.3 MB');
  expect(said({ kind: 'upload', status: 'pending', ...documents(2, 1, 1) })).toBe('busy · Reading · 2 files · 2.3 MB · 1 being indexed');
  expect(said({ kind: 'upload', status: 'pending', ...documents(0, 0) })).toBe('off · Empty');
  expect(said({ kind: 'api', status: 'pending', ...documents(1, 1) })).toBe('good · Connected · 1 text');
});

test('the page looks again soon while something moves', () => {
  expect([moves(source({})), moves(source({ status: 'syncing' })), moves(source(documents(2, 1, 1)))]).toEqual([false, true, true]);
});

test('a reading tells what it changed', () => {
  const result = { added: 0, changed: 0, unchanged: 5, removed: 0, skipped: 0, incomplete: null, message: '', problems: [] };
  expect(resultWords(result)).toBe('Nothing changed');
  expect(resultWords({ ...result, added: 12, changed: 3, removed: 1, problems: [{ name: 'a', message: 'b' }] })).toBe('12 added · 3 changed · 1 removed · 1 problem');
  expect(resultWords({ ...result, added: 1, message: '2 dead links' })).toBe('1 added · 2 dead links');
});
