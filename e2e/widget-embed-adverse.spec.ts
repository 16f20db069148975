/** The widget when something is against it: wrong keys, hostile pages and texts, refusals, broken connections. */
import { expect } from '@playwright/test';
import { KEY, test } from './widget-demo-page.ts';
import { DEMO_CONFIG } from './widget-demo-servers.ts';

test('a secret key is refused in words, on the page and in the console, and never leaves the page', async ({ page, servers, demo }) => {
  const secret = 'ar_sk_live_supersecretvalue';
  const errors: string[] = [];
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  const everything: string[] = [];
  page.on('request', (request) => everything.push(`${request.url()} ${JSON.stringify(request.headers())} ${request.postData() ?? ''}`));
  for (const start of [demo.tag(`data-key="${secret}"`), `<script src="${servers.apiUrl}/widget.js"></script><script>CMPWidget.init({apiKey:' ${secret}'})</script>`]) {
    await demo.visit(start);
    await expect(page.getByRole('alert')).toContainText('secret key');
    await expect(demo.launcher).toHaveCount(0);
  }
  await demo.shot('secret-refused');
  expect(errors.join('\n')).toContain('Revoke that key now');
  expect(errors.join('\n')).not.toContain('supersecret');
  expect(servers.asked('/v1/widget/config')).toEqual([]);
  expect(everything.filter((request) => request.includes('supersecret'))).toEqual([]);
});

test('a refused domain is told to the developer, not drawn for visitors', async ({ page, servers, demo }) => {
  servers.configStatus = 403;
  const errors: string[] = [];
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  await demo.visit();
  await expect(page.getByRole('alert')).toContainText('This domain is not allowed for this key.');
  await expect(demo.launcher).toHaveCount(0);
  expect(errors.join('\n')).toContain('domain_not_allowed');
});

test('hostile answers, settings, citations and attributes stay inert', async ({ page, servers, demo }) => {
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
  servers.answer = () => ({ steps: [evil], citations: [{ id: 1, document_id: 'd', title: evil, page: 1, url: 'javascript:window.hacked=1', snippet: evil }] });
  await demo.open(`data-key="${KEY}" data-greeting="&lt;img src=x onerror=window.hacked=1&gt;" data-name="&quot;&gt;&lt;script&gt;window.hacked=1&lt;/script&gt;" data-target="["`);
  await demo.ask(evil);
  await expect(page.locator('cmp-widget .bot:not(.welcome)')).toHaveAttribute('data-state', 'done');
  await page.locator('cmp-widget button.chip').click();
  await expect(page.locator('cmp-widget .passage')).toContainText('<script>');
  expect(await page.locator('cmp-widget .sheet a').count()).toBe(0);
  expect(await page.locator('cmp-widget').evaluate((host) => host.shadowRoot?.querySelectorAll('script, img, iframe, object, embed, [onerror], [onload], [style*=url]').length)).toBe(0);
  expect(await page.locator('cmp-widget a').evaluateAll((links) => links.filter((link) => !/^(https?|mailto):/.test(link.getAttribute('href') ?? '')).length)).toBe(0);
  await demo.shot('hostile');
  expect(await page.evaluate('[window.hacked, ({}).polluted, getComputedStyle(document.body).display]')).toEqual([undefined, undefined, 'block']);
  expect(dialogs).toEqual([]);
  expect(outside).toEqual([]);
});

test('a hostile page: its styles, polluted prototypes and clobbered names do not reach the chat', async ({ page, servers, demo }) => {
  const hostile = `<style>*{color:red!important;font-size:40px!important;display:block!important} body *{transform:rotate(3deg)!important;filter:blur(2px)!important} cmp-widget{display:none!important;position:static!important;opacity:0!important;pointer-events:none!important} button,.panel,.launcher{display:none!important}</style>
<img name="currentScript" src="data:,"><a id="CMP" href="#"></a><form name="head"></form>
<script>Object.prototype.apiKey='ar_sk_live_x';Object.prototype.method='DELETE';Object.prototype.credentials='include';Object.prototype.polluted={};Array.prototype.toJSON=function(){return 'broken'};Object.prototype.toJSON=function(){return 'broken'};String.prototype.toJSON=function(){return 'broken'}</script>`;
  await demo.visit(`${hostile}${demo.tag()}`);
  await expect(demo.launcher).toBeVisible();
  await expect.poll(() => demo.launcher.boundingBox()).toMatchObject({ width: 56, height: 56 });
  await demo.launcher.click();
  await demo.ask('Hello there');
  await expect(page.locator('cmp-widget .bot:not(.welcome)')).toContainText('Hello.');
  const chat = servers.asked('/v1/chat/completions')[0];
  expect(JSON.parse(chat?.body ?? '{}').messages).toEqual([{ role: 'user', content: 'Hello there' }]);
  expect(await page.locator('cmp-widget .bubble').first().evaluate((element) => getComputedStyle(element).fontSize)).toBe('15px');
  const leaked = await page.evaluate(() => Array.from(document.styleSheets).length + document.adoptedStyleSheets.length);
  expect(leaked).toBe(2);
  await demo.shot('hostile-page');
});

