import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { buildWidget } from '../scripts/build-widget.mjs';
import type { WidgetCitation } from '../src/modules/widget/embed-contract.ts';
import { DEMO_CONFIG, DemoServers } from './widget-demo-servers.ts';

/** Screenshots go here when set, for looking at them. */
const shots = process.env['WIDGET_SCREENSHOTS'];

test.use({
  launchOptions: { executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'] },
  locale: 'en-GB',
  viewport: { width: 1100, height: 860 },
});

const KEY = 'pk_test_0123456789abcdef';
let scripts: string;
let servers: DemoServers;

test.beforeAll(async () => {
  scripts = await mkdtemp(path.join(tmpdir(), 'cmp-widget-'));
  await buildWidget(scripts);
  servers = new DemoServers(scripts);
  await servers.start();
});
test.afterAll(async () => {
  await servers.stop();
  await rm(scripts, { recursive: true, force: true });
});
test.beforeEach(() => servers.reset());

const citations: WidgetCitation[] = [
  { id: 'c1', document_id: 'd1', title: 'Return policy 2026.pdf', page: 3, url: 'https://acme.example/returns.pdf', snippet: 'Items may be returned within 30 days of delivery. The refund is paid to the original means of payment within five working days.' },
  { id: 'c2', document_id: 'd2', title: 'Shipping and delivery', page: null, url: null, snippet: 'Return labels are free of charge within the EU.' },
];
const answerText = 'You can return items within **30 days** of delivery [1]. Here is how:\n\n1. Open *My orders*.\n2. Choose the item and print the free label [2].\n3. Hand the parcel in at any shop.\n\nThe refund arrives within `5` working days. More at [our help pages](https://acme.example/help).';

const sitePage = (script: string, head = ''): string => `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Acme</title>${head}
<style>body{margin:0;font:18px Georgia,serif;background:#faf8f4;color:#333}main{max-width:640px;margin:60px auto;padding:0 24px}h1{font-size:40px}</style></head>
<body><main><h1>Acme Garden Tools</h1><p>Tools that last, for gardens of every size. <a href="#a">See the catalogue</a></p><p><button id="ask">Ask us</button></p></main>${script}</body></html>`;
const tag = (attributes = '', file = '/widget.js'): string => `<script async src="${servers.apiUrl}${file}" ${attributes}></script>`;
const launcher = (page: Page): Locator => page.locator('cmp-widget .launcher');
const panel = (page: Page): Locator => page.locator('cmp-widget .panel');
const field = (page: Page): Locator => page.getByPlaceholder('Write a message…');

async function open(page: Page, attributes = `data-key="${KEY}"`): Promise<void> {
  await page.goto(servers.page(sitePage(tag(attributes))));
  await launcher(page).click();
  await expect(panel(page)).toBeVisible();
}
async function ask(page: Page, words: string): Promise<void> {
  await page.locator('cmp-widget .composer textarea').fill(words);
  await page.keyboard.press('Enter');
}
async function shot(page: Page, name: string): Promise<void> {
  if (shots === undefined) return;
  await page.waitForTimeout(300);
  await page.screenshot({ path: path.join(shots, `widget-${name}.png`) });
}

test('loads across origins under every name with one request before it is opened', async ({ page }) => {
  for (const [file, attribute] of [['/widget.js', 'data-key'], ['/gsv-widget.js', 'data-api-key'], ['/v1/loader.js', 'data-key'], ['/v1/chat.js', 'data-token']] as const) {
    servers.requests = [];
    await page.goto(servers.page(sitePage(tag(`${attribute}="${KEY}" data-position="bottom-right"`, file))));
    await expect(launcher(page)).toBeVisible();
    const asked = servers.requests.filter(({ method }) => method !== 'OPTIONS').map((request) => request.path);
    expect(asked).toEqual([file, '/v1/widget/config']);
    expect(servers.asked('/v1/widget/config')[0]?.headers).toMatchObject({ authorization: `Bearer ${KEY}`, origin: servers.siteUrl });
    expect(servers.asked('/v1/widget/config')[0]?.headers.cookie).toBeUndefined();
  }
});

test('init under each documented global starts one widget, and calls before the script are kept', async ({ page }) => {
  await page.goto(servers.page(sitePage(`<script>window.CMP=window.CMP||function(){(CMP.q=CMP.q||[]).push(arguments)};CMP('on','ready',function(){window.readyCount=(window.readyCount||0)+1});CMP('open');CMP('init',{apiKey:'${KEY}',greeting:'Queued hello'})</script>${tag()}`)));
  await expect(panel(page)).toContainText('Queued hello');
  expect(await page.evaluate('window.readyCount')).toBe(1);
  expect(await page.evaluate('CMP===CMPWidget && CMP===GSVWidget')).toBe(true);
  for (const name of ['CMPWidget', 'GSVWidget']) {
    await page.goto(servers.page(sitePage(`<script src="${servers.apiUrl}/v1/loader.js"></script><script>${name}.init({instanceId:'inst-1',apiKey:'${KEY}',theme:'dark',position:'top-left'})</script>`)));
    await expect(page.locator('cmp-widget')).toHaveCount(1);
    await expect(page.locator('cmp-widget .frame')).toHaveAttribute('data-theme', 'dark');
    const box = await launcher(page).boundingBox();
    expect(box?.x).toBeLessThan(60);
    expect(box?.y).toBeLessThan(60);
  }
});

test('greets, streams an answer, opens the cited passage, takes feedback and survives a reload', async ({ page }) => {
  servers.answer = () => ({ steps: answerText.match(/.{1,12}/gs)?.flatMap((piece) => [piece, { wait: 15 }]) ?? [], citations });
  await open(page);
  await expect(panel(page)).toContainText('Hi. How can I help you today?');
  await shot(page, 'light-greeting');
  await page.getByRole('button', { name: 'What is your return policy?' }).click();
  await expect(page.getByRole('button', { name: 'Stop answering' })).toBeVisible();
  await shot(page, 'light-streaming');
  const answer = page.locator('cmp-widget .bot:not(.welcome)');
  await expect(answer).toHaveAttribute('data-state', 'done');
  await expect(answer.locator('strong')).toHaveText('30 days');
  await expect(answer.locator('ol > li')).toHaveCount(3);
  await expect(answer.getByRole('link', { name: 'our help pages' })).toHaveAttribute('rel', /noopener/);
  const sent = JSON.parse(servers.asked('/v1/chat/completions')[0]?.body ?? '{}');
  expect(sent).toMatchObject({ model: 'default', stream: true, messages: [{ role: 'user', content: 'What is your return policy?' }] });
  expect(sent.visitor.id).toMatch(/^[0-9a-f]{32}$/);
  await shot(page, 'light-answer');

  await answer.locator('button.chip').first().click();
  const passage = page.getByRole('dialog', { name: 'Return policy 2026.pdf' });
  await expect(passage).toContainText('Items may be returned within 30 days');
  await expect(passage).toContainText('Page 3');
  await shot(page, 'light-citation');
  await page.keyboard.press('Escape');
  await expect(passage).toBeHidden();
  await expect(answer.locator('button.chip').first()).toBeFocused();
  await answer.locator('button.cite').nth(1).click();
  await expect(page.getByRole('dialog', { name: 'Shipping and delivery' })).toBeVisible();
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Bad answer' }).click();
  await page.getByPlaceholder('What was missing or wrong?').fill('No phone number');
  await shot(page, 'light-feedback');
  await page.getByRole('button', { name: 'Send feedback' }).click();
  await expect.poll(() => servers.asked('/v1/widget/feedback').map(({ body }) => JSON.parse(body))).toEqual([
    { run_id: 'run_1', rating: 'down' },
    { run_id: 'run_1', rating: 'down', comment: 'No phone number' },
  ]);

  await page.reload();
  await expect(page.locator('cmp-widget .bot:not(.welcome) strong')).toHaveText('30 days');
  await ask(page, 'And exchanges?');
  await expect.poll(() => servers.asked('/v1/chat/completions').length).toBe(2);
  const second = JSON.parse(servers.asked('/v1/chat/completions')[1]?.body ?? '{}');
  expect(second.conversation_id).toBe('conv_1');
  expect(second.messages).toHaveLength(3);
});

test('a growing answer keeps its elements and the visitor\'s selection', async ({ page }) => {
  servers.answer = () => ({ steps: ['First paragraph stays.\n\n', 'Second **bo', { wait: 400 }, 'ld** goes on', { wait: 200 }, ' and on.'] });
  await open(page);
  await ask(page, 'Go');
  const first = page.locator('cmp-widget .bot:not(.welcome) p').first();
  await expect(first).toHaveText('First paragraph stays.');
  await expect(page.locator('cmp-widget .bot:not(.welcome) strong')).toHaveText('bo');
  const kept = await first.elementHandle();
  const bold = await page.locator('cmp-widget .bot:not(.welcome) strong').elementHandle();
  await expect(page.locator('cmp-widget .bot:not(.welcome)')).toHaveAttribute('data-state', 'done');
  expect(await kept?.evaluate((element) => element.isConnected)).toBe(true);
  expect(await bold?.evaluate((element) => element.isConnected && element.textContent)).toBe('bold');
});

test('a secret key is refused in words, on the page and in the console, and never leaves the page', async ({ page }) => {
  const secret = 'ar_sk_live_supersecretvalue';
  const errors: string[] = [];
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  const everything: string[] = [];
  page.on('request', (request) => everything.push(`${request.url()} ${JSON.stringify(request.headers())} ${request.postData() ?? ''}`));
  for (const start of [tag(`data-key="${secret}"`), `<script src="${servers.apiUrl}/widget.js"></script><script>CMPWidget.init({apiKey:' ${secret}'})</script>`]) {
    await page.goto(servers.page(sitePage(start)));
    await expect(page.getByRole('alert')).toContainText('secret key');
    await expect(launcher(page)).toHaveCount(0);
  }
  await shot(page, 'secret-refused');
  expect(errors.join('\n')).toContain('Revoke that key now');
  expect(errors.join('\n')).not.toContain('supersecret');
  expect(servers.asked('/v1/widget/config')).toEqual([]);
  expect(everything.filter((request) => request.includes('supersecret'))).toEqual([]);
});

test('a refused domain is told to the developer, not drawn for visitors', async ({ page }) => {
  servers.configStatus = 403;
  const errors: string[] = [];
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  await page.goto(servers.page(sitePage(tag(`data-key="${KEY}"`))));
  await expect(page.getByRole('alert')).toContainText('This domain is not allowed for this key.');
  await expect(launcher(page)).toHaveCount(0);
  expect(errors.join('\n')).toContain('domain_not_allowed');
});

test('dark, left, large and a label; brand colours stay readable', async ({ page }) => {
  servers.config = { ...DEMO_CONFIG, theme: 'dark', position: 'bottom-left', size: 'large', colors: { primary: '#ffe14d', text: '#ffffff' }, launcher: { icon: 'help', label: 'Questions?' } };
  servers.answer = () => ({ steps: [`${answerText}\n\n\`\`\`sh\nacme returns --label 4711 --format pdf\n\`\`\`\n\n| Country | Days |\n|---|---|\n| Spain | 3 |\n| Norway | 6 |`], citations });
  await open(page);
  await ask(page, 'What is your return policy?');
  await expect(page.locator('cmp-widget .bot[data-state=done] table')).toBeVisible();
  const box = await panel(page).boundingBox();
  expect(box?.x).toBeLessThan(60);
  // White on yellow was asked for; near-black is what can be read.
  expect(await launcher(page).evaluate((element) => getComputedStyle(element).color)).toBe('rgb(17, 20, 24)');
  await page.mouse.move(0, 0);
  await shot(page, 'dark');
});

test('theme auto follows the system, custom paints the head', async ({ page }) => {
  servers.config = { ...DEMO_CONFIG, theme: 'auto' };
  await page.emulateMedia({ colorScheme: 'dark' });
  await open(page);
  await expect(page.locator('cmp-widget .frame')).toHaveAttribute('data-theme', 'dark');
  await page.emulateMedia({ colorScheme: 'light' });
  await expect(page.locator('cmp-widget .frame')).toHaveAttribute('data-theme', 'light');
  servers.config = { ...DEMO_CONFIG, theme: 'custom', colors: { primary: '#0f766e' } };
  await page.reload();
  await expect(panel(page).locator('header')).toHaveCSS('background-color', 'rgb(15, 118, 110)');
  await shot(page, 'custom');
});

test('keyboard: opens, keeps Tab inside, Escape closes and gives focus back', async ({ page }) => {
  await page.goto(servers.page(sitePage(`<script>document.addEventListener('keydown',()=>{window.pageKeys=(window.pageKeys||0)+1})</script>${tag(`data-key="${KEY}"`)}`)));
  await launcher(page).focus();
  await page.keyboard.press('Enter');
  await expect(field(page)).toBeFocused();
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
  await expect(panel(page)).toBeHidden();
  await expect(launcher(page)).toBeFocused();
  await expect(launcher(page)).toHaveAttribute('aria-expanded', 'false');
  await page.evaluate(`document.getElementById('ask').addEventListener('click', () => CMP('open'))`);
  await page.locator('#ask').click();
  await expect(field(page)).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.locator('#ask')).toBeFocused();
});

