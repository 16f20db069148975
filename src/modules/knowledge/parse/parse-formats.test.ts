import { expect, test } from 'vitest';
import { epubOf, odtOf, pptxOf, slideShape, zipOf } from './file-fixtures.ts';
import { parseDocument } from './parse-document.ts';
import type { ParsedDocument } from './parsed-document.ts';

async function documentOf(data: Buffer | string, fileName: string): Promise<ParsedDocument> {
  const result = await parseDocument(Buffer.from(data), { fileName });
  if (!result.ok) throw new Error(`${result.failure.code}: ${result.failure.message}`);
  return result.document;
}

async function codeOf(data: Buffer | string, fileName: string): Promise<string> {
  const result = await parseDocument(Buffer.from(data), { fileName });
  return result.ok ? 'read' : result.failure.code;
}

const CORE = '<cp:coreProperties xmlns:cp="a" xmlns:dc="b" xmlns:dcterms="c"><dc:title>Review</dc:title><dc:creator>Ada</dc:creator><dc:subject>Sales</dc:subject><dcterms:created>2024-05-06T07:08:09Z</dcterms:created></cp:coreProperties>';

test('slides are pages in the order they are shown, with title, texts, tables, notes and descriptions of pictures', async () => {
  const table = '<p:graphicFrame><a:graphic><a:graphicData><a:tbl><a:tr><a:tc><a:txBody><a:p><a:r><a:t>Item</a:t></a:r></a:p></a:txBody></a:tc><a:tc><a:txBody><a:p><a:r><a:t>Fee</a:t></a:r></a:p></a:txBody></a:tc></a:tr><a:tr><a:tc><a:txBody><a:p><a:r><a:t>Parcel</a:t></a:r></a:p></a:txBody></a:tc><a:tc><a:txBody><a:p><a:r><a:t>4</a:t></a:r></a:p></a:txBody></a:tc></a:tr></a:tbl></a:graphicData></a:graphic></p:graphicFrame>';
  const document = await documentOf(pptxOf([
    { shapes: slideShape(['Page 1'], 'sldNum') + slideShape(['Growth', 'and more']) + slideShape(['Our year'], 'ctrTitle') + `<p:grpSp>${slideShape(['In a group'])}</p:grpSp>`, notes: slideShape(['Smile.'], 'body') + slideShape(['1'], 'sldNum') },
    { shapes: `${slideShape(['Fees'], 'title')}${table}<p:pic><p:nvPicPr><p:cNvPr descr="A van"/></p:nvPicPr></p:pic>`, hidden: true },
  ], [{ name: 'docProps/core.xml', data: CORE }]), 'x.pptx');
  expect(document).toMatchObject({ format: 'pptx', title: 'Review', author: 'Ada', createdAt: '2024-05-06T07:08:09.000Z', pages: 2, metadata: { subject: 'Sales' } });
  expect(document.warnings).toEqual(['Hidden slides were read too: 2. Remove them from the file if they should not be answered from.']);
  expect(document.blocks.map(({ page, kind, text, heading }) => [page, kind, text, heading.join('>')])).toEqual([
    [1, 'heading', 'Our year', ''], [1, 'text', 'Growth\nand more', 'Our year'], [1, 'text', 'In a group', 'Our year'], [1, 'text', 'Notes: Smile.', 'Our year'],
    [2, 'heading', 'Fees', ''], [2, 'table', '| Item | Fee |\n| Parcel | 4 |', 'Fees'], [2, 'text', 'A van', 'Fees'],
  ]);
});

test('the words of a drawing made of shapes are read from their own entry, and nothing outside the file is', async () => {
  const frame = '<p:graphicFrame><a:graphic><a:graphicData><dgm:relIds r:dm="rId7"/></a:graphicData></a:graphic></p:graphicFrame>';
  const relation = (target: string, mode = ''): string => `<Relationship Id="rId7" Type="x/diagramData" Target="${target}"${mode}/>`;
  const drawing = { name: 'ppt/diagrams/data1.xml', data: '<dgm:dataModel xmlns:dgm="d" xmlns:a="a"><dgm:pt><a:p><a:r><a:t>Plan</a:t></a:r></a:p></dgm:pt><dgm:pt><a:p><a:r><a:t>Do</a:t></a:r></a:p></dgm:pt></dgm:dataModel>' };
  const inside = await documentOf(pptxOf([{ shapes: frame, relations: relation('../diagrams/data1.xml') }], [drawing]), 'x.pptx');
  expect(inside.blocks.map(({ text }) => text)).toEqual(['- Plan\n- Do']);
  for (const target of ['file:///etc/passwd', '../../../../etc/passwd', 'http://127.0.0.1:9/x']) {
    const outside = await documentOf(pptxOf([{ shapes: frame + slideShape(['Only this']), relations: relation(target, ' TargetMode="External"') + relation(target).replace('rId7', 'rId8') }]), 'x.pptx');
    expect(outside.blocks.map(({ text }) => text)).toEqual(['Only this']);
  }
});

