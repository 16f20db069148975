import { expect, test, vi } from 'vitest';
import { ApiProblem } from '#web/api/problem.ts';
import { shareSent, UploadQueue, type Refused, type SendFile } from './upload-queue.ts';

const file = (name: string, size = 10) => new File(['x'.repeat(size)], name);
const problem = (status: number) => new ApiProblem({ kind: 'problem', status, title: 'No', detail: `Because of ${status}` });

/** A server whose answers the test gives, one by one. */
function server() {
  const waiting: { name: string; answer: (refused: Refused) => void; fail: (error: unknown) => void; progress: (share: number) => void }[] = [];
  const send: SendFile = async ({ name }, { signal, onProgress }) => new Promise((resolve, reject) => {
    const entry = { name, answer: resolve, fail: reject, progress: onProgress };
    waiting.push(entry);
    signal.addEventListener('abort', () => { reject(new DOMException('stopped', 'AbortError')); });
  });
  const next = async (name: string) => vi.waitFor(() => {
    const found = waiting.find((entry) => entry.name === name);
    if (found === undefined) throw new Error(`${name} was not sent`);
    waiting.splice(waiting.indexOf(found), 1);
    return found;
  });
  return { send, next, waiting };
}

const names = (queue: UploadQueue) => queue.state().uploads.map(({ path, state }) => `${path} ${state}`);

test('three files are sent at once and the others wait their turn', async () => {
  const { send, next } = server();
  const queue = new UploadQueue(send);
  queue.add(['a', 'b', 'c', 'd'].map((name) => file(name)));
  expect(names(queue)).toEqual(['a sending', 'b sending', 'c sending', 'd waiting']);
  (await next('b')).answer(null);
  await vi.waitFor(() => { expect(names(queue)).toEqual(['a sending', 'c sending', 'd sending']); });
  expect(queue.state().sent).toBe(1);
});

test('progress counts by bytes over all files', async () => {
  const { send, next } = server();
  const queue = new UploadQueue(send);
  queue.add([file('small', 100), file('large', 300)]);
  (await next('small')).answer(null);
  (await next('large')).progress(0.5);
  await vi.waitFor(() => { expect(shareSent(queue.state())).toBeCloseTo((100 + 150) / 400); });
});

test('a refused file says why, the others go on, and it can be sent again', async () => {
  const { send, next } = server();
  const queue = new UploadQueue(send);
  queue.add([file('bad'), file('good')]);
  (await next('bad')).answer({ code: 'unsupported', message: 'Files of this kind cannot be read.' });
  (await next('good')).answer(null);
  await vi.waitFor(() => { expect(names(queue)).toEqual(['bad failed']); });
  const [failed] = queue.state().uploads;
  expect(failed).toMatchObject({ failure: 'Files of this kind cannot be read.', final: true });
  queue.retry([failed?.key ?? -1]);
  (await next('bad')).answer(null);
  await vi.waitFor(() => { expect(queue.state().uploads).toEqual([]); });
});

test('a cancelled upload leaves the list and makes room for the next', async () => {
  const { send, next } = server();
  const queue = new UploadQueue(send);
  queue.add(['a', 'b', 'c', 'd'].map((name) => file(name)));
  queue.drop([0]);
  expect(names(queue)).not.toContain('a sending');
  (await next('d')).answer(null);
  await vi.waitFor(() => { expect(names(queue)).toEqual(['b sending', 'c sending']); });
});

test('when there is no more room, what is still waiting is not sent in vain', async () => {
  const { send, next, waiting } = server();
  const queue = new UploadQueue(send);
  queue.add(['a', 'b', 'c', 'd', 'e'].map((name) => file(name)));
  (await next('a')).answer({ code: 'documents-full', message: 'All 50 documents included are used.' });
  await vi.waitFor(() => { expect(names(queue)).toEqual(['a failed', 'b sending', 'c sending', 'd failed', 'e failed']); });
  expect(queue.state().uploads[3]?.failure).toBe('Not sent. All 50 documents included are used.');
  expect(waiting.map(({ name }) => name).toSorted()).toEqual(['b', 'c']);
});

test('a busy server is asked again after a pause; another failure is told in its words', async () => {
  const { send, next } = server();
  const pauses: number[] = [];
  const queue = new UploadQueue(send, async (ms) => { pauses.push(ms); return Promise.resolve(); });
  queue.add([file('a')]);
  (await next('a')).fail(problem(429));
  (await next('a')).fail(problem(503));
  (await next('a')).fail(problem(500));
  await vi.waitFor(() => { expect(queue.state().uploads[0]).toMatchObject({ state: 'failed', failure: 'Because of 500', final: false }); });
  expect(pauses).toEqual([1500, 3000]);
});
