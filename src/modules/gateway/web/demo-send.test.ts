import { expect, test } from 'vitest';
import { remainingIn } from './demo-send.ts';

test('the count of the server is read from the piece that carries it', () => {
  expect(remainingIn('{"choices":[],"demo":{"remaining":4}}')).toBe(4);
  expect(remainingIn('{"choices":[{"delta":{"content":"the \\"demo\\" says 3"}}]}')).toBeNull();
  expect(remainingIn('{"demo":{"remaining":-1}}')).toBeNull();
  expect(remainingIn('"demo" [DONE')).toBeNull();
});
