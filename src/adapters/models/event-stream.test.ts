import { expect, test } from 'vitest';
import { readEvents } from './event-stream.ts';

async function read(parts: readonly Uint8Array[]) {
  async function* bytes() { yield* parts; }
  const events: string[] = [];
  for await (const some of readEvents(bytes())) for (const { event, data } of some) events.push(`${event}|${data}`);
  return events;
}

test.each([
  ['line feeds', 'event: a\ndata: x\n\ndata: y\n\n', ['a|x', '|y']],
  ['carriage returns', 'data: x\r\rdata: y\r\n\r\n', ['|x', '|y']],
  ['comments and other fields', ': keep-alive\n\nid: 4\ndata: x\n\n', ['|x']],
  ['several data lines', 'data: x\ndata:y\n\n', ['|x\ny']],
  ['no empty line at the end', 'data: x\n\ndata: y', ['|x', '|y']],
  ['characters of many bytes', 'data: 退款🚚\n\n', ['|退款🚚']],
])('events are read with %s, however the bytes are cut', async (_name, text, expected) => {
  const bytes = new TextEncoder().encode(text);
  expect(await read([bytes])).toEqual(expected);
  expect(await read([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(expected);
});

test('an event without an end is refused instead of filling the memory', async () => {
  const part = new TextEncoder().encode('x'.repeat(1024 * 1024));
  await expect(read([new TextEncoder().encode('data: '), ...Array.from({ length: 10 }, () => part)])).rejects.toThrow('too large');
});