test('a chart of a slide is read as the table it was drawn from', async () => {
  const relation = '<Relationship Id="rId7" Type="x/chart" Target="../charts/chart1.xml"/>';
  const points = (values: readonly string[]): string => values.map((value, i) => `<c:pt idx="${i}"><c:v>${value}</c:v></c:pt>`).join('');
  const series = (title: string, values: readonly string[]): string => `<c:ser><c:tx><c:strRef><c:v>${title}</c:v></c:strRef></c:tx><c:cat>${points(['Q1', 'Q2'])}</c:cat><c:val>${points(values)}</c:val></c:ser>`;
  const document = await documentOf(pptxOf([{ shapes: '<p:graphicFrame><a:graphic><a:graphicData><c:chart xmlns:c="c" r:id="rId7"/></a:graphicData></a:graphic></p:graphicFrame>', relations: relation }],
    [{ name: 'ppt/charts/chart1.xml', data: `<c:chartSpace xmlns:c="c">${series('Sales', ['1', '2'])}${series('Cost', ['3', '4'])}</c:chartSpace>` }]), 'x.pptx');
  expect(document.blocks.map(({ kind, text }) => [kind, text])).toEqual([['table', '|  | Sales | Cost |\n| Q1 | 1 | 3 |\n| Q2 | 2 | 4 |']]);
});

test('a book gives its chapters in the order of the spine, under their own heading or that of the contents', async () => {
  const document = await documentOf(epubOf(
    { 'b%20one.xhtml': '<p>Begin.</p><script>no()</script>', 'a.xhtml': '<h2>Two</h2><p>Go <b>on</b>.</p><img src="http://127.0.0.1:9/x.png" alt="A map"/>' },
    { opf: '<dc:title>Travels</dc:title><dc:creator>Ada</dc:creator><dc:creator>Bob</dc:creator><dc:language>en-GB</dc:language><dc:date>1999-03-01</dc:date><dc:publisher>Press</dc:publisher>', toc: '<li><a href="b%20one.xhtml#s">The first</a></li><li><a href="a.xhtml">The second</a></li>', extra: [{ name: 'OEBPS/b one.xhtml', data: '<html><body><p>Begin.</p></body></html>' }] },
  ), 'x.epub');
  expect(document).toMatchObject({ format: 'epub', title: 'Travels', author: 'Ada, Bob', createdAt: '1999-03-01T00:00:00.000Z', language: 'en', pages: null, metadata: { publisher: 'Press' } });
  expect(document.blocks.map(({ kind, text, heading }) => [kind, text, heading.join('>')])).toEqual([
    ['heading', 'The first', ''], ['text', 'Begin.', 'The first'], ['heading', 'Two', ''], ['text', 'Go on.', 'Two'], ['text', 'A map', 'Two'],
  ]);
});

test('a book that is encrypted says so; scrambled fonts do not matter; a missing chapter is a warning', async () => {
  const locked = (uri: string) => ({ extra: [{ name: 'META-INF/encryption.xml', data: `<encryption><enc:EncryptedData xmlns:enc="e"><enc:CipherData><enc:CipherReference URI="${uri}"/></enc:CipherData></enc:EncryptedData></encryption>` }] });
  expect(await codeOf(epubOf({ 'a.xhtml': '<p>x</p>' }, locked('OEBPS/a.xhtml')), 'x.epub')).toBe('password');
  expect(await codeOf(epubOf({ 'a.xhtml': '<p>x</p>' }, locked('OEBPS/font.otf')), 'x.epub')).toBe('read');
  expect(await codeOf(zipOf([{ name: 'META-INF/container.xml', data: '<container/>' }]), 'x.epub')).toBe('damaged');
  const book = epubOf({ 'a.xhtml': '<p>x</p>', 'b.xhtml': '<p>y</p>' });
  const damaged = Buffer.from(book.toString('latin1').replaceAll('OEBPS/b.xhtml', 'OEBPS/c.xhtml'), 'latin1');
  expect((await documentOf(damaged, 'x.epub')).warnings).toEqual(['One chapter of this book could not be found in the file and was left out.']);
});

