import { expect, test } from 'vitest';
import { analyze, analyzeQuestion, detectLanguage, tokenizeWords } from './lexical.ts';
import { stem } from './stemming.ts';

const shares = (document: string, question: string) => {
  const terms = new Set(analyze(document));
  return analyze(question, { query: true }).some((term) => terms.has(term));
};

test.each([
  ['english', 'Refunds are issued within 14 days of the purchase.', 'how do I get a refund?'],
  ['german', 'Die Kündigungen werden innerhalb von zwei Wochen bearbeitet.', 'Kündigung'],
  ['spanish', 'Las devoluciones se aceptan durante los primeros treinta días.', 'quiero hacer una devolucion'],
  ['french', 'Les abonnements sont facturés chaque mois par carte.', 'prix de mon abonnement ?'],
  ['russian', 'Возвраты принимаются в течение тридцати дней.', 'как оформить возврат'],
  ['arabic', 'يمكن للعملاء استرجاع المنتجات خلال ثلاثين يوما', 'استرجاع المنتج'],
  ['arabic', 'تفتح المدارس أبوابها في سبتمبر', 'متى تفتح مدرسة للمدارس؟'],
  ['greek', 'Οι επιστροφές γίνονται δεκτές για τριάντα ημέρες', 'πώς κάνω μια επιστροφή;'],
  ['vietnamese', 'Khách hàng được hoàn tiền trong vòng ba mươi ngày', 'hoàn tiền thế nào?'],
  ['hindi', 'किताबें तीस दिनों के भीतर लौटाई जा सकती हैं', 'किताब कैसे'],
  ['thai', 'ลูกค้าสามารถขอคืนเงินได้ภายในสามสิบวัน', 'ต้องการคืนเงิน'],
  ['chinese', '退款政策适用于所有购买后三十天内的订单', '怎么退款'],
  ['japanese', '返金ポリシーはすべての注文に適用されます', '返金したい'],
  ['korean', '환불 정책은 모든 주문에 적용됩니다', '환불'],
])('a %s question meets a document that answers it in other word forms', (language, document, question) => {
  expect(detectLanguage(document)).toBe(language);
  expect(shares(document, question)).toBe(true);
});

test('grammar words are not index terms, unless a question has nothing else', () => {
  expect(analyze('the refund is for you')).toEqual(['refund']);
  expect(analyze('who are you', { query: true })).toEqual(['who', 'are', 'you']);
});

test('a word that is grammar in another language only is kept in a short question', () => {
  expect(analyze('Plus plan price', { query: true })).toContain('plus');
});

test('documents repeat terms so that callers can count, questions do not', () => {
  expect(analyze('refund or refunds')).toEqual(['refund', 'refund']);
  expect(analyze('refund refund refund', { query: true })).toEqual(['refund']);
});

test('numbers, digits of other scripts and full-width letters come in one form', () => {
  expect(tokenizeWords('1,000 ＡＢＣ ٢٠٢٤ v1.5')).toEqual(['1000', 'abc', '2024', 'v1', '5']);
  expect(analyze('1,000 credits', { query: true })).toContain('1000');
});

test('zero-width characters cannot split a word', () => {
  expect(analyze('ref\u200bund')).toEqual(analyze('refund'));
});

test('a run of mixed scripts is cut where the script changes, whichever comes first', () => {
  expect(analyze('购买iPhone手机')).toEqual(['购买', 'iphon', '手机']);
  expect(analyze('NFL赛季')).toEqual(['nfl', '赛季']);
});

test('a number in unspaced text is found however it is spaced', () => {
  expect(analyze('在2015年')).toEqual(['在', '2015', '年']);
  expect(shares('公司成立于 2015 年。', '2015年发生了什么')).toBe(true);
});

test('Latin words in a text of another script are names, not grammar', () => {
  expect(analyze('大多数IT组织')).toContain('it');
  expect(analyze('大多数IT组织', { query: true })).toContain('it');
  expect(analyze('It is here.')).not.toContain('it');
});

test('what tells Vietnamese words apart is kept', () => {
  expect(stem('bán', 'vietnamese')).not.toBe(stem('bạn', 'vietnamese'));
});

test('grammar words are known however Arabic spells them', () => {
  expect(analyze('إلى المدينة على الطريق')).toEqual(analyze('المدينة الطريق'));
});

test('an endless word is cut and hostile input stays fast', () => {
  expect(analyze('x'.repeat(100_000))[0]?.length).toBe(64);
  const started = performance.now();
  analyze(`${'\u0301'.repeat(50_000)} ${'1.'.repeat(50_000)} ${'__proto__ constructor '.repeat(5_000)}`);
  expect(performance.now() - started).toBeLessThan(1_000);
});

test('stems are accent-free, so that a missing accent does not matter', () => {
  expect(stem('devolución', 'spanish')).toBe(stem('devolucion', 'spanish'));
  expect(stem('straße', 'german')).toBe('strass');
});

test('each word of a question gives its forms in every language the question may be in, once', () => {
  expect(analyzeQuestion('refund refunds please').words).toEqual([{ terms: ['refund'], pairs: false }]);
  expect(analyzeQuestion('Rückgabe').words[0]?.terms).toEqual(expect.arrayContaining(['ruckgab']));
  expect(analyzeQuestion('Ai là thủ tướng đầu tiên của Việt Nam?').words.map(({ terms }) => terms[0])).toEqual(['thủ', 'tướng', 'đầu', 'tiên', 'việt', 'nam']);
  expect(analyzeQuestion('who are you').words).toHaveLength(3);
});

test('words that ask are no part of a question in Chinese and Japanese, unless it has nothing else', () => {
  const { words, across } = analyzeQuestion('黑豹队的防守丢了多少分');
  expect(words).toContainEqual({ terms: ['防守'], pairs: true });
  expect([...words.flatMap(({ terms }) => terms), ...across].join(' ')).not.toMatch(/多少|了多|少分/);
  expect(analyzeQuestion('什么').words).toEqual([{ terms: ['什么'], pairs: true }]);
});
