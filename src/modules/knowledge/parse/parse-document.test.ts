import { expect, test } from 'vitest';
import { docxOf, pdfLine, pdfOf, sheetRow, wordParagraph, xlsxOf, zipOf } from './file-fixtures.ts';
import { parseDocument } from './parse-document.ts';
import type { ParsedDocument } from './parsed-document.ts';
import { csvRows } from './read-csv.ts';

const read = (data: Buffer | string, fileName: string, mimeType?: string) => parseDocument(Buffer.from(data), { fileName, mimeType: mimeType ?? null });

async function documentOf(data: Buffer | string, fileName: string, mimeType?: string): Promise<ParsedDocument> {
  const result = await read(data, fileName, mimeType);
  if (!result.ok) throw new Error(`${result.failure.code}: ${result.failure.message}`);
  return result.document;
}

async function failureOf(data: Buffer | string, fileName: string): Promise<string> {
  const result = await read(data, fileName);
  expect(result.ok ? '' : result.failure.message).toMatch(/^(This|The|A|Files|Reading|No|Hidden) .{20,}\.$/);
  return result.ok ? 'read' : result.failure.code;
}

const plain = (document: ParsedDocument): [kind: string, text: string][] => document.blocks.map(({ kind, text }) => [kind, text]);

test('a Word document keeps headings, lists and tables', async () => {
  const cell = (text: string): string => `<w:tc>${wordParagraph(text)}</w:tc>`;
  const document = await documentOf(docxOf([
    wordParagraph('Refunds', 'Heading1'), wordParagraph('Paid in 14 days.'),
    `<w:tbl><w:tr>${cell('Item')}${cell('Fee')}</w:tr><w:tr>${cell('Parcel')}${cell('4 EUR')}</w:tr></w:tbl>`,
  ].join(''), { extra: [
    { name: 'word/styles.xml', data: '<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/></w:style></w:styles>' },
    { name: 'word/_rels/document.xml.rels', data: '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>' },
    { name: 'docProps/core.xml', data: '<cp:coreProperties xmlns:cp="a" xmlns:dc="b" xmlns:dcterms="c"><dc:title>Policy</dc:title><dc:creator>Ada</dc:creator><dcterms:created>2024-05-06T07:08:09Z</dcterms:created></cp:coreProperties>' },
  ] }), 'policy.docx');
  expect(document).toMatchObject({ format: 'docx', title: 'Policy', author: 'Ada', createdAt: '2024-05-06T07:08:09.000Z', pages: null });
  expect(document.blocks).toEqual([
    { page: null, heading: [], kind: 'heading', text: 'Refunds' },
    { page: null, heading: ['Refunds'], kind: 'text', text: 'Paid in 14 days.' },
    { page: null, heading: ['Refunds'], kind: 'table', text: '| Item | Fee |\n| Parcel | 4 EUR |' },
  ]);
});

test('rows of a workbook become records under their header, below the text above it', async () => {
  const document = await documentOf(xlsxOf([sheetRow(1, ['Price list 2024']), sheetRow(2, ['Item', 'Fee']), sheetRow(3, ['Parcel', '4 EUR']), sheetRow(4, ['Letter', ''])].join('')), 'p.xlsx');
  expect(plain(document)).toEqual([['heading', 'Prices'], ['text', 'Price list 2024'], ['text', 'Item | Fee'], ['table', 'Item: Parcel\nFee: 4 EUR\n\nItem: Letter']]);
});

test('CSV is read with any delimiter and encoding, and broken quotes name their line', async () => {
  expect(plain(await documentOf('name;fee\n"A; b";4\nC;5\n', 'x.csv'))[1]).toEqual(['table', 'name: A; b\nfee: 4\n\nname: C\nfee: 5']);
  expect(plain(await documentOf(Buffer.from('\ufeffname\tfee\nMünze\t4\n', 'utf16le'), 'x.csv'))[1]).toEqual(['table', 'name: Münze\nfee: 4']);
  const broken = csvRows('a,b\n1,"x\n2,y\n');
  expect(broken.rows).toEqual([['a', 'b'], ['1', '"x'], ['2', 'y']]);
  expect(broken.warnings[0]).toMatch(/line \d/);
  expect(csvRows('__proto__,b\n1,2\n').rows).toEqual([['__proto__', 'b'], ['1', '2']]);
});

