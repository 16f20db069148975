import { expect } from '@playwright/test';
import { violationsOf } from './axe.ts';
import { ANSWER, CITATIONS, DemoPage, KEY, test } from './widget-demo-page.ts';
import { DEMO_CONFIG } from './widget-demo-servers.ts';

test('loads across origins under every name with one request before it is opened', async ({ servers, demo }) => {
  for (const [file, attribute] of [['/widget.js', 'data-key'], ['/gsv-widget.js', 'data-api-key'], ['/v1/loader.js', 'data-key'], ['/v1/chat.js', 'data-token']] as const) {
    servers.requests = [];
    await demo.visit(demo.tag(`${attribute}="${KEY}" data-position="bottom-right"`, file));
    await expect(demo.launcher).toBeVisible();
    const asked = servers.requests.filter(({ method }) => method !== 'OPTIONS').map((request) => request.path);
    expect(asked).toEqual([file, '/v1/widget/config']);
    expect(servers.asked('/v1/widget/config')[0]?.headers).toMatchObject({ authorization: `Bearer ${KEY}`, origin: servers.siteUrl });
    expect(servers.asked('/v1/widget/config')[0]?.headers.cookie).toBeUndefined();
  }
});

test('init under each documented global starts one widget, and calls before the script are kept', async ({ page, servers, demo }) => {
  await demo.visit(`<script>window.CMP=window.CMP||function(){(CMP.q=CMP.q||[]).push(arguments)};CMP('on','ready',function(){window.readyCount=(window.readyCount||0)+1});CMP('open');CMP('init',{apiKey:'${KEY}',greeting:'Queued hello'})</script>${demo.tag('')}`);
  await expect(demo.panel).toContainText('Queued hello');
  expect(await page.evaluate('window.readyCount')).toBe(1);
  expect(await page.evaluate('CMP===CMPWidget && CMP===GSVWidget')).toBe(true);
  await demo.visit(`<script>window.CMP=function(){(CMP.q=CMP.q||[]).push(arguments)};CMP('init',{theme:'dark'})</script>${demo.tag(`data-key="${KEY}" data-theme="light" data-position="top-left"`)}`);
  await expect(page.locator('cmp-widget .frame[data-theme=dark][data-position=top-left]')).toHaveCount(1);
  for (const name of ['CMPWidget', 'GSVWidget']) {
    await demo.visit(`<script src="${servers.apiUrl}/v1/loader.js"></script><script>${name}.init({instanceId:'inst-1',apiKey:'${KEY}',theme:'dark',position:'top-left'})</script>`);
    await expect(page.locator('cmp-widget')).toHaveCount(1);
    await expect(page.locator('cmp-widget .frame')).toHaveAttribute('data-theme', 'dark');
    const box = await demo.launcher.boundingBox();
    expect(box?.x).toBeLessThan(60);
    expect(box?.y).toBeLessThan(60);
  }
});

