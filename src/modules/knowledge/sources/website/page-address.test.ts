import { expect, test } from 'vitest';
import { pageAddress, siteOf } from './page-address.ts';

const at = (written: string, base = 'https://example.com/dir/page'): string | null => pageAddress(written, new URL(base))?.href ?? null;

test.each([
  ['HTTPS://EXAMPLE.com:443/a', 'https://example.com/a'],
  ['http://example.com:80', 'http://example.com/'],
  ['https://example.com./a', 'https://example.com/a'],
  ['./a/../b/./c', 'https://example.com/dir/b/c'],
  ['/a/%2e%2e/b', 'https://example.com/b'],
  ['/%7Euser/%c3%bc?q=%2f%41', 'https://example.com/~user/%C3%BC?q=%2FA'],
  ['/über', 'https://example.com/%C3%BCber'],
  ['//example.com/x', 'https://example.com/x'],
  [' /a#part ', 'https://example.com/a'],
  ['?b=2&a=1&b=1', 'https://example.com/dir/page?a=1&b=2&b=1'],
  ['/a?', 'https://example.com/a'],
  ['/a?flag&x=a%20b', 'https://example.com/a?flag&x=a%20b'],
  ['/a?utm_source=x&id=3&fbclid=y&UTM_Medium=z', 'https://example.com/a?id=3'],
  ['/a?PHPSESSID=1f2&id=3', 'https://example.com/a?id=3'],
  ['/a?sid=4711', 'https://example.com/a?sid=4711'],
  ['/a?sid=9f8e7d6c5b4a39281706', 'https://example.com/a'],
  ['/a;jsessionid=AB12CD.node1?x=1', 'https://example.com/a?x=1'],
  ['/(S(lit3py55t21z5v55vlm25s55))/a.aspx', 'https://example.com/a.aspx'],
  ['http://0x7f.1/', 'http://127.0.0.1/'],
])('%s is the page %s', (written, address) => {
  expect(at(written)).toBe(address);
  expect(at(address)).toBe(address);
});

test.each([['mailto:a@b.c'], ['javascript:alert(1)'], ['file:///etc/passwd'], ['data:text/html,x'], ['gopher://x/'], ['http://user:secret@example.com/'], ['http://'], [`/${'a'.repeat(2000)}`], ['']])('%s is no page', (written) => {
  expect(at(written)).toBeNull();
});

test('a site is its host and the twin with www, encrypted or not, and no other host or port', () => {
  const { own } = siteOf(new URL('https://www.example.com/help'));
  const ownOf = (address: string) => own(new URL(address))?.href ?? null;
  expect(ownOf('http://example.com/a')).toBe('https://www.example.com/a');
  expect(ownOf('https://www.example.com/a')).toBe('https://www.example.com/a');
  expect([ownOf('https://docs.example.com/'), ownOf('https://example.com.evil.org/'), ownOf('https://example.com:8443/'), ownOf('https://evil-example.com/')]).toEqual([null, null, null, null]);
  const plain = siteOf(new URL('http://example.com/'));
  expect(plain.own(new URL('https://www.example.com/a'))?.href).toBe('https://example.com/a');
});