test('right to left: Arabic words, mirrored panel, corner stays', async ({ page }) => {
  servers.config = { ...DEMO_CONFIG, name: 'دعم أكمي', welcome_message: 'مرحبًا، كيف يمكنني مساعدتك؟', suggested_prompts: ['أين طلبي؟', 'ما سياسة الإرجاع؟'], locale: 'ar' };
  servers.answer = () => ({ steps: ['يمكنك إرجاع المنتجات خلال **30 يومًا** من الاستلام [1].\n\n- افتح «طلباتي»\n- اختر المنتج\n\nThe label is free in the EU.'], citations });
  await open(page);
  await expect(page.locator('cmp-widget .frame')).toHaveAttribute('dir', 'rtl');
  await expect(page.getByPlaceholder('اكتب رسالة…')).toBeVisible();
  await page.getByRole('button', { name: 'ما سياسة الإرجاع؟' }).click();
  await expect(page.locator('cmp-widget .bot:not(.welcome)')).toHaveAttribute('data-state', 'done');
  const [close, title] = [await page.locator('cmp-widget .close').boundingBox(), await page.locator('cmp-widget h2').boundingBox()];
  expect(close?.x ?? 0).toBeLessThan(title?.x ?? 0);
  await page.mouse.move(0, 0);
  await shot(page, 'rtl');
  await page.evaluate(`CMP('setLocale','de')`);
  await expect(page.getByPlaceholder('Nachricht schreiben…')).toBeVisible();
});