test('greets, streams an answer, opens the cited passage, takes feedback and survives a reload', async ({ page, servers, demo }) => {
  servers.answer = () => ({ steps: ANSWER.match(/.{1,12}/gs)?.flatMap((piece) => [piece, { wait: 15 }]) ?? [], citations: CITATIONS });
  await demo.open();
  await expect(demo.panel).toContainText('Hi. How can I help you today?');
  await demo.shot('light-greeting');
  await page.getByRole('button', { name: 'What is your return policy?' }).click();
  await expect(page.getByRole('button', { name: 'Stop answering' })).toBeVisible();
  await demo.shot('light-streaming');
  const answer = page.locator('cmp-widget .bot:not(.welcome)');
  await expect(answer).toHaveAttribute('data-state', 'done');
  await expect(answer.locator('strong')).toHaveText('30 days');
  await expect(answer.locator('ol > li')).toHaveCount(3);
  await expect(answer.getByRole('link', { name: 'our help pages' })).toHaveAttribute('rel', /noopener/);
  const sent = JSON.parse(servers.asked('/v1/chat/completions')[0]?.body ?? '{}');
  expect(sent).toMatchObject({ model: 'default', stream: true, messages: [{ role: 'user', content: 'What is your return policy?' }] });
  expect(sent.visitor.id).toMatch(/^[0-9a-f]{32}$/);
  await demo.shot('light-answer');

  await answer.locator('button.chip').first().click();
  const passage = page.getByRole('dialog', { name: 'Return policy 2026.pdf' });
  await expect(passage).toContainText('Items may be returned within 30 days');
  await expect(passage).toContainText('Page 3');
  await demo.shot('light-citation');
  await page.keyboard.press('Escape');
  await expect(passage).toBeHidden();
  await expect(answer.locator('button.chip').first()).toBeFocused();
  await answer.locator('button.cite').nth(1).click();
  await expect(page.getByRole('dialog', { name: 'Shipping and delivery' })).toBeVisible();
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Bad answer' }).click();
  await page.getByPlaceholder('What was missing or wrong?').fill('No phone number');
  await demo.shot('light-feedback');
  await page.getByRole('button', { name: 'Send feedback' }).click();
  await expect.poll(() => servers.asked('/v1/widget/feedback').map(({ body }) => JSON.parse(body))).toEqual([
    { run_id: 'run_1', rating: 'down' },
    { run_id: 'run_1', rating: 'down', comment: 'No phone number' },
  ]);

  await page.reload();
  await expect(page.locator('cmp-widget .bot:not(.welcome) strong')).toHaveText('30 days');
  await demo.ask('And exchanges?');
  await expect.poll(() => servers.asked('/v1/chat/completions').length).toBe(2);
  const second = JSON.parse(servers.asked('/v1/chat/completions')[1]?.body ?? '{}');
  expect(second.conversation_id).toBe('conv_1');
  expect(second.messages).toHaveLength(3);
});

test('a growing answer keeps its elements and the visitor\'s selection', async ({ page, servers, demo }) => {
  servers.answer = () => ({ steps: ['First paragraph stays.\n\n', 'Second **bo', { wait: 400 }, 'ld** goes on', { wait: 200 }, ' and on.'] });
  await demo.open();
  await demo.ask('Go');
  const first = page.locator('cmp-widget .bot:not(.welcome) p').first();
  await expect(first).toHaveText('First paragraph stays.');
  await expect(page.locator('cmp-widget .bot:not(.welcome) strong')).toHaveText('bo');
  const kept = await first.elementHandle();
  const bold = await page.locator('cmp-widget .bot:not(.welcome) strong').elementHandle();
  await expect(page.locator('cmp-widget .bot:not(.welcome)')).toHaveAttribute('data-state', 'done');
  expect(await kept?.evaluate((element) => element.isConnected)).toBe(true);
  expect(await bold?.evaluate((element) => element.isConnected && element.textContent)).toBe('bold');
});

test('dark, left, large and a label; brand colours stay readable', async ({ page, servers, demo }) => {
  servers.config = { ...DEMO_CONFIG, theme: 'dark', position: 'bottom-left', size: 'large', colors: { primary: '#ffe14d', text: '#ffffff' }, launcher: { icon: 'help', label: 'Questions?' } };
  servers.answer = () => ({ steps: [`${ANSWER}\n\n\`\`\`sh\nacme returns --label 4711 --format pdf\n\`\`\`\n\n| Country | Days |\n|---|---|\n| Spain | 3 |\n| Norway | 6 |`], citations: CITATIONS });
  await demo.open();
  await demo.ask('What is your return policy?');
  await expect(page.locator('cmp-widget .bot[data-state=done] table')).toBeVisible();
  const box = await demo.panel.boundingBox();
  expect(box?.x).toBeLessThan(60);
  // White on yellow was asked for; near-black is what can be read.
  expect(await demo.launcher.evaluate((element) => getComputedStyle(element).color)).toBe('rgb(17, 20, 24)');
  await page.mouse.move(0, 0);
  await demo.shot('dark');
});

test('theme auto follows the system, custom paints the head', async ({ page, servers, demo }) => {
  servers.config = { ...DEMO_CONFIG, theme: 'auto' };
  await page.emulateMedia({ colorScheme: 'dark' });
  await demo.open();
  await expect(page.locator('cmp-widget .frame')).toHaveAttribute('data-theme', 'dark');
  await page.emulateMedia({ colorScheme: 'light' });
  await expect(page.locator('cmp-widget .frame')).toHaveAttribute('data-theme', 'light');
  servers.config = { ...DEMO_CONFIG, theme: 'custom', colors: { primary: '#0f766e' } };
  await page.reload();
  await expect(demo.panel.locator('header')).toHaveCSS('background-color', 'rgb(15, 118, 110)');
  await demo.shot('custom');
});

