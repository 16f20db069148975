import { expect, test } from 'vitest';
import { asksForPrice, statesPrice } from './price-talk.ts';

test.each([
  'What does it cost?', 'Is there a discount?', 'how much is the pro plan', 'Welche Preise habt ihr?', 'Was kostet der Versand?', 'Quel est le prix ?', '¿Qué precio tiene?', 'Quanto custa o plano?', 'Quanto costa?', 'Wat is de prijs?',
  'Ile kosztuje plan?', 'Fiyatı nedir?', 'Сколько это стоит?', 'Какая цена?', 'ما هو السعر؟', 'इसकी कीमत क्या है?', '这个价格是多少？', '料金はいくらですか', '가격이 얼마예요?',
])('%s asks for a price', (question) => {
  expect(asksForPrice(question)).toBe(true);
});

test.each([
  'How do I return my order?', 'Is it priceless?', 'Do you sell custard?', 'Do you ship to Costa Rica?', 'Ist der Versand kostenlos?', 'Muss ich Steuern zahlen?', '¿A qué hora es la cena?', 'Wo liegt Rabat?', 'Стоит ли ждать?', 'مرحبا بكم', 'बादाम है क्या?', '얼마나 걸려요?', 'accosted',
])('%s does not', (question) => {
  expect(asksForPrice(question)).toBe(false);
});

test.each(['$49', 'only 49 € a month', 'EUR 49,90', '49.90 euros', '五百元 is not digits but 500元 is', '¥500', '49 دولار', '٤٩ ريال'])('%s states an amount', (text) => {
  expect(statesPrice(text)).toBe(true);
});

test.each(['It lasts 2 years', 'Version 3 of 5', '100 % of items', 'in 2 minutes', 'page 4'])('%s states none', (text) => {
  expect(statesPrice(text)).toBe(false);
});
