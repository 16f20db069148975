import { expect, test } from 'vitest';
import { SseReader } from './sse.ts';

function read(...chunks: string[]): string[] {
  const reader = new SseReader();
  return chunks.flatMap((chunk) => reader.push(chunk));
}

test('events come out whole however the stream is cut', () => {
  const stream = ': keep-alive\r\n\r\ndata: {"a":1}\r\n\r\nevent: x\ndata: one\ndata: two\n\ndata:[DONE]\r\r';
  const expected = ['{"a":1}', 'one\ntwo', '[DONE]'];
  // The last CR could still be half of a CRLF, so one more character is needed to end it.
  expect(read(`${stream}\n`)).toEqual(expected);
  expect(read(...Array.from(`${stream}\n`))).toEqual(expected);
  for (let cut = 1; cut < stream.length; cut++) {
    expect(read(stream.slice(0, cut), stream.slice(cut), '\n')).toEqual(expected);
  }
});

test('a byte order mark at the start is skipped, an unfinished event is dropped', () => {
  expect(read('\uFEFFdata: x\n\n', 'data: cut')).toEqual(['x']);
});

test('an endless event is refused instead of filling memory', () => {
  const reader = new SseReader();
  const piece = `data: ${'x'.repeat(100_000)}\n`;
  expect(() => {
    for (let round = 0; round < 20; round++) reader.push(piece);
  }).toThrow(RangeError);
});
