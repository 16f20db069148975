import { expect, test } from 'vitest';
import { safeNext } from './safe-next.ts';
import { parseSearch, stringifySearch } from './search-text.ts';
import { buyerPaths, publicPaths } from './paths.ts';

test('a path of this site is kept with its search and hash', () => {
  expect(safeNext('/organizations/1/agents/?project=2#keys')).toBe('/organizations/1/agents/?project=2#keys');
});

test('every disguise of another site is refused', () => {
  const disguises = [
    '//evil.example', '/\\evil.example', 'https://evil.example', 'https:evil.example', '\\\\evil.example', '/\t/evil.example', '%09//evil.example', ' //evil.example', '/%5cevil\\x',
    'javascript:alert(1)', 'data:text/html,x', '///evil.example', '/.//evil.example', '/..//evil.example', '/\n/evil.example', '', 'evil', null, undefined, ['/a'], `/${'a'.repeat(3_000)}`,
  ];
  for (const next of disguises) expect(safeNext(next, '/home'), JSON.stringify(next)).toBe('/home');
});

test('signing in never leads back to signing in', () => {
  expect(safeNext('/login?next=/login', '/')).toBe('/');
  expect(safeNext('/register/', '/')).toBe('/');
});

test('an address is read as text, lists by repeated names', () => {
  expect(parseSearch('?category=agents&page=2&tag=a&tag=b&on=true')).toEqual({ category: 'agents', page: '2', tag: ['a', 'b'], on: 'true' });
  expect(Object.getPrototypeOf(parseSearch('?__proto__=x'))).toBe(Object.prototype);
});

test('empty values do not lengthen an address', () => {
  expect(stringifySearch({ q: '', a: undefined, b: null, c: 'x y', d: ['1', '2'] })).toBe('?c=x+y&d=1&d=2');
  expect(stringifySearch({})).toBe('');
});

test('parts of an address are escaped', () => {
  expect(buyerPaths.subscription('a/b', 'c?d')).toBe('/organizations/a%2Fb/agents/c%3Fd/');
  expect(publicPaths.login('/x?y=1')).toBe('/login?next=%2Fx%3Fy%3D1');
});
