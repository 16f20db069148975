import { expect, test } from 'vitest';
import { parseMarkdown } from './markdown.ts';
import type { MarkdownOptions, MdNode } from './markdown-tree.ts';

/** The tree as compact text, for reading the expectations below. */
function show(nodes: readonly MdNode[]): string {
  return nodes.map((node) => {
    if (node.kind === 'text') return node.text;
    if (node.kind === 'citation') return `{cite ${node.number}}`;
    if (node.kind === 'link') return `{a ${node.href}|${show(node.children)}}`;
    if (node.kind === 'code-block') return `{pre ${node.language}|${node.text}}`;
    return node.children.length === 0 ? `{${node.tag}}` : `{${node.tag}|${show(node.children)}}`;
  }).join('');
}
const md = (source: string, options?: MarkdownOptions): string => show(parseMarkdown(source, options));

test('words, marks and line breaks', () => {
  expect(md('Hello **bold** and *soft*, `code`, ~~gone~~\nnext')).toBe('{p|Hello {strong|bold} and {em|soft}, {code|code}, {del|gone}{br}next}');
  expect(md('***both*** and **a *b* c**')).toBe('{p|{strong|{em|both}} and {strong|a {em|b} c}}');
  expect(md('snake_case_name, 5 * 3 * 2, 2** 3')).toBe('{p|snake_case_name, 5 * 3 * 2, 2** 3}');
  expect(md('\\*not\\* ``a ` b``')).toBe('{p|*not* {code|a ` b}}');
  expect(md('das **Wort**, 这是**重点**。')).toBe('{p|das {strong|Wort}, 这是{strong|重点}。}');
});

test('blocks: headings, rules, quotes, fences, tables', () => {
  expect(md('# Title\n\ntext\n---\n> quoted\n> more')).toBe('{h4|Title}{p|text}{hr}{blockquote|{p|quoted{br}more}}');
  expect(md('```ts\nconst a = "<b>";\n\n**x**\n```\nafter')).toBe('{pre ts|const a = "<b>";\n\n**x**}{p|after}');
  expect(md('```\nnever closed')).toBe('{pre |never closed}');
  expect(md('| a | b |\n|---|:-:|\n| 1 | **2** |\nend')).toBe('{table|{tr|{th|a}{th|b}}{tr|{td|1}{td|{strong|2}}}}{p|end}');
  expect(md('a | b without a rule')).toBe('{p|a | b without a rule}');
});

test('lists keep their numbers, nest and may be loose', () => {
  expect(md('- one\n- two\n  - inner\n- three')).toBe('{ul|{li|one}{li|two{ul|{li|inner}}}{li|three}}');
  expect(md('3. c\n\n4. d\n   more')).toBe('{ol|{li|c}{li|d{br}more}}');
  expect(parseMarkdown('3. c')[0]).toMatchObject({ tag: 'ol', start: 3 });
  expect(md('Steps:\n1. a\n   ```\n   x\n   ```\n2. b')).toBe('{p|Steps:}{ol|{li|a{pre |x}}{li|b}}');
});

test('links go to http, https and mailto only', () => {
  expect(md('[site](https://a.example/x_(y) "t") <mailto:a@b.example>')).toBe('{p|{a https://a.example/x_(y)|site} {a mailto:a@b.example|mailto:a@b.example}}');
  expect(md('see https://a.example/p?q=1. (https://b.example)')).toBe('{p|see {a https://a.example/p?q=1|https://a.example/p?q=1}. ({a https://b.example/|https://b.example})}');
  for (const address of ['javascript:alert(1)', 'JaVaScRiPt:alert(1)', ' java\tscript:alert(1)', '\u0001javascript:alert(1)', 'data:text/html,x', 'vbscript:x', 'file:///etc', 'blob:x', '//evil.example', '/relative', 'javascript&#58;alert(1)']) {
    expect(md(`[x](${address})`)).not.toContain('{a');
    expect(md(`<${address}>`)).not.toContain('{a');
  }
});

test('markup stays text and pictures show only their words', () => {
  expect(md('<img src=x onerror=alert(1)><script>x</script>')).toBe('{p|<img src=x onerror=alert(1)><script>x</script>}');
  expect(md('![secret](https://evil.example/?q=1)')).toBe('{p|secret}');
  expect(md('[![p](https://evil.example/i.png)](https://ok.example)')).toBe('{p|{a https://ok.example/|p}}');
  expect(md('[a [b](https://b.example) c](https://a.example)')).toBe('{p|{a https://a.example/|a b c}}');
});

test('citation marks count only up to the number of citations', () => {
  expect(md('Yes [1], no [3]. [2](https://a.example)', { citations: 2 })).toBe('{p|Yes {cite 1}, no [3]. {a https://a.example/|2}}');
  expect(md('a[0] = b[1]')).toBe('{p|a[0] = b[1]}');
});

test('a growing text does not show marks that are about to close', () => {
  const streaming = { streaming: true };
  expect(md('This is **bo', streaming)).toBe('{p|This is {strong|bo}}');
  expect(md('This is **', streaming)).toBe('{p|This is }');
  expect(md('Run `npm i', streaming)).toBe('{p|Run {code|npm i}}');
  expect(md('See [the guide](https://a.exa', streaming)).toBe('{p|See the guide}');
});

test('hostile input is parsed in linear time and bounded depth', () => {
  const hostile = ['*', '**a ', '_a', '`', '[', '![', '[a](', '<', '> ', '- ', '((((', '~~a', '|-', '#', 'h', 'https://', '  - a\n', '[1]'];
  const started = performance.now();
  for (const piece of hostile) {
    for (const options of [{}, { streaming: true, citations: 9 }]) {
      const tree = parseMarkdown(piece.repeat(Math.ceil(60_000 / piece.length)), options);
      expect(depthOf(tree)).toBeLessThan(40);
    }
  }
  const spaces = ' '.repeat(60_000);
  for (const source of [`# ${spaces}x`, `a|b\n${spaces}x`, `---${spaces}x`, `-${spaces}x`, `\`\`\`${spaces}\``, `# a${' #'.repeat(30_000)}x`]) parseMarkdown(source);
  expect(performance.now() - started).toBeLessThan(10_000);
});

function depthOf(nodes: readonly MdNode[]): number {
  return nodes.reduce((deepest, node) => Math.max(deepest, 'children' in node ? 1 + depthOf(node.children) : 1), 0);
}
