import { expect, test } from 'vitest';
import { offlineChatModel } from './extractive-answer.ts';
import type { ChatEvent, ChatRequest, Passage } from '../ports.ts';

const passage = (text: string, title = 'Handbook'): Passage =>
  ({ chunkId: title, documentId: title, title, page: null, url: null, text, score: 0.5 });

async function answer(question: string, texts: readonly string[] | null, extra: Partial<ChatRequest> = {}) {
  const events: ChatEvent[] = [];
  const grounding = texts ? { question, passages: texts.map((text, i) => passage(text, `Document ${i}`)) } : undefined;
  for await (const event of offlineChatModel.stream({ messages: [{ role: 'user', content: question }], grounding, ...extra }, new AbortController().signal)) events.push(event);
  return { text: events.map((event) => (event.type === 'text' ? event.text : '')).join(''), finish: events.at(-1), events };
}

test('the sentence that answers is quoted word for word with the number of its passage', async () => {
  const { text, finish } = await answer('How long do I have to return a charger?', [
    'Our office opens at nine. Parking is free on weekends.',
    'Chargers are covered for two years. You can return a charger within 30 days of delivery. Shipping is free above 50 dollars.',
  ]);
  expect(text).toContain('“You can return a charger within 30 days of delivery.” [2]');
  expect(text).not.toContain('Parking');
  expect(finish).toMatchObject({ type: 'finish', reason: 'stop' });
});

test.each([
  ['Wie lange kann ich das Ladegerät zurückgeben?', 'Das Büro ist montags geöffnet. Das Ladegerät kann innerhalb von 30 Tagen zurückgegeben werden.', '“Das Ladegerät kann innerhalb von 30 Tagen zurückgegeben werden.” [1]', 'Offline-Modell'],
  ['怎么申请退款', '办公室星期一开放。客户可以在三十天内申请退款。', '“客户可以在三十天内申请退款。” [1]', '离线模型'],
  ['كيف يمكنني استرجاع المنتج؟', 'المكتب مفتوح يوم الاثنين. يمكن استرجاع المنتج خلال ثلاثين يوما.', '“يمكن استرجاع المنتج خلال ثلاثين يوما.” [1]', 'غير المتصل'],
])('%s is answered and explained in its own language', async (question, text, quote, own) => {
  const result = await answer(question, [text]);
  expect(result.text).toContain(quote);
  expect(result.text).toContain(own);
});

test('a question found in the text brings the answer that follows it', async () => {
  const { text } = await answer('Can I change my delivery address?', ['How do I pay?\n\nBy card.\n\nCan I change the delivery address?\n\nYes, until the parcel leaves the warehouse.']);
  expect(text).toContain('Yes, until the parcel leaves the warehouse.');
});

test('without passages it says so and invents nothing', async () => {
  expect((await answer('How do I reset my password?', [])).text).toMatch(/found nothing.*only quote documents/s);
  expect((await answer('Hello', null)).text).toMatch(/built-in offline model.*Connect a model provider/s);
});

test('when no sentence shares a word with the question, the nearest passage is offered as just that', async () => {
  const { text } = await answer('zebra migration', ['Refunds take 14 days.']);
  expect(text).toMatch(/No passage uses the words.*“Refunds take 14 days\.” \[1\]/s);
});

test('a marker inside a document cannot pass for a citation', async () => {
  const { text } = await answer('What about refunds?', ['Refunds are free [7] and instant [1].']);
  expect(text).toContain('“Refunds are free (7) and instant (1).” [1]');
  expect(text.match(/\[\d+\]/g)).toEqual(['[1]']);
});

test('usage is counted in tokens and the output bound cuts the answer', async () => {
  const texts = ['Refunds are paid within 14 days. Refunds need the receipt. Refunds go to the card that paid for the order.'];
  const whole = await answer('refunds', texts);
  const short = await answer('refunds', texts, { outputTokensMax: 10 });
  expect(short.finish).toMatchObject({ reason: 'length' });
  expect(whole.text.startsWith(short.text)).toBe(true);
  expect(short.finish?.type === 'finish' && short.finish.usage.outputTokens).toBeLessThanOrEqual(10);
  expect(whole.finish?.type === 'finish' && whole.finish.usage.inputTokens).toBe(2);
});

test('huge passages are answered quickly', async () => {
  await answer('warm up', ['Warm up.']);
  const started = performance.now();
  await answer('refund', Array.from({ length: 200 }, () => 'word '.repeat(20_000)));
  expect(performance.now() - started).toBeLessThan(1_000);
});
