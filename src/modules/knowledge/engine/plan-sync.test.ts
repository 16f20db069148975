import { expect, test } from 'vitest';
import type { EngineDocument } from '../ports.ts';
import { datasetName, engineFileName } from './names.ts';
import { planSync } from './plan-sync.ts';
import { failureWarning, type WantedDocument } from './wanted-documents.ts';

const wanted = (over: Partial<WantedDocument> = {}): WantedDocument => ({
  id: crypto.randomUUID(), kind: 'upload', sha256: 'ab'.repeat(32), contentType: 'application/pdf', fileName: 'Größe ../../Q3.PDF', fileKey: 'k', question: null, answer: null, metadata: {}, engineRef: null, warnings: [], ...over,
});
const held = (document: WantedDocument, over: Partial<EngineDocument> = {}): EngineDocument => ({ id: crypto.randomUUID(), name: engineFileName(document), state: 'done', percent: 100, chunks: 3, message: null, ...over });
const none = new Set<string>();

test('names there are made of ids, the content and an extension, whatever people call their files', () => {
  const document = wanted();
  expect(engineFileName(document)).toBe(`${document.id}-${'ab'.repeat(8)}.pdf`);
  expect(engineFileName(wanted({ fileName: 'x.exe', contentType: 'application/x-evil; name="a.b"' }))).toMatch(/\.txt$/);
  const [organization, base] = [crypto.randomUUID(), crypto.randomUUID()];
  expect(datasetName(organization, base)).toBe(`tenant_${organization}_${base}`);
  expect(() => datasetName('my shop', base)).toThrow();
});

test('what is missing is sent, what waits is parsed, what is done is taken, what nobody wants is deleted', () => {
  const [missing, waiting, parsing, done] = [wanted(), wanted(), wanted(), wanted()];
  const [waits, parses, ready, foreign] = [held(waiting, { state: 'waiting' }), held(parsing, { state: 'parsing' }), held(done), held(wanted())];
  expect(planSync([missing, waiting, parsing, done], [waits, parses, ready, foreign], none)).toEqual({
    send: [missing], parse: [{ document: waiting, id: waits.id }], ready: [{ document: done, engineRef: ready.id }], failed: [], underWay: 1, remove: [foreign.id],
  });
});

test('what a document said before stays until its new content is ready', () => {
  const before = wanted();
  const old = held(before);
  const changed = { ...before, sha256: 'cd'.repeat(32), engineRef: old.id };
  expect(planSync([changed], [old], none)).toMatchObject({ send: [changed], remove: [] });
  expect(planSync([changed], [old, held(changed, { state: 'parsing' })], none)).toMatchObject({ underWay: 1, remove: [] });
  expect(planSync([changed], [old, held(changed)], none).remove).toEqual([old.id]);
});

test('a document that failed is left alone, with its old content gone, until it is to be tried again', () => {
  const document = wanted({ engineRef: 'old' });
  const failed = held(document, { state: 'failed', chunks: 0, message: 'No model' });
  const old = held(wanted(), { id: 'old' });
  expect(planSync([document], [failed, old], none)).toMatchObject({ failed: [{ words: 'No model' }], parse: [], remove: ['old'] });
  expect(planSync([document], [failed, old], new Set([document.id]))).toMatchObject({ failed: [], parse: [{ id: failed.id }], remove: [] });
  expect(planSync([document], [failed], 'all').parse).toEqual([{ document, id: failed.id }]);
  expect(planSync([document], [held(document, { chunks: 0 })], none).failed).toMatchObject([{ words: 'It found no text in it.' }]);
});

test('a file that is not taken, or not parsed, is sent again only when it is to be tried again', () => {
  const refused = wanted({ warnings: ['Two pages are blank.', failureWarning('too large')] });
  const waits = held(refused, { state: 'waiting', chunks: 0 });
  expect(planSync([refused], [waits], none)).toMatchObject({ parse: [], failed: [], remove: [] });
  expect(planSync([refused], [waits], 'all').parse).toMatchObject([{ id: waits.id }]);
  expect(planSync([refused], [], none).send).toEqual([]);
  expect(planSync([refused], [], 'all').send).toEqual([refused]);
});