test('a CSV cell or row count without end is refused', async () => {
  expect(await failureOf(`a,b\n"${'x'.repeat(2_000_000)}",1\n`, 'x.csv')).toBe('too-large');
  expect(await failureOf('a,b\n'.repeat(200_002), 'x.csv')).toBe('too-large');
});

test('a page gives its main content without menu, script and footer', async () => {
  const document = await documentOf(`<!doctype html><html lang="pt-BR"><head><title>Help &amp; more</title><meta name="author" content="Ada"><script>var x="no"</script></head>
    <body><nav><a href="/">Home</a></nav><main><h1>Refunds</h1><p>Paid in<br>14 <b>days</b>.</p><ul><li>One<ul><li>Inner</li></ul></li><li><p>Two</p></li></ul>
    <table><tr><th>Item</th><th>Fee</th></tr><tr><td>Parcel</td><td>4</td></tr></table><pre>a\n  b</pre><img alt="A chart" src="file:///etc/passwd"></main><footer>Imprint</footer></body></html>`, 'x.html');
  expect(document).toMatchObject({ title: 'Help & more', author: 'Ada' });
  expect(plain(document)).toEqual([['heading', 'Refunds'], ['text', 'Paid in\n14 days.'], ['text', '- One\n  - Inner\n- Two'], ['table', '| Item | Fee |\n| Parcel | 4 |'], ['text', 'a\n  b'], ['text', 'A chart']]);
});

test('Markdown keeps code and tables whole and reads its front matter', async () => {
  const document = await documentOf('---\ntitle: "Guide"\nauthor: Ada\ndate: 2024-01-02\n---\n# One\ntext\nmore\n\n```sh\n# no heading\n```\n\nTwo\n---\n| a | b |\n|---|---|\n| 1 | 2 |\nend', 'x.md');
  expect(document).toMatchObject({ format: 'md', title: 'Guide', author: 'Ada', createdAt: '2024-01-02T00:00:00.000Z' });
  expect(document.blocks.map(({ kind, text, heading }) => [kind, text, heading.join('>')])).toEqual([
    ['heading', 'One', ''], ['text', 'text\nmore', 'One'], ['text', '```sh\n# no heading\n```', 'One'],
    ['heading', 'Two', 'One'], ['table', '| a | b |\n|---|---|\n| 1 | 2 |', 'One>Two'], ['text', 'end', 'One>Two'],
  ]);
});

test('a PDF gives text by page, with headings by size', async () => {
  const document = await documentOf(pdfOf([
    [pdfLine(50, 700, 'Refunds', 24), pdfLine(50, 650, 'They are paid in'), pdfLine(50, 635, 'fourteen days.')].join('\n'), pdfLine(50, 700, 'Second page.'),
  ]), 'x.pdf');
  expect(document).toMatchObject({ format: 'pdf', pages: 2 });
  expect(document.blocks).toEqual([
    { page: 1, heading: [], kind: 'heading', text: 'Refunds' },
    { page: 1, heading: ['Refunds'], kind: 'text', text: 'They are paid in fourteen days.' },
    { page: 2, heading: ['Refunds'], kind: 'text', text: 'Second page.' },
  ]);
});

test('two columns of prose written line by line are read one after the other; a table is not', async () => {
  const rows = (left: string, right: string): string => Array.from({ length: 15 }, (_, i) =>
    `${pdfLine(50, 700 - i * 14, `${left} ${i}`, 10)}\n${pdfLine(320, 700 - i * 14, `${right} ${i}`, 10)}`).join('\n');
  const columns = await documentOf(pdfOf([rows('the left column tells of refunds line', 'the right column tells of parcels line')]), 'x.pdf');
  const text = columns.blocks.map((block) => block.text).join(' ');
  expect(text.indexOf('refunds line 14')).toBeLessThan(text.indexOf('parcels line 0'));
  const table = await documentOf(pdfOf([rows('Item', 'Price')]), 'x.pdf');
  expect(table.blocks[0]).toMatchObject({ kind: 'table', text: expect.stringContaining('| Item 0 | Price 0 |\n| Item 1 | Price 1 |') });
});