test('on a phone the panel fills the screen', async ({ browser }) => {
  const context = await browser.newContext({ viewport: { width: 390, height: 800 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2, locale: 'en-GB' });
  const page = await context.newPage();
  servers.answer = () => ({ steps: [answerText], citations });
  await page.goto(servers.page(sitePage(tag(`data-key="${KEY}"`))));
  await shot(page, 'phone-closed');
  await launcher(page).tap();
  await expect(panel(page)).toBeVisible();
  await page.getByRole('button', { name: 'What is your return policy?' }).tap();
  await expect(page.locator('cmp-widget .bot:not(.welcome)')).toHaveAttribute('data-state', 'done');
  await page.waitForTimeout(300);
  expect(await panel(page).boundingBox()).toEqual({ x: 0, y: 0, width: 390, height: 800 });
  await expect(launcher(page)).toBeHidden();
  await shot(page, 'phone');
  await context.close();
});

test('hostile answers, settings, citations and attributes stay inert', async ({ page }) => {
  const evil = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script><svg onload=window.hacked=1> [a](javascript:window.hacked=1) ![i](https://evil.example/?q=1) [d](data:text/html,<script>window.hacked=1</script>)';
  const dialogs: string[] = [];
  const outside: string[] = [];
  page.on('dialog', (dialog) => dialogs.push(dialog.message()));
  page.on('request', (request) => new URL(request.url()).hostname !== '127.0.0.1' && outside.push(request.url()));
  servers.config = JSON.parse(JSON.stringify({
    ...DEMO_CONFIG, name: evil, welcome_message: evil, greeting: evil, suggested_prompts: [evil, { toString: 1 }, 5], fallback_message: evil,
    powered_by: evil, avatar: 'javascript:window.hacked=1', colors: { primary: 'red;} body{display:none}', text: 'url(https://evil.example)' },
    position: '"><script>', launcher: { icon: 'data:image/svg+xml,<svg onload=alert(1)>', label: evil },
  }).replace('{', '{"__proto__":{"polluted":"yes"},'));
  servers.answer = () => ({ steps: [evil], citations: [{ id: '1', document_id: 'd', title: evil, page: 1, url: 'javascript:window.hacked=1', snippet: evil }] });
  await open(page, `data-key="${KEY}" data-greeting="&lt;img src=x onerror=window.hacked=1&gt;" data-name="&quot;&gt;&lt;script&gt;window.hacked=1&lt;/script&gt;" data-target="["`);
  await ask(page, evil);
  await expect(page.locator('cmp-widget .bot:not(.welcome)')).toHaveAttribute('data-state', 'done');
  await page.locator('cmp-widget button.chip').click();
  await expect(page.locator('cmp-widget .passage')).toContainText('<script>');
  expect(await page.locator('cmp-widget .sheet a').count()).toBe(0);
  expect(await page.locator('cmp-widget').evaluate((host) => host.shadowRoot?.querySelectorAll('script, img, iframe, object, embed, [onerror], [onload], [style*=url]').length)).toBe(0);
  expect(await page.locator('cmp-widget a').evaluateAll((links) => links.filter((link) => !/^(https?|mailto):/.test(link.getAttribute('href') ?? '')).length)).toBe(0);
  await shot(page, 'hostile');
  expect(await page.evaluate('[window.hacked, ({}).polluted, getComputedStyle(document.body).display]')).toEqual([undefined, undefined, 'block']);
  expect(dialogs).toEqual([]);
  expect(outside).toEqual([]);
});

test('a hostile page: its styles, polluted prototypes and clobbered names do not reach the chat', async ({ page }) => {
  const hostile = `<style>*{color:red!important;font-size:40px!important;display:block!important;transform:rotate(3deg)} cmp-widget{display:none!important;position:static!important;opacity:0!important;pointer-events:none!important} button,.panel,.launcher{display:none!important}</style>
<img name="currentScript" src="data:,"><a id="CMP" href="#"></a><form name="head"></form>
<script>Object.prototype.apiKey='ar_sk_live_x';Object.prototype.method='DELETE';Object.prototype.credentials='include';Object.prototype.polluted={};Array.prototype.toJSON=function(){return 'broken'};Object.prototype.toJSON=function(){return 'broken'};String.prototype.toJSON=function(){return 'broken'}</script>`;
  await page.goto(servers.page(sitePage(`${hostile}${tag(`data-key="${KEY}"`)}`)));
  await expect(launcher(page)).toBeVisible();
  const box = await launcher(page).boundingBox();
  expect(box).toMatchObject({ width: 56, height: 56 });
  await launcher(page).click();
  await ask(page, 'Hello there');
  await expect(page.locator('cmp-widget .bot:not(.welcome)')).toContainText('Hello.');
  const chat = servers.asked('/v1/chat/completions')[0];
  expect(JSON.parse(chat?.body ?? '{}').messages).toEqual([{ role: 'user', content: 'Hello there' }]);
  expect(await page.locator('cmp-widget .bubble').first().evaluate((element) => getComputedStyle(element).fontSize)).toBe('15px');
  const leaked = await page.evaluate(() => Array.from(document.styleSheets).length + document.adoptedStyleSheets.length);
  expect(leaked).toBe(2);
  await shot(page, 'hostile-page');
});

test('runs under a strict content security policy with a nonce and Trusted Types', async ({ page }) => {
  const violations: string[] = [];
  page.on('console', (message) => /Content Security Policy|Trusted/i.test(message.text()) && violations.push(message.text()));
  const policy = `default-src 'none'; script-src 'nonce-abc123'; style-src 'nonce-abc123'; connect-src ${servers.apiUrl}; require-trusted-types-for 'script'; trusted-types cmp-widget`;
  const html = sitePage(tag(`nonce="abc123" data-nonce="abc123" data-key="${KEY}"`)).replace('<style>', '<style nonce="abc123">');
  await page.goto(servers.page(html, { 'content-security-policy': policy }));
  await launcher(page).click();
  await ask(page, 'Hi');
  await expect(page.locator('cmp-widget .bot:not(.welcome)')).toContainText('Hello.');
  expect(violations.filter((words) => !words.includes('favicon'))).toEqual([]);
});

test('refusals in words a visitor understands; used-up credits become the hand-off', async ({ page }) => {
  await open(page);
  const cases = [
    [401, {}, 'This chat is not set up correctly.'],
    [402, {}, 'Write to help@acme.example'],
    [403, {}, 'This chat is not available on this site.'],
    [429, { 'retry-after': '7' }, 'Try again in 7 s.'],
    [500, {}, 'Something went wrong on our side. Your message was kept.'],
  ] as const;
  for (const [status, headers, words] of cases) {
    servers.answer = () => ({ status, code: 'internal_detail', message: 'stack trace at pg.Client', headers });
    await ask(page, `Question ${status}`);
    const last = page.locator('cmp-widget .bot').last();
    await expect(last).toContainText(words);
    await expect(last).not.toContainText('pg.Client');
  }
  await shot(page, 'refusals');
  servers.answer = () => ({ steps: ['Back again.'] });
  await page.locator('cmp-widget .bot').last().getByRole('button', { name: 'Try again' }).click();
  await expect(page.locator('cmp-widget .bot').last()).toContainText('Back again.');
  const sent = JSON.parse(servers.asked('/v1/chat/completions').at(-1)?.body ?? '{}');
  expect(sent.messages.at(-1)).toEqual({ role: 'user', content: 'Question 500' });
});

test('an answer that breaks off says so, in every way it can break', async ({ page }) => {
  await page.goto(servers.page(sitePage(`<script>window.failures=[]</script>${tag(`data-key="${KEY}"`)}`)));
  await launcher(page).click();
  await page.evaluate(`CMP('on','error',(e)=>failures.push(e.code))`);
  const endings = [
    [{ steps: ['Half an ans'], end: 'silent' }, 'The answer was cut off before its end.'],
    [{ steps: ['Half an ans', { wait: 100 }, 'CUT'] }, 'The connection was lost.'],
    [{ steps: ['Half an ans', { raw: 'data: {"error":{"message":"upstream x","code":"upstream_failed","type":"api_error"}}\n\n' }] }, 'Something went wrong on our side.'],
    [{ steps: [{ raw: 'data: {"error":{"message":"no credits","code":"insufficient_credits","type":"billing"}}\n\n' }] }, 'Write to help@acme.example'],
  ] as const;
  for (const [answer, words] of endings) {
    servers.answer = () => ({ ...answer, steps: [...answer.steps] });
    await ask(page, 'Tell me');
    await expect(page.locator('cmp-widget .bot').last()).toContainText(words);
    await expect(page.locator('cmp-widget .bot').last()).toHaveAttribute('data-state', 'failed');
  }
  expect(await page.evaluate('failures')).toEqual(['cut', 'network', 'upstream_failed', 'insufficient_credits']);
});

test('offline: a banner, nothing is lost, and what did not go out can be sent again', async ({ page, context }) => {
  await open(page);
  await page.route('**/v1/chat/completions', (route) => route.abort());
  await ask(page, 'Are you there?');
  await expect(page.locator('cmp-widget .user')).toContainText('Not sent');
  await context.setOffline(true);
  await expect(page.getByText('You are offline.')).toBeVisible();
  await ask(page, 'Draft kept');
  await expect(page.locator('cmp-widget .composer textarea')).toHaveValue('Draft kept');
  await shot(page, 'offline');
  await context.setOffline(false);
  await page.unroute('**/v1/chat/completions');
  await expect(page.getByText('You are offline.')).toBeHidden();
  await page.getByRole('button', { name: 'Send again' }).click();
  await expect(page.locator('cmp-widget .bot').last()).toContainText('Hello.');
  await expect(page.locator('cmp-widget .user')).toHaveCount(1);
});

test('stop keeps what came, and the next question goes through', async ({ page }) => {
  servers.answer = () => ({ steps: ['One two three', { wait: 20_000 }, ' never'] });
  await open(page);
  await ask(page, 'Count');
  await expect(page.locator('cmp-widget .bot').last()).toContainText('One two three');
  await page.getByRole('button', { name: 'Stop answering' }).click();
  await expect(page.locator('cmp-widget .bot').last()).toContainText('You stopped this answer.');
  servers.answer = () => ({ steps: ['Four.'] });
  await ask(page, 'Go on');
  await expect(page.locator('cmp-widget .bot').last()).toContainText('Four.');
});

test('closed while answering: a badge counts; events reach the page; reset forgets', async ({ page }) => {
  servers.answer = () => ({ steps: ['Working', { wait: 500 }, ' done.'] });
  await open(page);
  await page.evaluate(`window.seen=[];CMP.on('message',(e)=>seen.push(e.role+':'+e.content));CMP.on('close',()=>seen.push('close'));CMP.setUser({id:'u1',name:'Ada',email:'ada@example.com',token:'jwt'});CMP.setContext({plan:'pro',cart:3,bad:{}})`);
  await ask(page, 'Do it');
  await page.getByRole('button', { name: 'Close', exact: true }).click();
  await expect(page.locator('cmp-widget .badge')).toHaveText('1');
  await expect(launcher(page)).toHaveAttribute('aria-label', /New messages: 1/);
  await shot(page, 'badge');
  expect(await page.evaluate('seen')).toEqual(['user:Do it', 'close', 'assistant:Working done.']);
  const sent = JSON.parse(servers.asked('/v1/chat/completions')[0]?.body ?? '{}');
  expect(sent.visitor).toMatchObject({ user_id: 'u1', name: 'Ada', email: 'ada@example.com', token: 'jwt' });
  expect(sent.metadata).toEqual({ plan: 'pro', cart: '3' });
  await page.evaluate(`CMP('shutdown')`);
  await expect(page.locator('cmp-widget .badge')).toBeHidden();
  await launcher(page).click();
  await expect(page.locator('cmp-widget .user')).toHaveCount(0);
  await page.evaluate(`CMP.destroy()`);
  await expect(page.locator('cmp-widget')).toHaveCount(0);
});

test('inline, popup, fullpage, greeting line, auto-open', async ({ page }) => {
  await page.goto(servers.page(sitePage(`<div id="chat" style="height:520px;max-width:640px;margin:auto"></div>${tag(`data-key="${KEY}" data-mode="inline" data-target="#chat"`)}`)));
  await expect(panel(page)).toBeVisible();
  expect((await panel(page).boundingBox())?.height).toBe(520);
  await shot(page, 'inline');
  await page.goto(servers.page(sitePage(tag(`data-key="${KEY}" data-mode="popup"`))));
  await launcher(page).click();
  await expect(panel(page)).toBeVisible();
  await shot(page, 'popup');
  await page.mouse.click(20, 20);
  await expect(panel(page)).toBeHidden();
  await page.goto(servers.page(sitePage(tag(`data-key="${KEY}" data-mode="fullpage"`))));
  await expect(panel(page)).toBeVisible();
  expect(await panel(page).boundingBox()).toEqual({ x: 0, y: 0, width: 1100, height: 860 });
  await shot(page, 'fullpage');
  await page.evaluate('sessionStorage.clear(); localStorage.clear()');
  servers.config = { ...DEMO_CONFIG, greeting: 'Questions about your order? We are here.' };
  await page.goto(servers.page(sitePage(tag(`data-key="${KEY}"`))));
  await expect(page.getByText('Questions about your order?')).toBeVisible();
  await shot(page, 'greeting');
  servers.config = { ...DEMO_CONFIG, auto_open: true };
  await page.reload();
  await expect(panel(page)).toBeVisible();
  expect(await page.evaluate('document.activeElement === document.body')).toBe(true);
});

test('passes axe in light and dark, with an answer and its sources on screen', async ({ page }) => {
  for (const theme of ['light', 'dark']) {
    servers.config = { ...DEMO_CONFIG, theme };
    servers.answer = () => ({ steps: [answerText], citations });
    await page.goto(servers.page(sitePage(tag(`data-key="${KEY}"`))));
    await page.evaluate('sessionStorage.clear(); localStorage.clear()');
    await page.reload();
    await launcher(page).click();
    await ask(page, 'What is your return policy?');
    await expect(page.locator('cmp-widget .bot:not(.welcome)')).toHaveAttribute('data-state', 'done');
    await page.waitForTimeout(400);
    const { violations } = await new AxeBuilder({ page }).include('cmp-widget').analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`)).toEqual([]);
  }
});
