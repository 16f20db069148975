import { expect, test } from 'vitest';
import { pathOf, takeFiles } from './taken-files.ts';

const file = (name: string, size = 10, relativePath?: string): File => Object.assign(new File(['x'.repeat(size)], name), relativePath === undefined ? {} : { relativePath });
const limits = { accept: ['.pdf', '.md'], bytesMax: 100, filesMax: 3 };

test('files of the right kind and size are taken, and each other one says why not', () => {
  const { taken, refused } = takeFiles([file('A.PDF'), file('b.exe'), file('big.md', 101), file('empty.md', 0)], limits);
  expect(taken.map(({ name }) => name)).toEqual(['A.PDF']);
  expect(refused).toEqual(['b.exe is not one of these kinds', 'big.md is larger than 100 B', 'empty.md is empty']);
});

test('many files refused for one reason are told in one line', () => {
  const { refused } = takeFiles(['a', 'b', 'c', 'd', 'e'].map((name) => file(`${name}.png`)), limits);
  expect(refused).toEqual(['5 files are not one of these kinds: a.png, b.png, c.png and 2 more']);
});

test('a folder is taken with its paths, without what the system keeps in it', () => {
  const { taken, refused } = takeFiles([file('a.md', 5, './docs/a.md'), file('config', 5, 'docs/.git/config'), file('Thumbs.db', 5, 'docs/Thumbs.db'), file('x.md', 5, 'docs/__MACOSX/x.md')], limits);
  expect(taken.map(pathOf)).toEqual(['docs/a.md']);
  expect(refused).toEqual([]);
});

test('what does not fit any more is left out by name', () => {
  const { taken, refused } = takeFiles(['1', '2', '3', '4'].map((name) => file(`${name}.md`)), limits);
  expect(taken).toHaveLength(3);
  expect(refused).toEqual(['4.md is left out: at most 3 at once']);
  expect(takeFiles([file('1.md')], { ...limits, filesMax: 0 }).refused).toEqual(['1.md is too many: there is no room left']);
});