test('an OpenDocument text keeps headings, lists, tables and notes, and not what was deleted', async () => {
  const document = await documentOf(odtOf(
    `<text:tracked-changes><text:p>deleted</text:p></text:tracked-changes><text:h text:outline-level="1">Refunds</text:h><text:section><text:p>Paid<text:s/>in <text:span>14</text:span> days.<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>Or less.</text:p></text:note-body></text:note></text:p></text:section>
    <text:list><text:list-item><text:p>One</text:p><text:list><text:list-item><text:p>Inner</text:p></text:list-item></text:list></text:list-item></text:list>
    <table:table><table:table-row><table:table-cell><text:p>Item</text:p></table:table-cell><table:table-cell><text:p>Fee</text:p></table:table-cell></table:table-row><table:table-row><table:table-cell><text:p>Parcel</text:p></table:table-cell><table:table-cell table:number-columns-repeated="100000000"/></table:table-row></table:table>`,
    { meta: '<dc:title>Policy</dc:title><meta:initial-creator>Ada</meta:initial-creator><meta:creation-date>2024-05-06T07:08:09.5</meta:creation-date><meta:user-defined meta:name="Team">Care</meta:user-defined>' },
  ), 'x.odt');
  expect(document).toMatchObject({ format: 'odt', title: 'Policy', author: 'Ada', createdAt: '2024-05-06T07:08:09.500Z', metadata: { team: 'Care' } });
  expect(document.blocks.slice(0, 3).map(({ kind, text }) => [kind, text])).toEqual([['heading', 'Refunds'], ['text', 'Paid in 14 days. Or less.'], ['text', '- One\n  - Inner']]);
  expect(document.blocks[3]?.text).toMatch(/^\| Item \| Fee \|\n\| Parcel [| ]{10,400}\|$/);
  expect(await codeOf(odtOf('<text:p>x</text:p>', { manifest: '<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>' }), 'x.odt')).toBe('password');
  expect(await codeOf(odtOf('', { kind: 'spreadsheet' }), 'x.ods')).toBe('unsupported');
});

const MAIL = [
  'Return-Path: <ada@example.com>', 'From: =?utf-8?Q?Ada_L=C3=B6w?= <ada@example.com>', 'To: Bob <bob@example.com>, team: c@example.com, d@example.com;', 'Subject: =?utf-8?B?R3LDvMOfZQ==?=', 'Date: Mon, 6 May 2024 09:08:09 +0200',
  'MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary="x"', '', '--x', 'Content-Type: multipart/alternative; boundary="y"', '', '--y', 'Content-Type: text/plain; charset=iso-8859-1', 'Content-Transfer-Encoding: quoted-printable', '', 'Plain f=FCr alle.', '',
  '--y', 'Content-Type: text/html; charset=utf-8', '', '<style>p{color:red}</style><div style="display:none">secret preheader</div><p>Rich für alle.</p><table><tr><td>Item</td><td>Fee</td></tr></table><img src="http://127.0.0.1:9/pixel.png">', '--y--',
  '--x', 'Content-Type: application/pdf; name="../../fees.pdf"', 'Content-Disposition: attachment; filename="../../fees.pdf"', 'Content-Transfer-Encoding: base64', '', 'JVBERi0xLjQ=', '--x--', '',
].join('\r\n');

test('a mail gives subject, who, when and its text; attachments are named and not read', async () => {
  const document = await documentOf(MAIL, 'x.eml');
  expect(document).toMatchObject({ format: 'eml', title: 'Grüße', author: 'Ada Löw <ada@example.com>', createdAt: '2024-05-06T07:08:09.000Z', metadata: { to: 'Bob <bob@example.com>, c@example.com, d@example.com' } });
  expect(document.warnings).toEqual(['Attached files were not read: ../../fees.pdf. Upload those that should be answered from.']);
  expect(document.blocks.map(({ kind, text }) => [kind, text])).toEqual([
    ['heading', 'Grüße'], ['text', 'From: Ada Löw <ada@example.com>\nTo: Bob <bob@example.com>, c@example.com, d@example.com\nDate: 2024-05-06 07:08'],
    ['text', 'Rich für alle.'], ['table', '| Item | Fee |'],
  ]);
  const plain = await documentOf('From: a@example.com\nSubject: Hi\n\nFirst.\n\nSecond.\n', 'x.eml');
  expect(plain.blocks.map(({ text }) => text)).toEqual(['Hi', 'From: a@example.com', 'First.', 'Second.']);
});

test('a text that only begins like a mail stays a text, and a mail without headers is one', async () => {
  expect((await documentOf('Note: buy milk\nFrom: the shop\n\nThanks.', 'list.txt')).format).toBe('txt');
  expect(await documentOf('No headers here at all.', 'x.eml')).toMatchObject({ format: 'txt', warnings: ['The file is named as an e-mail, but it is plain text and was read as that.'] });
});

