import { answerFrame, FrameReader, READY } from '#platform/process/frames.ts';
import { type Failure, type RequestHead, STATUS } from './protocol.ts';

export interface CodeRequest extends RequestHead { prelude: string; code: string; globalsText: string }

/** A result as JSON text with what was printed, or a failure. */
export type CodeAnswer = { ok: true; json: string; printed: readonly string[] } | { ok: false; failure: Failure };

const FRAMES_PER_REQUEST = 4;
const REQUEST_BYTES_MAX = 64 * 1024 * 1024;

/** The child's side of the protocol: answers one request after the other, and ends when the pool is gone. */
export function serveRequests(answer: (request: CodeRequest) => Promise<CodeAnswer>): void {
  // Kept from before anything of a seller ran.
  const write = process.stdout.write.bind(process.stdout);
  const send = (status: number, body: string): void => { for (const part of answerFrame(status, body)) write(part); };
  let frames: string[] = [];
  let queue = Promise.resolve();
  const reader = new FrameReader(REQUEST_BYTES_MAX, (payload) => {
    frames.push(payload.toString('utf8'));
    if (frames.length < FRAMES_PER_REQUEST) return;
    const [head = '{}', prelude = '', code = '', globalsText = '{}'] = frames;
    frames = [];
    const { timeoutMs, resultCharsMax } = JSON.parse(head);
    queue = queue.then(async () => {
      const result = await answer({ timeoutMs: Number(timeoutMs), resultCharsMax: Number(resultCharsMax), prelude, code, globalsText });
      if (result.ok) send(STATUS.ok, `{"printed":${JSON.stringify(result.printed)},"value":${result.json}}`);
      else send(STATUS.failed, JSON.stringify(result.failure));
    });
  });
  process.stdin.on('data', (chunk: Buffer) => reader.push(chunk));
  process.stdin.on('end', () => process.exit(0));
  send(READY, '');
}
