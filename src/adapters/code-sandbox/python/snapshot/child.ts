/** Entry of the process that makes a snapshot of a started interpreter; it runs nobody's code. */
import { answerFrame, READY } from '#platform/process/frames.ts';
import { STATUS } from '../../protocol.ts';
import { makeSnapshot } from '../run-python.ts';

const write = (status: number, body: string | Uint8Array): void => { for (const part of answerFrame(status, body)) process.stdout.write(part); };

process.stdin.on('end', () => process.exit(0));
process.stdin.once('data', () => {
  void makeSnapshot().then((snapshot) => write(STATUS.ok, snapshot), () => process.exit(1));
});
write(READY, '');
