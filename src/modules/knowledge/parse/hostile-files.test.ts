import { deflateSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { docxOf, pptxOf, slideShape, wordParagraph, xlsxOf, sheetRow, zipOf } from './file-fixtures.ts';
import { createParserPool, type ParserPool } from './parser-pool.ts';
import { line, packedZeros, pdfFile, streamObject } from './pdf-fixtures.ts';

let pool: ParserPool;
beforeAll(() => { pool = createParserPool({ children: 2, timeoutMs: 30_000, memoryBytesMax: 700 * 1024 * 1024 }); });
afterAll(() => pool.close());
vi.setConfig({ testTimeout: 180_000 });

async function outcomeOf(data: Buffer | string, fileName: string): Promise<string> {
  const result = await pool.parse(Buffer.from(data), { fileName });
  if (result.ok) return result.document.blocks.map(({ text }) => text).join('\n') || 'read';
  expect(result.failure.message).toMatch(/^(This|The|A|Files|Reading|No) .{20,}\.$/);
  return result.failure.code;
}

/** Another document is read at the same time, whatever happens to the hostile one. */
async function besideAnother(data: Buffer | string, fileName: string): Promise<string> {
  const [outcome, other] = await Promise.all([outcomeOf(data, fileName), outcomeOf('fine', 'x.txt')]);
  expect(other).toBe('fine');
  expect(await outcomeOf('fine after', 'x.txt')).toBe('fine after');
  return outcome;
}

/** A zip whose end says it holds a million entries (zip64), with one there. */
function zipOfAMillion(): Buffer {
  const zip = docxOf('');
  const end = zip.length - 22;
  const [size, offset] = [zip.readUInt32LE(end + 12), zip.readUInt32LE(end + 16)];
  const wide = Buffer.alloc(76);
  wide.write('PK\u0006\u0006', 0, 'latin1');
  wide.writeBigUInt64LE(44n, 4);
  wide.writeBigUInt64LE(1_000_000n, 24);
  wide.writeBigUInt64LE(1_000_000n, 32);
  wide.writeBigUInt64LE(BigInt(size), 40);
  wide.writeBigUInt64LE(BigInt(offset), 48);
  wide.write('PK\u0006\u0007', 56, 'latin1');
  wide.writeBigUInt64LE(BigInt(end), 64);
  wide.writeUInt32LE(1, 72);
  const tail = Buffer.from(zip.subarray(end));
  for (const at of [8, 10]) tail.writeUInt16LE(0xffff, at);
  for (const at of [12, 16]) tail.writeUInt32LE(0xffffffff, at);
  return Buffer.concat([zip.subarray(0, end), wide, tail]);
}

test('a million entries, a bomb, a bomb inside a zip and overlapping entries are refused by their directory (fault 48)', async () => {
  expect(await besideAnother(zipOfAMillion(), 'x.docx')).toBe('too-large');
  const bomb = zipOf([{ name: 'a', data: Buffer.alloc(30 * 1024 * 1024) }]);
  expect(await besideAnother(docxOf('', { extra: [{ name: 'word/a.bin', data: Buffer.alloc(30 * 1024 * 1024) }] }), 'x.docx')).toBe('too-large');
  // A zip inside is only carried along, never opened.
  expect(await besideAnother(docxOf(wordParagraph('outer'), { extra: [{ name: 'word/embeddings/inner.zip', data: bomb }] }), 'x.docx')).toBe('outer');
});

test('ten gigabytes of XML in ten megabytes are refused, in every container (fault 48)', async () => {
  const lying = { data: Buffer.alloc(8 * 1024 * 1024), claimedSize: 2000 };
  for (const [name, file] of [
    ['x.docx', docxOf('', { extra: [{ name: 'word/huge.xml', ...lying }] })], ['x.pptx', pptxOf([{ shapes: slideShape(['a']) }], [{ name: 'ppt/huge.xml', ...lying }])],
    ['x.epub', zipOf([{ name: 'META-INF/container.xml', ...lying }])],
  ] as const) expect(await besideAnother(file, name)).toBe('too-large');
});

test('a PDF of 100,000 pages is refused by its count, one whose pages go in circles is read or refused (fault 48)', async () => {
  const kids = '100 0 R '.repeat(100_000);
  const many = Buffer.from(pdfFile([{ content: line(10, 10, 'a') }]).toString('latin1').replace('/Kids[100 0 R]/Count 1', `/Kids[${kids}]/Count 100000`), 'latin1');
  expect(await besideAnother(many, 'x.pdf')).toBe('too-large');
  const circle = Buffer.from(pdfFile([{ content: line(10, 10, 'a') }]).toString('latin1').replace('/Kids[100 0 R]', '/Kids[2 0 R 100 0 R]'), 'latin1');
  expect(['a', 'damaged', 'empty', 'no-text']).toContain(await besideAnother(circle, 'x.pdf'));
  const form = `20 0 obj<</Type/XObject/Subtype/Form/BBox[0 0 10 10]/Resources<</XObject<</Fm 20 0 R>>>>/Length 7>>stream\n/Fm Do \nendstream endobj`;
  expect(['words', 'no-text', 'damaged', 'too-complex']).toContain(await besideAnother(pdfFile([{ content: `/Fm Do ${line(10, 10, 'words')}`, resources: '/XObject<</Fm 20 0 R>>' }], { objects: [form] }), 'x.pdf'));
  const nested = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
  expect(['words', 'damaged', 'too-complex']).toContain(await besideAnother(pdfFile([{ content: `${nested} TJ ${line(10, 10, 'words')}` }]), 'x.pdf'));
});

test('a stream of a gigabyte ends at the limit of memory or of time, alone (fault 48)', async () => {
  const stream = streamObject(101, '/Filter/FlateDecode', packedZeros(1024));
  const file = Buffer.from(pdfFile([{ content: 'x' }]).toString('latin1').replace(/101 0 obj[^]*?endobj\n/, ''), 'latin1');
  const at = file.indexOf('trailer');
  const huge = Buffer.concat([file.subarray(0, at), stream, Buffer.from('\n'), file.subarray(at)]);
  expect(huge.length).toBeLessThan(3 * 1024 * 1024);
  expect(['too-complex', 'timeout', 'no-text', 'damaged']).toContain(await besideAnother(huge, 'x.pdf'));
});

test('a picture of 200 megapixels is not unpacked for its page’s text, and costs a scan at most its own failure (fault 48)', async () => {
  const image = streamObject(20, '/Type/XObject/Subtype/Image/Width 20000/Height 10000/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/FlateDecode', packedZeros(191));
  const draw = 'q 600 0 0 800 0 0 cm /Im1 Do Q';
  expect(await besideAnother(pdfFile([{ content: `${draw} 1 g ${line(50, 700, 'Text beside it')}`, resources: '/XObject<</Im1 20 0 R>>' }], { objects: [image] }), 'x.pdf')).toBe('Text beside it');
  expect(await besideAnother(pdfFile([{ content: draw, resources: '/XObject<</Im1 20 0 R>>' }], { objects: [image] }), 'x.pdf')).toBe('no-text');
  const png = Buffer.concat([Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), Buffer.from([0, 0, 78, 32, 0, 0, 39, 16, 8, 0, 0, 0, 0]), Buffer.alloc(100)]);
  expect(await besideAnother(png, 'x.png')).toBe('unsupported');
});

