import { expect, test } from 'vitest';
import { readDomain } from './domain.ts';

test.each([
  ['shop.example.com', 'shop.example.com'],
  ['  HTTPS://Shop.Example.com/cart?x=1#y ', 'shop.example.com'],
  ['shop.example.com:443', 'shop.example.com'],
  ['shop.example.com:8443', 'shop.example.com:8443'],
  ['shop.example.com.', 'shop.example.com'],
  ['münchen.de', 'xn--mnchen-3ya.de'],
  ['http://localhost:3000/', 'localhost:3000'],
  ['localhost:80', 'localhost'],
  ['127.0.0.1:5173', '127.0.0.1:5173'],
])('%s is read as the host a browser names', (typed, host) => {
  expect(readDomain(typed)).toEqual({ host, problem: null });
});

test.each(['', ' ', '*.example.com', '*', 'shop', '192.168.0.5:3000', 'ftp://shop.example.com', 'javascript:alert(1)', 'https://user:pw@shop.example.com', 'a b.com', 'shop.example.com:99999', '<script>', `${'a'.repeat(64)}.com`])('%j is refused with words', (typed) => {
  const { host, problem } = readDomain(typed);
  expect(host).toBeNull();
  expect(problem).toMatch(/\.$/);
});

test('a site without https is told apart from the loopback', () => {
  expect(readDomain('http://shop.example.com').problem).toContain('https');
});
