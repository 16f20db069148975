import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test as base, type Locator, type Page } from '@playwright/test';
import { buildWidget } from '../scripts/build-widget.mjs';
import type { WidgetCitation } from '../src/modules/widget/embed-contract.ts';
import { DemoServers } from './widget-demo-servers.ts';

/** Screenshots go to this folder when it is set, for looking at them. */
const shots = process.env['WIDGET_SCREENSHOTS'];

export const KEY = 'pk_test_0123456789abcdef';

export const CITATIONS: WidgetCitation[] = [
  { id: 1, document_id: 'd1', title: 'Return policy 2026.pdf', page: 3, url: 'https://acme.example/returns.pdf', snippet: 'Items may be returned within 30 days of delivery. The refund is paid to the original means of payment within five working days.' },
  { id: 2, document_id: 'd2', title: 'Shipping and delivery', page: null, url: null, snippet: 'Return labels are free of charge within the EU.' },
];
export const ANSWER = 'You can return items within **30 days** of delivery [1]. Here is how:\n\n1. Open *My orders*.\n2. Choose the item and print the free label [2].\n3. Hand the parcel in at any shop.\n\nThe refund arrives within `5` working days. More at [our help pages](https://acme.example/help).';

/** The widget on a page of a made-up customer, seen from the test. */
export class DemoPage {
  readonly servers: DemoServers;
  readonly page: Page;

  constructor(servers: DemoServers, page: Page) {
    this.servers = servers;
    this.page = page;
  }

  get launcher(): Locator {
    return this.page.locator('cmp-widget .launcher');
  }

  get panel(): Locator {
    return this.page.locator('cmp-widget .panel');
  }

  get field(): Locator {
    return this.page.getByPlaceholder('Write a message…');
  }

  /** The newest message of the assistant, the greeting aside. */
  get answer(): Locator {
    return this.page.locator('cmp-widget .bot:not(.welcome)').last();
  }

  /** The script as customers paste it. */
  tag(attributes = `data-key="${KEY}"`, file = '/widget.js'): string {
    return `<script async src="${this.servers.apiUrl}${file}" ${attributes}></script>`;
  }

  /** Opens the customer's page with this in its body. */
  async visit(body = this.tag(), headers: Record<string, string> = {}, styleNonce = ''): Promise<void> {
    await this.page.goto(this.servers.page(siteHtml(body, styleNonce), headers));
  }

  async open(attributes?: string): Promise<void> {
    await this.visit(this.tag(attributes));
    await this.launcher.click();
    await this.panel.waitFor();
  }

  async ask(words: string): Promise<void> {
    await this.page.locator('cmp-widget .composer textarea').fill(words);
    await this.page.keyboard.press('Enter');
  }

  async shot(name: string): Promise<void> {
    if (shots === undefined) return;
    await this.page.waitForTimeout(300);
    await this.page.screenshot({ path: path.join(shots, `widget-${name}.png`) });
  }
}

function siteHtml(body: string, styleNonce: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Acme</title>
<style nonce="${styleNonce}">body{margin:0;font:18px Georgia,serif;background:#faf8f4;color:#333}main{max-width:640px;margin:60px auto;padding:0 24px}h1{font-size:40px}</style></head>
<body><main><h1>Acme Garden Tools</h1><p>Tools that last, for gardens of every size. <a href="#a">See the catalogue</a></p><p><button id="ask">Ask us</button></p></main>${body}</body></html>`;
}

/** Builds the scripts and starts the two origins once per worker; each test gets them in their first state. */
export const test = base.extend<{ servers: DemoServers; demo: DemoPage }, { running: DemoServers }>({
  locale: 'en-GB',
  viewport: { width: 1100, height: 860 },
  running: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright reads from this pattern that the fixture needs no other.
    async ({}, provide) => {
      const scripts = await mkdtemp(path.join(tmpdir(), 'cmp-widget-'));
      await buildWidget(scripts);
      const servers = new DemoServers(scripts);
      await servers.start();
      await provide(servers);
      await servers.stop();
      await rm(scripts, { recursive: true, force: true });
    },
    { scope: 'worker' },
  ],
  servers: async ({ running }, provide) => {
    running.reset();
    await provide(running);
  },
  demo: async ({ servers, page }, provide) => provide(new DemoPage(servers, page)),
});
