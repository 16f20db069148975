import { expect, test } from 'vitest';
import { decodeText } from './encoding.ts';

/** Bytes as older programs wrote them: positions of the letters in each code page. */
const CP866 = (text: string): Buffer => Buffer.from([...text].map((character) => {
  const code = character.codePointAt(0) ?? 0;
  if (code < 128) return code;
  const index = code - 0x410; // А..я
  return index < 48 ? 0x80 + index : 0xe0 + index - 48;
}));
const CP1251 = (text: string): Buffer => Buffer.from([...text].map((c) => ((c.codePointAt(0) ?? 0) < 128 ? c.codePointAt(0) ?? 0 : (c.codePointAt(0) ?? 0) - 0x410 + 0xc0)));
const CP1256_ARABIC = Buffer.from('e3d1cdc8c720c8dfe320dde320c7e1e3dfcac8c920c7e1c8e1cfede9', 'hex');

const RUSSIAN = 'Возврат денег занимает четырнадцать дней, если товар не был в употреблении.';

test.each([
  ['utf-8', Buffer.from('Grüße, 世界'), 'Grüße, 世界', 'utf-8'],
  ['utf-8 with a mark', Buffer.from('\ufeffGrüße'), 'Grüße', 'utf-8'],
  ['utf-16le with a mark', Buffer.from('\ufeffGrüße', 'utf16le'), 'Grüße', 'utf-16le'],
  ['utf-16be with a mark', Buffer.from('\ufeffGrüße', 'utf16le').swap16(), 'Grüße', 'utf-16be'],
  ['utf-16le without a mark', Buffer.from('Greetings to all', 'utf16le'), 'Greetings to all', 'utf-16le'],
  ['windows-1252', Buffer.from('Die Gr\u00fc\u00dfe f\u00fcr \u0093alle\u0094 in M\u00fcnchen', 'latin1'), 'Die Grüße für “alle” in München', 'windows-1252'],
  ['cp866', CP866(RUSSIAN), RUSSIAN, 'ibm866'],
  ['windows-1251', CP1251(RUSSIAN), RUSSIAN, 'windows-1251'],
  ['shift_jis', Buffer.from('93fa967b8cea82cc95b68e9a82c582b7814282b182ea82cd83658358836782c582b78142', 'hex'), '日本語の文字です。これはテストです。', 'shift_jis'],
])('%s is recognised', (_, bytes, text, encoding) => {
  expect(decodeText(bytes)).toMatchObject({ text, encoding });
});

test('Arabic of Windows is recognised against a declaration that cannot be true', () => {
  const decoded = decodeText(Buffer.concat([CP1256_ARABIC, CP1256_ARABIC]), 'utf-8');
  expect(decoded.encoding).toBe('windows-1256');
  expect(decoded.warning).toContain('windows-1256');
});

test('a declaration decides between equally plausible readings', () => {
  const bytes = Buffer.from('caf\u00e9 \u00a4 5', 'latin1');
  expect(decodeText(bytes, 'iso-8859-15').encoding).toBe('iso-8859-15');
  expect(decodeText(bytes, 'no-such-charset').encoding).toBe('windows-1252');
});

test('a stray byte does not turn a UTF-8 file into another encoding', () => {
  const decoded = decodeText(Buffer.concat([Buffer.from('Überführung größerer Bücher für Köln. '.repeat(20)), Buffer.of(0xff)]));
  expect(decoded).toMatchObject({ encoding: 'utf-8' });
  expect(decoded.warning).not.toBeNull();
});

test.each([
  ['windows-1251', 'c4e0', 'Да', 'windows-1251'],
  ['Shift_JIS', '89bf8a69', '価格', 'shift_jis'],
  ['gb2312', 'cdcbbbf5', '退货', 'gbk'],
  ['GBK, though it could be UTF-8 too', 'c4a3c4a3', '模模', 'gbk'],
  ['ISO-2022-JP', '1b2442475b41771b2842', '配送', 'iso-2022-jp'],
])('few words that could be anything are read as the server says: %s', (label, hex, text, encoding) => {
  const served = label.split(',')[0];
  expect(decodeText(Buffer.from(hex, 'hex')).text).not.toBe(text);
  expect(decodeText(Buffer.from(hex, 'hex'), null, served)).toEqual({ text, encoding, warning: null });
  expect(decodeText(Buffer.from(hex, 'hex'), 'windows-1253', served)).toEqual({ text, encoding, warning: null });
});

test('a mark, and UTF-8 that cannot be chance, go before what the server says; what the bytes contradict does not count', () => {
  expect(decodeText(Buffer.from('\ufeffGrüße'), null, 'windows-1251')).toMatchObject({ text: 'Grüße', encoding: 'utf-8' });
  expect(decodeText(Buffer.from(RUSSIAN), null, 'iso-8859-1')).toMatchObject({ text: RUSSIAN, encoding: 'utf-8' });
  expect(decodeText(CP1251(RUSSIAN), 'windows-1251', 'utf-8')).toEqual({ text: RUSSIAN, encoding: 'windows-1251', warning: null });
  expect(decodeText(CP1251(RUSSIAN), null, 'utf-16')).toMatchObject({ text: RUSSIAN, encoding: 'windows-1251' });
  expect(decodeText(CP1251(RUSSIAN), null, 'no-such-charset')).toMatchObject({ text: RUSSIAN, encoding: 'windows-1251' });
  expect(decodeText(Buffer.from('plain'), null, 'windows-1251')).toMatchObject({ text: 'plain', warning: null });
});