test('keyboard: opens, keeps Tab inside, Escape closes and gives focus back', async ({ page, demo }) => {
  await demo.visit(`<script>document.addEventListener('keydown',()=>{window.pageKeys=(window.pageKeys||0)+1})</script>${demo.tag()}`);
  await demo.launcher.focus();
  await page.keyboard.press('Enter');
  await expect(demo.field).toBeFocused();
  const before = await page.evaluate('window.pageKeys');
  const inside = (): Promise<boolean> => page.evaluate(() => {
    const active = document.querySelector('cmp-widget')?.shadowRoot?.activeElement;
    return active?.closest('.panel') !== null && active !== undefined && active !== null;
  });
  for (let presses = 0; presses < 14; presses++) {
    await page.keyboard.press(presses < 7 ? 'Tab' : 'Shift+Tab');
    expect(await inside()).toBe(true);
  }
  expect(await page.evaluate('window.pageKeys')).toBe(before);
  await page.keyboard.press('Escape');
  await expect(demo.panel).toBeHidden();
  await expect(demo.launcher).toBeFocused();
  await expect(demo.launcher).toHaveAttribute('aria-expanded', 'false');
  await page.evaluate(`document.getElementById('ask').addEventListener('click', () => CMP('open'))`);
  await page.locator('#ask').click();
  await expect(demo.field).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.locator('#ask')).toBeFocused();
});

test('right to left: Arabic words, mirrored panel, corner stays', async ({ page, servers, demo }) => {
  servers.config = { ...DEMO_CONFIG, name: 'دعم أكمي', welcome_message: 'مرحبًا، كيف يمكنني مساعدتك؟', suggested_prompts: ['أين طلبي؟', 'ما سياسة الإرجاع؟'], locale: 'ar' };
  servers.answer = () => ({ steps: ['يمكنك إرجاع المنتجات خلال **30 يومًا** من الاستلام [1].\n\n- افتح «طلباتي»\n- اختر المنتج\n\nThe label is free in the EU.'], citations: CITATIONS });
  await demo.open();
  await expect(page.locator('cmp-widget .frame')).toHaveAttribute('dir', 'rtl');
  await expect(page.getByPlaceholder('اكتب رسالة…')).toBeVisible();
  await page.getByRole('button', { name: 'ما سياسة الإرجاع؟' }).click();
  await expect(page.locator('cmp-widget .bot:not(.welcome)')).toHaveAttribute('data-state', 'done');
  const [close, title] = [await page.locator('cmp-widget .close').boundingBox(), await page.locator('cmp-widget h2').boundingBox()];
  expect(close?.x ?? 0).toBeLessThan(title?.x ?? 0);
  await page.mouse.move(0, 0);
  await demo.shot('rtl');
  await page.evaluate(`CMP('setLocale','de')`);
  await expect(page.getByPlaceholder('Nachricht schreiben…')).toBeVisible();
});

