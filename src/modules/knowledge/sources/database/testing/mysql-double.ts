import { createServer, type Socket } from 'node:net';
import { listenOnLoopback } from './loopback.ts';

/** What a server that obeys no rules does with a statement: sends these bodies as packets. */
export type Answer = (sql: string, send: (...bodies: Buffer[]) => void, socket: Socket) => void;

export const OK = Buffer.from([0, 0, 0, 2, 0, 0, 0]);
const END = Buffer.from([0xfe, 0, 0, 2, 0]);

/**
 * A server that speaks MySQL's protocol (client/server protocol, version 10) on the loopback, lets everybody in, and answers
 * as a test wants: for what no real server does.
 */
export async function mysqlDouble(answer: Answer, { plugin = 'mysql_native_password' } = {}) {
  const received: Buffer[] = [];
  const server = createServer((socket) => {
    let signedIn = false;
    socket.on('error', () => undefined).write(packet(0, greeting(plugin)));
    let pending = Buffer.alloc(0);
    socket.on('data', (piece: Buffer) => {
      received.push(piece);
      pending = Buffer.concat([pending, piece]);
      while (pending.length >= 4 && pending.length >= 4 + pending.readUIntLE(0, 3)) {
        const body = pending.subarray(4, 4 + pending.readUIntLE(0, 3));
        let sequence = (pending[3] ?? 0) + 1;
        pending = pending.subarray(4 + body.length);
        const send = (...bodies: Buffer[]) => { socket.write(Buffer.concat(bodies.map((sent) => packet(sequence++ % 256, sent)))); };
        if (!signedIn) { signedIn = true; send(OK); }
        // The empty packet is what a client sends for a file it does not give.
        else if (body.length === 0) send(OK);
        else if (body[0] === 3) answer(body.subarray(1).toString(), send, socket);
      }
    });
  });
  return { ...await listenOnLoopback(server), received: () => Buffer.concat(received).toString('latin1') };
}

/** A result of text columns. */
export const table = (columns: readonly string[], rows: readonly (readonly string[])[]): Buffer[] =>
  [Buffer.from([columns.length]), ...columns.map(column), END, ...rows.map((values) => Buffer.concat(values.map(text))), END];

const column = (name: string): Buffer => Buffer.concat([text('def'), text(''), text(''), text(''), text(name), text(name), Buffer.from([0x0c, 0x2d, 0, 0xff, 0, 0, 0, 0xfd, 0, 0, 0, 0, 0])]);
function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  const length = bytes.length < 251 ? Buffer.from([bytes.length]) : Buffer.from([0xfd, bytes.length & 255, (bytes.length >> 8) & 255, bytes.length >> 16]);
  return Buffer.concat([length, bytes]);
}

function packet(sequence: number, body: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUIntLE(body.length, 0, 3);
  head[3] = sequence;
  return Buffer.concat([head, body]);
}

/** Says it can do everything, reading the client's files included. */
function greeting(plugin: string): Buffer {
  return Buffer.concat([
    Buffer.from([10]), Buffer.from('8.0.0-double\0'), Buffer.from([1, 0, 0, 0]), Buffer.alloc(8, 1), Buffer.from([0]), Buffer.from([0x8a, 0xa2]), Buffer.from([0x2d]), Buffer.from([2, 0]), Buffer.from([0x08, 0]),
    Buffer.from([21]), Buffer.alloc(10), Buffer.alloc(12, 1), Buffer.from([0]), Buffer.from(`${plugin}\0`),
  ]);
}
