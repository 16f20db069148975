/** axe in the page: brought into a document once, and asked only for what is wrong. All it passes is a text of megabytes that nobody reads. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Frame, Page } from '@playwright/test';
import type axe from 'axe-core';
import type { Result, RunOptions } from 'axe-core';

const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

declare global {
  interface Window { axe?: typeof axe }
}

const bringInto = async (frame: Frame): Promise<void> => {
  if (!await frame.evaluate(() => window.axe !== undefined)) await frame.evaluate(SOURCE);
};

/** Looks in a row at which nothing may move: a dialog is there some frames before it begins to appear. */
const STILL_LOOKS = 3;

/** Waits until nothing moves: what is still being drawn would be judged as it never stays. Two frames a look, because what one draws may be measured and drawn once more in the next. */
export async function settle(page: Page): Promise<void> {
  await page.evaluate(async (looks) => {
    const frame = async () => new Promise((resolve) => { requestAnimationFrame(resolve); });
    const moving = () => document.getAnimations().some((animation) => animation.playState === 'running' && Number.isFinite(animation.effect?.getComputedTiming().endTime));
    for (let still = 0; still < looks; still = moving() ? 0 : still + 1) {
      await frame();
      await frame();
    }
  }, STILL_LOOKS);
}

/** What is wrong on the page and in its frames, by the rules of `options` or else all, within the selectors of `part`; frames of other origins are not read. */
export async function violationsOf(page: Page, options: RunOptions = {}, part: { include: string[] } | { exclude: string[] } | null = null): Promise<Result[]> {
  await settle(page);
  const [main, ...frames] = page.frames();
  if (main !== undefined) await bringInto(main);
  // A frame may go while it is looked at; the page itself may not.
  await Promise.all(frames.map(async (frame) => bringInto(frame).catch(() => undefined)));
  return page.evaluate(async (asked) => {
    if (window.axe === undefined) throw new Error('axe is not in the page');
    return (await window.axe.run(asked.part ?? document, { ...asked.options, resultTypes: ['violations'] })).violations;
  }, { options, part });
}