test('on a phone the panel fills the screen', async ({ browser, servers }) => {
  const context = await browser.newContext({ viewport: { width: 390, height: 800 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2, locale: 'en-GB' });
  const page = await context.newPage();
  const demo = new DemoPage(servers, page);
  servers.answer = () => ({ steps: [ANSWER], citations: CITATIONS });
  await demo.visit();
  await demo.shot('phone-closed');
  await demo.launcher.tap();
  await expect(demo.panel).toBeVisible();
  await page.getByRole('button', { name: 'What is your return policy?' }).tap();
  await expect(page.locator('cmp-widget .bot:not(.welcome)')).toHaveAttribute('data-state', 'done');
  await page.waitForTimeout(300);
  expect(await demo.panel.boundingBox()).toEqual({ x: 0, y: 0, width: 390, height: 800 });
  await expect(demo.launcher).toBeHidden();
  await demo.shot('phone');
  await context.close();
});

test('stop keeps what came, and the next question goes through', async ({ page, servers, demo }) => {
  servers.answer = () => ({ steps: ['One two three', { wait: 20_000 }, ' never'] });
  await demo.open();
  await demo.ask('Count');
  await expect(demo.answer).toContainText('One two three');
  await page.getByRole('button', { name: 'Stop answering' }).click();
  await expect(demo.answer).toContainText('You stopped this answer.');
  servers.answer = () => ({ steps: ['Four.'] });
  await demo.ask('Go on');
  await expect(demo.answer).toContainText('Four.');
});

test('closed while answering: a badge counts; events reach the page; reset forgets', async ({ page, servers, demo }) => {
  servers.config = { ...DEMO_CONFIG, sound: true };
  servers.answer = () => ({ steps: ['Working', { wait: 500 }, ' done.'] });
  await demo.open();
  await page.evaluate(`window.seen=[];CMP.on('message',(e)=>seen.push(e.role+':'+e.content));CMP.on('close',()=>seen.push('close'));CMP.setUser({id:'u1',name:'Ada',email:'ada@example.com',token:'jwt'});CMP.setContext({plan:'pro',cart:3,bad:{}})`);
  await demo.ask('Do it');
  await page.getByRole('button', { name: 'Close', exact: true }).click();
  await expect(page.locator('cmp-widget .badge')).toHaveText('1');
  await expect(demo.launcher).toHaveAttribute('aria-label', /New messages: 1/);
  await demo.shot('badge');
  expect(await page.evaluate('seen')).toEqual(['user:Do it', 'close', 'assistant:Working done.']);
  const sent = JSON.parse(servers.asked('/v1/chat/completions')[0]?.body ?? '{}');
  expect(sent.visitor).toMatchObject({ user_id: 'u1', name: 'Ada', email: 'ada@example.com', token: 'jwt' });
  expect(sent.metadata).toEqual({ plan: 'pro', cart: '3' });
  await page.evaluate(`CMP('shutdown')`);
  await expect(page.locator('cmp-widget .badge')).toBeHidden();
  await demo.launcher.click();
  await expect(page.locator('cmp-widget .user')).toHaveCount(0);
  await page.evaluate(`CMP.destroy()`);
  await expect(page.locator('cmp-widget')).toHaveCount(0);
});

test('inline, popup, fullpage, greeting line, auto-open', async ({ page, servers, demo }) => {
  await demo.visit(`<div id="chat" style="height:520px;max-width:640px;margin:auto"></div>${demo.tag(`data-key="${KEY}" data-mode="inline" data-target="#chat"`)}`);
  await expect(demo.panel).toBeVisible();
  expect((await demo.panel.boundingBox())?.height).toBe(520);
  await demo.shot('inline');
  await demo.visit(demo.tag(`data-key="${KEY}" data-mode="popup"`));
  await demo.launcher.click();
  await expect(demo.panel).toBeVisible();
  await demo.shot('popup');
  await page.mouse.click(20, 20);
  await expect(demo.panel).toBeHidden();
  await demo.visit(demo.tag(`data-key="${KEY}" data-mode="fullpage"`));
  await expect(demo.panel).toBeVisible();
  expect(await demo.panel.boundingBox()).toEqual({ x: 0, y: 0, width: 1100, height: 860 });
  await demo.shot('fullpage');
  await page.evaluate('sessionStorage.clear(); localStorage.clear()');
  servers.config = { ...DEMO_CONFIG, greeting: 'Questions about your order? We are here.' };
  await demo.visit();
  await expect(page.getByText('Questions about your order?')).toBeVisible();
  await demo.shot('greeting');
  servers.config = { ...DEMO_CONFIG, auto_open: true };
  await page.reload();
  await expect(demo.panel).toBeVisible();
  expect(await page.evaluate('document.activeElement === document.body')).toBe(true);
});

test('passes axe in light and dark, with an answer and its sources on screen', async ({ page, servers, demo }) => {
  for (const theme of ['light', 'dark']) {
    servers.config = { ...DEMO_CONFIG, theme };
    servers.answer = () => ({ steps: [ANSWER], citations: CITATIONS });
    await demo.visit();
    await page.evaluate('sessionStorage.clear(); localStorage.clear()');
    await page.reload();
    await demo.launcher.click();
    await demo.ask('What is your return policy?');
    await expect(page.locator('cmp-widget .bot:not(.welcome)')).toHaveAttribute('data-state', 'done');
    await page.waitForTimeout(400);
    const violations = await violationsOf(page, {}, { include: ['cmp-widget'] });
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`)).toEqual([]);
  }
});