test('names in a container lead nowhere: up, absolute, of devices, with marks of direction, of four kilobytes (fault 46)', async () => {
  for (const name of ['../../../../tmp/x', '/etc/cron.d/x', 'C:\\Windows\\x']) {
    expect(await outcomeOf(docxOf(wordParagraph('fine'), { extra: [{ name, data: 'x' }] }), '../../x.docx')).toBe('unsupported');
  }
  for (const name of ['CON', 'word/\u202exm.exe', `word/${'n'.repeat(4096)}`]) {
    expect(await outcomeOf(docxOf(wordParagraph('fine'), { extra: [{ name, data: 'x' }] }), `${'n'.repeat(4096)}\0/..\\CON.docx`)).toBe('fine');
  }
});

test('templates, pictures and data elsewhere are not fetched (fault 49)', async () => {
  const remote = (type: string): string => `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId9" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/${type}" Target="http://127.0.0.1:9/evil" TargetMode="External"/></Relationships>`;
  const word = docxOf(`${wordParagraph('fine')}<w:p><w:r><w:drawing><a:blip xmlns:a="a" xmlns:r="r" r:link="rId9"/></w:drawing></w:r></w:p>`, { extra: [{ name: 'word/_rels/document.xml.rels', data: remote('image') }, { name: 'word/_rels/settings.xml.rels', data: remote('attachedTemplate') }] });
  expect(await outcomeOf(word, 'x.docx')).toBe('fine');
  expect(await outcomeOf(xlsxOf(sheetRow(1, ['fine', 'too']), '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">'), 'x.xlsx')).toContain('fine');
  expect(await outcomeOf('<html xmlns:xi="http://www.w3.org/2001/XInclude"><p>fine</p><xi:include href="file:///etc/passwd" parse="text"/><link rel="stylesheet" href="http://127.0.0.1:9/"><iframe src="file:///etc/passwd"></iframe></html>', 'x.html')).toBe('fine');
  const pdf = pdfFile([{ content: line(10, 10, 'fine') }], { catalog: '/OpenAction<</S/URI/URI(http://127.0.0.1:9/)>>', objects: ['20 0 obj<</Length 0/F(/etc/passwd)>>stream\n\nendstream endobj'] });
  expect(await outcomeOf(pdf, 'x.pdf')).toBe('fine');
});

