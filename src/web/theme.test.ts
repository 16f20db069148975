import { DEFAULT_THEME, mergeMantineTheme } from '@mantine/core';
import { expect, test } from 'vitest';
import { contrast } from './kit/contrast.ts';
import { palette, theme, cssVariables } from './theme.ts';

const { light, dark } = cssVariables(mergeMantineTheme(DEFAULT_THEME, theme));
const ratio = (text: string | undefined, ground: string | undefined) => contrast(text ?? '', ground ?? '') ?? 0;

const TEXTS = [
  '--mantine-color-text', '--mantine-color-dimmed', '--mantine-color-anchor', '--mantine-color-error', '--cmp-good', '--cmp-warn', '--cmp-bad', '--cmp-agent-text', '--cmp-app-text',
  '--cmp-assistant-text', '--cmp-automation-text',
];
const GROUNDS = ['--mantine-color-body', '--cmp-surface', '--cmp-sunken', '--cmp-hover'];

const SCHEMES: [string, Record<string, string>][] = [['light', light], ['dark', dark]];
test.each(SCHEMES)('every text colour can be read on every ground in %s', (_, scheme) => {
  for (const text of TEXTS) for (const ground of GROUNDS) expect(ratio(scheme[text], scheme[ground]), `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5);
  expect(ratio(scheme['--cmp-selected-text'], scheme['--cmp-selected'])).toBeGreaterThanOrEqual(4.5);
});

test('white text can be read on the filled accent and on filled red', () => {
  expect(ratio('#ffffff', palette.accent[6])).toBeGreaterThanOrEqual(4.5);
  expect(ratio('#ffffff', palette.red[6])).toBeGreaterThanOrEqual(4.5);
});

test('the category colours are those of the specification', () => {
  expect([palette.agent[5], palette.app[5], palette.assistant[5], palette.automation[5]]).toEqual(['#3b82f6', '#10b981', '#8b5cf6', '#f59e0b']);
});
