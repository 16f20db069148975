import { expect, test } from 'vitest';
import { languageNamed, writtenLanguage } from './written-language.ts';

test.each([
  ['Hola! ¿Es compatible este cargador?', 'es'], ['¿Cuánto tarda el envío?', 'es'], ['donde puedo devolver un pedido', 'es'],
  ['Wie kann ich meine Bestellung zurückgeben?', 'de'], ['Was kostet der Versand?', 'de'], ['Öffnungszeiten am Sonntag?', 'de'],
  ['How do I return my order?', 'en'], ['What is the warranty?', 'en'], ['can you help me with my order', 'en'],
  ['Comment puis-je retourner ma commande ?', 'fr'], ['Como posso devolver o meu pedido?', 'pt'], ['Come posso restituire il mio ordine?', 'it'],
  ['Hoe kan ik mijn bestelling retourneren?', 'nl'], ['Siparişimi nasıl iade edebilirim?', 'tr'], ['Jak mogę zwrócić zamówienie?', 'pl'],
  ['Tôi muốn trả lại hàng thì làm thế nào?', 'vi'], ['كيف يمكنني إرجاع طلبي؟', 'ar'], ['چگونه سفارش خود را پس بدهم؟', 'fa'], ['我怎么退货？', 'zh'], ['返品するにはどうすればいいですか', 'ja'], ['주문을 어떻게 반품하나요?', 'ko'],
  ['Как вернуть заказ?', 'ru'], ['Як повернути моє замовлення?', 'uk'], ['मैं अपना ऑर्डर कैसे लौटाऊं?', 'hi'], ['ฉันจะคืนสินค้าได้อย่างไร', 'th'], ['Πώς επιστρέφω την παραγγελία;', 'el'],
  ['iPhone 15 的保修期是多久？', 'zh'], ['Ist das Netzteil mit dem iPhone kompatibel?', 'de'],
])('%s is written in %s', (text, tag) => {
  expect(writtenLanguage(text)?.tag).toBe(tag);
});

test.each(['ok', '42', '', 'ISO 27001', 'https://example.com/hello-there', '!!!', 'a@example.com', 'iPhone 15 Pro'])('nothing is claimed about %j', (text) => {
  expect(writtenLanguage(text)).toBeNull();
});

test('a language has an English name, and one nobody named keeps its tag', () => {
  expect([languageNamed('es').name, languageNamed('de-AT').name, languageNamed('qqx').name]).toEqual(['Spanish', 'Austrian German', 'qqx']);
});

test('a long hostile text costs no more than its beginning', () => {
  const started = performance.now();
  writtenLanguage('ñ'.repeat(5_000_000));
  expect(performance.now() - started).toBeLessThan(200);
});