test('a program, a protected file, a script in a PDF and a file of two kinds are told by their content (fault 50)', async () => {
  expect(await outcomeOf(Buffer.concat([Buffer.from('MZ\u0090\0\u0003'), Buffer.alloc(600)]), 'invoice.pdf')).toBe('mislabelled');
  const secret = `/Encrypt<</Filter/Standard/V 1/R 2/O(${'o'.repeat(32)})/U(${'u'.repeat(32)})/P -4>>/ID[(0123456789abcdef)(0123456789abcdef)]`;
  expect(await outcomeOf(pdfFile([{ content: line(10, 10, 'a') }], { trailer: secret }), 'x.pdf')).toBe('password');
  const script = pdfFile([{ content: line(10, 10, 'words') }], { catalog: '/OpenAction<</S/JavaScript/JS(while\\(true\\){app.alert\\(1\\)})>>/Names<</JavaScript<</Names[(a)<</S/JavaScript/JS(this.submitForm\\("http://127.0.0.1:9/"\\))>>]>>>>' });
  expect(await outcomeOf(script, 'x.pdf')).toBe('words');
  const both = Buffer.concat([Buffer.from('%PDF-1.4\n%<html><script>alert(1)</script></html>\n'), pdfFile([{ content: line(10, 10, 'page') }])]);
  expect(await outcomeOf(both, 'x.html')).toBe('page');
  expect(await outcomeOf(pdfFile([]), 'x.pdf')).toMatch(/^(empty|damaged)$/);
  expect(await outcomeOf('', 'x.eml')).toBe('empty');
});

test('a cell of ten megabytes and quotes that never end are bounded, with the line they are on (fault 51)', async () => {
  const cell = await pool.parse(Buffer.from(`a,b\n1,2\n"${'x'.repeat(10 * 1024 * 1024)}",1\n`), { fileName: 'x.csv' });
  expect(cell).toMatchObject({ ok: false, failure: { code: 'too-large', message: expect.stringMatching(/line \d/) } });
  const quotes = await pool.parse(Buffer.from(`name,fee\nA,1\nB,"2\n${'C,3\n'.repeat(1000)}`), { fileName: 'x.csv' });
  expect(quotes.ok && quotes.document.warnings.join()).toMatch(/quotes around line \d/);
  expect(quotes.ok && quotes.document.blocks.at(-1)?.text).toContain('name: C\nfee: 3');
  expect(await outcomeOf('a,b\n'.repeat(250_000), 'x.csv')).toBe('too-large');
});

test('packed twice, a stream is unpacked within the same bounds (fault 48)', async () => {
  const twice = streamObject(101, '/Filter[/FlateDecode/FlateDecode]', deflateSync(packedZeros(300)));
  const file = Buffer.from(pdfFile([{ content: 'x' }]).toString('latin1').replace(/101 0 obj[^]*?endobj\n/, ''), 'latin1');
  const at = file.indexOf('trailer');
  expect(['too-complex', 'timeout', 'no-text', 'damaged']).toContain(await besideAnother(Buffer.concat([file.subarray(0, at), twice, Buffer.from('\n'), file.subarray(at)]), 'x.pdf'));
});