test('mail nested without end is read or refused in bounded time', async () => {
  const deep = `From: a@example.com\nTo: b@example.com\n${Array.from({ length: 300 }, (_, i) => `Content-Type: multipart/mixed; boundary="b${i}"\n\n--b${i}\n`).join('')}Content-Type: text/plain\n\nend`;
  expect(await codeOf(deep, 'x.eml')).toBe('damaged');
  const headers = `From: a@example.com\nTo: b@example.com\n${'X-Long: y\n'.repeat(200_000)}\nbody`;
  expect(await codeOf(headers, 'x.eml')).toBe('damaged');
});

test('bombs, entities and odd names in every container are held off (faults 46, 48, 49)', async () => {
  const zeros = Buffer.alloc(20 * 1024 * 1024);
  const lying = { data: zeros, claimedSize: 1000 };
  expect(await codeOf(pptxOf([{ shapes: '' }], [{ name: 'ppt/media/a.bin', ...lying }]), 'x.pptx')).toBe('too-large');
  expect(await codeOf(epubOf({ 'a.xhtml': '<p>x</p>' }, { extra: [{ name: 'OEBPS/z', ...lying }] }), 'x.epub')).toBe('too-large');
  expect(await codeOf(zipOf([{ name: 'mimetype', data: '' }, { name: 'META-INF/manifest.xml', data: '' }, { name: 'content.xml', ...lying }]), 'x.odt')).toBe('too-large');
  const entities = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname"><!ENTITY a "haha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>';
  const slide = await documentOf(pptxOf([{ shapes: slideShape(['before &e;&b; after']) }]), 'x.pptx');
  const chapter = await documentOf(epubOf({ 'a.xhtml': `${entities}<p>before &e;&b; after</p>` }), 'x.epub');
  const text = await documentOf(odtOf(`${entities}<text:p>before &e;&b; after</text:p>`), 'x.odt');
  for (const { blocks } of [slide, chapter, text]) expect(blocks.map((block) => block.text).join('')).not.toMatch(/hahahaha|localhost|\bvm\b/);
  for (const name of ['../../etc/passwd', '/etc/passwd', 'C:\\x']) expect(await codeOf(pptxOf([{ shapes: slideShape(['fine']) }], [{ name, data: 'x' }]), 'x.pptx')).toBe('unsupported');
  for (const name of ['CON', `${'n'.repeat(4096)}.xml`, 'a\u202eslx.exe', 'nul\0.xml']) {
    expect(await codeOf(pptxOf([{ shapes: slideShape(['fine']) }], [{ name, data: 'x' }]), 'x.pptx')).toBe('read');
  }
});

test('front matter of Markdown, keywords of pages and properties of files become metadata within bounds', async () => {
  const markdown = await documentOf(`---\ntitle: Guide\ntags: [billing, "re: funds"]\nowner:\n  - Ada\n  - Bob\nnested:\n  a: 1\nwhen: 2024-01-02\nlong: ${'x'.repeat(900)}\n__proto__: evil\n${Array.from({ length: 60 }, (_, i) => `k${i}: v`).join('\n')}\n---\n# One\ntext`, 'x.md');
  expect(markdown).toMatchObject({ title: 'Guide', metadata: { tags: 'billing, re: funds', owner: 'Ada, Bob', when: '2024-01-02' } });
  expect(Object.keys(markdown.metadata ?? {}).length).toBe(40);
  expect(markdown.metadata?.long?.length).toBe(500);
  expect(markdown.metadata).not.toHaveProperty('nested');
  expect((await documentOf('---\ntitle: "unbalanced\nauthor: Ada\n---\ntext', 'x.md'))).toMatchObject({ author: 'Ada', blocks: [{ text: 'text' }] });
  const page = await documentOf('<!doctype html><title>T</title><meta name="keywords" content="a, b"><meta name="DC.creator" content="Ada"><meta itemprop="datePublished" content="2024-03-04"><p>x</p>', 'x.html');
  expect(page).toMatchObject({ author: 'Ada', createdAt: '2024-03-04T00:00:00.000Z', metadata: { keywords: 'a, b' } });
});

test('what a page hides from its readers, and characters that show nothing, are not read (fault 79)', async () => {
  const page = await documentOf('<p>seen</p><p style="font-size:0">tiny</p><p style="color:red; display : none">gone</p><div style="visibility:hidden"><b>inside</b></div><p style="opacity:0.5;font-size:0.9em">dim</p>', 'x.html');
  expect(page.blocks.map(({ text }) => text)).toEqual(['seen', 'dim']);
  const text = await documentOf('pa\u200bss\u00adword \u202egnp.exe\u202c a\u2060b\ufeffc d\u{e0041}\u{e0042} می\u200cخواهم 👩\u200d👩\u200d👧 ❤\ufe0f x\u200d\u200c\u200dy', 'x.txt');
  expect(text.blocks[0]?.text).toBe('password gnp.exe abc d می\u200cخواهم 👩\u200d👩\u200d👧 ❤\ufe0f xy');
});