test('the content decides what a file is (fault 50)', async () => {
  expect(await failureOf(Buffer.concat([Buffer.from('MZ\u0090\0\u0003'), Buffer.alloc(600)]), 'invoice.pdf')).toBe('mislabelled');
  expect(await failureOf(Buffer.from('\u0089PNG\r\n\u001a\n\0\0\0\rIHDR\0\0\0\u0001\0\0\0\u0001\u0008\u0006\0\0\0', 'latin1'), 'x.docx')).toBe('mislabelled');
  expect(await failureOf(Buffer.concat([Buffer.from('MZ\u0090\0\u0003'), Buffer.alloc(600)]), 'setup.exe')).toBe('unsupported');
  expect(await failureOf(zipOf([{ name: 'a.txt', data: 'x' }]), 'x.docx')).toBe('mislabelled');
  expect(await failureOf('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', 'x.svg')).toBe('unsupported');
  expect(await failureOf(Buffer.from([1, 2, 3, 0, 0, 255, 254, 0, 7, 8, 9, 1]), 'x.pdf')).toBe('damaged');
  const html = await documentOf('<!DOCTYPE html><p>Hello from a page %PDF-1.4</p>', 'x.pdf');
  expect(html).toMatchObject({ format: 'html', warnings: ['The file is named as a PDF, but it is a web page and was read as that.'] });
  expect((await documentOf('just text', 'x.docx')).format).toBe('txt');
  expect((await documentOf('<div>Hi</div>', 'page.php', 'text/html; charset=utf-8')).format).toBe('html');
});

test('empty, pageless, wordless and half files say so', async () => {
  expect(await failureOf('', 'x.pdf')).toBe('empty');
  expect(await failureOf('  \n\n ', 'x.txt')).toBe('empty');
  expect(await failureOf(docxOf('<w:p/>'), 'x.docx')).toBe('empty');
  expect(await failureOf(pdfOf([]), 'x.pdf')).toMatch(/^(empty|damaged)$/);
  expect(await failureOf(pdfOf(['0 0 10 10 re f']), 'x.pdf')).toBe('no-text');
  expect(await failureOf('%PDF-1.7\nnothing else', 'x.pdf')).toBe('damaged');
  expect(await failureOf(docxOf(wordParagraph('Hello')).subarray(0, 400), 'x.docx')).toBe('damaged');
});

test('protected and old Office files are told apart', async () => {
  const compound = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(1016)]);
  expect(await failureOf(Buffer.concat([compound, Buffer.from('EncryptedPackage', 'utf16le')]), 'x.docx')).toBe('password');
  expect(await failureOf(Buffer.concat([compound, Buffer.from('WordDocument', 'utf16le')]), 'x.docx')).toBe('unsupported');
});

test('a zip bomb is refused by its directory, and by counting where the directory lies (fault 48)', async () => {
  const zeros = Buffer.alloc(20 * 1024 * 1024);
  expect(await failureOf(docxOf('', { extra: [{ name: 'word/media/a.bin', data: zeros }] }), 'x.docx')).toBe('too-large');
  expect(await failureOf(docxOf('', { extra: [{ name: 'word/media/a.bin', data: zeros, claimedSize: 1000 }] }), 'x.docx')).toBe('too-large');
  expect(await failureOf(docxOf('', { extra: Array.from({ length: 10_001 }, (_, i) => ({ name: `word/${i}`, data: '' })) }), 'x.docx')).toBe('too-large');
});

test('entities are neither fetched nor multiplied (fault 49)', async () => {
  const outside = '<!DOCTYPE w:document [<!ENTITY x SYSTEM "file:///etc/hostname"><!ENTITY y SYSTEM "http://127.0.0.1:9/">]>';
  const layers = Array.from({ length: 9 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join('');
  for (const make of [
    docxOf(wordParagraph('before &x; &y; after'), { prolog: outside }),
    docxOf(wordParagraph('before &l9; after'), { prolog: `<!DOCTYPE d [<!ENTITY l0 "ha">${layers}]>` }),
    xlsxOf(sheetRow(1, ['before &x; &l9; after', 'b']), `<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname"><!ENTITY l0 "ha">${layers}]>`),
  ]) {
    const result = await read(make, 'x.docx');
    if (result.ok) expect(result.document.characters).toBeLessThan(200);
    else expect(result.failure.code).toBe('damaged');
  }
});

test('a page nested without end is read or refused, not a crash', async () => {
  const result = await read(`<div>`.repeat(4000) + 'deep' + '</div>'.repeat(4000), 'x.html');
  if (result.ok) expect(result.document.blocks[0]?.text).toBe('deep');
  else expect(result.failure.code).toBe('too-complex');
});

test('text that no database stores is made storable', async () => {
  const document = await documentOf(Buffer.from('before \ud83d after', 'utf16le'), 'x.txt');
  expect(document.blocks[0]?.text.isWellFormed()).toBe(true);
});
