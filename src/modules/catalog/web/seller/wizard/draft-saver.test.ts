import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ApiProblem } from '#web/api/problem.ts';
import type { DraftPatch } from '../../../contract.ts';
import { createDraftSaver, type DraftView } from './draft-saver.ts';

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => { vi.useRealTimers(); });

// Only passed on, never read.
const view = {} as DraftView;

const saverWith = (send: (patch: DraftPatch) => Promise<DraftView>) => {
  const onSaved = vi.fn();
  return { saver: createDraftSaver({ send, onSaved, delayMs: 100 }), onSaved };
};

test('changes made in one go are sent as one call after a pause', async () => {
  const send = vi.fn(async () => view);
  const { saver, onSaved } = saverWith(send);
  saver.change({ subcategory: 'single' });
  await vi.advanceTimersByTimeAsync(60);
  saver.change({ subcategory: 'multi', changelog: 'First' });
  expect(saver.state().status).toBe('waiting');
  await vi.advanceTimersByTimeAsync(100);
  expect(send.mock.calls).toEqual([[{ subcategory: 'multi', changelog: 'First' }]]);
  expect(onSaved).toHaveBeenCalledTimes(1);
  expect(saver.state()).toMatchObject({ status: 'saved', unsaved: {} });
});

test('what is typed while a call is under way follows in a second call, and is never lost from view', async () => {
  const answers: (() => void)[] = [];
  const send = vi.fn(async () => new Promise<DraftView>((resolve) => { answers.push(() => { resolve(view); }); }));
  const { saver } = saverWith(send);
  saver.change({ changelog: 'One' });
  await vi.advanceTimersByTimeAsync(100);
  saver.change({ changelog: 'Two' });
  expect(saver.state()).toMatchObject({ status: 'saving', unsaved: { changelog: 'Two' } });
  answers[0]?.();
  await vi.advanceTimersByTimeAsync(0);
  expect(send.mock.calls).toEqual([[{ changelog: 'One' }], [{ changelog: 'Two' }]]);
  answers[1]?.();
  await vi.advanceTimersByTimeAsync(100);
  expect(saver.state().status).toBe('saved');
  expect(send).toHaveBeenCalledTimes(2);
});

test('a lost connection is tried again by itself, with what was not sent', async () => {
  const send = vi.fn<(patch: DraftPatch) => Promise<DraftView>>()
    .mockRejectedValueOnce(new ApiProblem({ kind: 'network', status: 0, title: 'No connection' })).mockResolvedValue(view);
  const { saver } = saverWith(send);
  saver.change({ changelog: 'Kept' });
  await saver.flush();
  expect(saver.state()).toMatchObject({ status: 'failed', unsaved: { changelog: 'Kept' } });
  await vi.advanceTimersByTimeAsync(5_000);
  expect(send).toHaveBeenLastCalledWith({ changelog: 'Kept' });
  expect(saver.state().status).toBe('saved');
});

test('a refusal waits for the next change', async () => {
  const send = vi.fn<(patch: DraftPatch) => Promise<DraftView>>()
    .mockRejectedValueOnce(new ApiProblem({ kind: 'problem', status: 409, title: 'In review' })).mockResolvedValue(view);
  const { saver } = saverWith(send);
  saver.change({ changelog: 'a' });
  await saver.flush();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(send).toHaveBeenCalledTimes(1);
  saver.change({ step: 4 });
  await saver.flush();
  expect(send).toHaveBeenLastCalledWith({ changelog: 'a', step: 4 });
});
