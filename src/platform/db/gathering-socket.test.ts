import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { GatheringSocket } from './gathering-socket.ts';

test('what is written in one turn waits for its end and is sent in one piece, once connected too', async () => {
  const server = createServer((peer) => peer.pipe(peer));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const socket = new GatheringSocket();
  try {
    await once(socket.connect(port, '127.0.0.1'), 'connect');
    for (const text of ['one ', 'two ', 'three']) {
      socket.write(text);
      expect(socket.writableCorked).toBe(1);
    }
    expect(socket.bytesWritten).toBe(13);
    const [echo] = await once(socket, 'data');
    expect(String(echo)).toBe('one two three');
    expect(socket.writableCorked).toBe(0);
  } finally {
    socket.destroy();
    server.close();
  }
});
