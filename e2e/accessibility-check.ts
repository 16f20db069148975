/** What makes a screen hard to use with weak eyes, a screen reader or a phone, gathered over many screens into one text. */
import { expect, type Page, type Request } from '@playwright/test';
import { settle, violationsOf } from './axe.ts';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa'];
/** All that the look of a page decides; a screen in the dark has the elements it has in the light. */
const OF_COLOR = ['color-contrast', 'link-in-text-block'];
const WIDE = { width: 1280, height: 900 };
const PHONE = { width: 390, height: 844 };
const EXAMPLES = 3;

export class Complaints {
  readonly #found = new Map<string, Set<string>>();

  add(what: string, where: string): void {
    // Names that are made anew with every drawing, and ids, would tell the same thing many times.
    const same = what.replaceAll(/\[(name|id)=\\?"mantine-\w+\\?"\]/g, '');
    this.#found.set(same, (this.#found.get(same) ?? new Set()).add(where.replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '…')));
  }

  /** Each complaint once, with the screens that have it. */
  get text(): string {
    return [...this.#found].map(([what, where]) => `${what}\n${[...where].map((screen) => `    ${screen}`).join('\n')}`).join('\n');
  }
}

/** Follows from now on what the page asks the API for; what is returned waits until all of that is answered. */
export function answersOf(page: Page): () => Promise<void> {
  const open = new Set<Request>();
  page.on('request', (request) => { if (request.resourceType() === 'fetch') open.add(request); });
  page.on('requestfinished', (request) => { open.delete(request); });
  page.on('requestfailed', (request) => { open.delete(request); });
  return async () => expect.poll(() => Array.from(open, (request) => request.url()), { intervals: [20] }).toEqual([]);
}

interface Router { navigate: (to: { href: string }) => Promise<void>; state: { status: string; location: { href: string }; resolvedLocation?: { href: string } } }
declare global {
  interface Window { /** The router of the program, under the name its library gives it. */ __TSR_ROUTER__?: Router }
}

/** Goes to an address as a link of the program does, which is then not read and started again; returns once its screen stands instead of the last. */
export async function follow(page: Page, address: string): Promise<void> {
  await page.evaluate(async (href) => window.__TSR_ROUTER__?.navigate({ href }), address);
  await page.waitForFunction(() => {
    const { status, location, resolvedLocation } = window.__TSR_ROUTER__?.state ?? {};
    return status === 'idle' && location?.href === resolvedLocation?.href;
  });
}

/** Waits until a screen is drawn: it has its heading, nothing in it stands for what is still to come, and all it asked for was `answered`. */
export async function isDrawn(page: Page, answered = async (): Promise<void> => undefined): Promise<void> {
  await expect(page.getByRole('heading').first()).toBeVisible();
  await expect(page.locator('.mantine-Skeleton-root[data-visible]:visible')).toHaveCount(0);
  await answered();
  await settle(page);
}

/** Looks at the screen that is open: by axe in light and dark, by its width on a phone. `name` tells it apart. */
export async function inspect(page: Page, name: string, complaints: Complaints): Promise<void> {
  // By all rules in the scheme it is in, so that each screen is drawn anew only once.
  const dark = await page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches);
  for (const colorScheme of dark ? ['dark', 'light'] as const : ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const violations = await violationsOf(page, { runOnly: dark === (colorScheme === 'dark') ? TAGS : OF_COLOR });
    for (const { id, help, nodes } of violations) {
      for (const { target, any } of nodes.slice(0, EXAMPLES)) complaints.add(`${id}: ${help}\n    ${target.join(' ')}${any[0] === undefined ? '' : ` (${any[0].message})`}`, `${name}, ${colorScheme}`);
    }
  }
  await page.setViewportSize(PHONE);
  await settle(page);
  const widest = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return null;
    const outside = [...document.querySelectorAll('body *')].filter((element) => element.getBoundingClientRect().right > clientWidth + 1).map((element) => `${element.tagName.toLowerCase()}.${element.className.toString().slice(0, 60)}`);
    return `${scrollWidth - clientWidth} px too wide, first by ${outside[0] ?? 'something that is not an element'}`;
  });
  if (widest !== null) complaints.add(`scrolls sideways at ${PHONE.width} px: ${widest}`, name);
  await page.setViewportSize(WIDE);
}