test('runs under a strict content security policy with a nonce and Trusted Types', async ({ page, servers, demo }) => {
  const violations: string[] = [];
  page.on('console', (message) => /Content Security Policy|Trusted/i.test(message.text()) && violations.push(message.text()));
  const policy = `default-src 'none'; script-src 'nonce-abc123'; style-src 'nonce-abc123'; connect-src ${servers.apiUrl}; require-trusted-types-for 'script'; trusted-types cmp-widget`;
  await demo.visit(demo.tag(`nonce="abc123" data-nonce="abc123" data-key="${KEY}"`), { 'content-security-policy': policy }, 'abc123');
  await demo.launcher.click();
  await demo.ask('Hi');
  await expect(page.locator('cmp-widget .bot:not(.welcome)')).toContainText('Hello.');
  expect(violations.filter((words) => !words.includes('favicon'))).toEqual([]);
});

test('refusals in words a visitor understands; used-up credits become the hand-off', async ({ servers, demo }) => {
  await demo.open();
  const cases = [
    [401, {}, 'This chat is not set up correctly.'],
    [402, {}, 'Write to help@acme.example'],
    [403, {}, 'This chat is not available on this site.'],
    [429, { 'retry-after': '7' }, 'Try again in 7 s.'],
    [500, {}, 'Something went wrong on our side. Your message was kept.'],
  ] as const;
  for (const [status, headers, words] of cases) {
    servers.answer = () => ({ status, code: 'internal_detail', message: 'stack trace at pg.Client', headers });
    await demo.ask(`Question ${status}`);
    const last = demo.answer;
    await expect(last).toContainText(words);
    await expect(last).not.toContainText('pg.Client');
  }
  await demo.shot('refusals');
  servers.answer = () => ({ steps: ['Back again.'] });
  await demo.answer.getByRole('button', { name: 'Try again' }).click();
  await expect(demo.answer).toContainText('Back again.');
  const sent = JSON.parse(servers.asked('/v1/chat/completions').at(-1)?.body ?? '{}');
  expect(sent.messages.at(-1)).toEqual({ role: 'user', content: 'Question 500' });
});

test('an answer that breaks off says so, in every way it can break', async ({ page, servers, demo }) => {
  await demo.visit(`<script>window.failures=[]</script>${demo.tag()}`);
  await demo.launcher.click();
  await page.evaluate(`CMP('on','error',(e)=>failures.push(e.code))`);
  const endings = [
    [{ steps: ['Half an ans'], end: 'silent' }, 'The answer was cut off before its end.'],
    [{ steps: ['Half an ans', { wait: 100 }, { cut: true }] }, 'The connection was lost.'],
    [{ steps: ['Half an ans', { raw: 'data: {"error":{"message":"upstream x","code":"upstream_failed","type":"api_error"}}\n\n' }] }, 'Something went wrong on our side.'],
    [{ steps: [{ raw: 'data: {"error":{"message":"no credits","code":"insufficient_credits","type":"billing"}}\n\n' }] }, 'Write to help@acme.example'],
  ] as const;
  for (const [answer, words] of endings) {
    servers.answer = () => ({ ...answer, steps: [...answer.steps] });
    await demo.ask('Tell me');
    await expect(demo.answer).toContainText(words);
    await expect(demo.answer).toHaveAttribute('data-state', 'failed');
  }
  expect(await page.evaluate('failures')).toEqual(['cut', 'network', 'upstream_failed', 'insufficient_credits']);
});

test('offline: a banner, nothing is lost, and what did not go out can be sent again', async ({ page, context, demo }) => {
  await demo.open();
  await page.route('**/v1/chat/completions', (route) => route.abort());
  await demo.ask('Are you there?');
  await expect(page.locator('cmp-widget .user')).toContainText('Not sent');
  await expect(page.locator('cmp-widget .bot:not(.welcome)')).toHaveCount(0);
  await context.setOffline(true);
  await expect(page.getByText('You are offline.')).toBeVisible();
  await demo.ask('Draft kept');
  await expect(page.locator('cmp-widget .composer textarea')).toHaveValue('Draft kept');
  await demo.shot('offline');
  await context.setOffline(false);
  await page.unroute('**/v1/chat/completions');
  await expect(page.getByText('You are offline.')).toBeHidden();
  await page.getByRole('button', { name: 'Send again' }).click();
  await expect(demo.answer).toContainText('Hello.');
  await expect(page.locator('cmp-widget .user')).toHaveCount(1);
});

test('stays when the page swaps its body, and tries again when the settings do not come', async ({ page, servers, demo }) => {
  servers.configStatus = 503;
  await demo.visit();
  await expect.poll(() => servers.asked('/v1/widget/config').length).toBe(1);
  servers.configStatus = 200;
  await expect(demo.launcher).toBeVisible({ timeout: 10_000 });
  await demo.launcher.click();
  await demo.ask('Still here?');
  await expect(demo.answer).toContainText('Hello.');
  await page.evaluate(`document.body.replaceWith(document.createElement('body'))`);
  await expect(demo.answer).toContainText('Hello.');
  await expect(page.locator('cmp-widget')).toHaveCount(1);
});

