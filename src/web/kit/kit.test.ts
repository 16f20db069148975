import { expect, test } from 'vitest';
import { isAllowed } from '#web/capabilities/capability-gate.tsx';
import { existing, fillScreenPath } from '#web/routes/screen.ts';
import { contrast, nearestPassing, textOn } from './contrast.ts';
import { toCsv } from './csv.ts';
import { formatBytes, formatCredits, formatDuration, formatMoney, formatRelative } from './format.ts';

test('money is exact for any size and currency', () => {
  expect(formatMoney(2900, 'USD', { locale: 'en-US' })).toBe('$29.00');
  expect(formatMoney(2900, 'USD', { locale: 'en-US', short: true })).toBe('$29');
  expect(formatMoney(2950, 'USD', { locale: 'en-US', short: true })).toBe('$29.50');
  expect(formatMoney(-5n, 'USD', { locale: 'en-US' })).toBe('-$0.05');
  expect(formatMoney(500, 'JPY', { locale: 'en-US' })).toBe('¥500');
  expect(formatMoney('90071992547409931', 'USD', { locale: 'en-US' })).toBe('$900,719,925,474,099.31');
});

test('credits, sizes and times are written with their words', () => {
  expect(formatCredits(1, 'en')).toBe('1 credit');
  expect(formatCredits(12_000n, 'en')).toBe('12,000 credits');
  expect(formatCredits(0, 'en')).toBe('0 credits');
  expect(formatBytes(1_536, 'en')).toBe('1.5 KB');
  expect(formatDuration(840)).toBe('840 ms');
  expect(formatDuration(83_000)).toBe('1 min 23 s');
  const now = new Date('2026-11-20T12:00:00Z');
  expect(formatRelative(new Date('2026-11-20T11:57:00Z'), now, 'en')).toBe('3 minutes ago');
  expect(formatRelative(new Date('2026-11-22T12:00:00Z'), now, 'en')).toBe('in 2 days');
});

test('a cell that starts like a formula stays text', () => {
  expect(toCsv(['a', 'b'], [['=1+1', 'x,"y"'], ['-2', -2], ['@cmd', null]])).toBe('\uFEFFa,b\r\n\'=1+1,"x,""y"""\r\n\'-2,-2\r\n\'@cmd,\r\n');
});

test('contrast follows WCAG, and the nearest passing shade passes', () => {
  expect(contrast('#000', '#ffffff')).toBeCloseTo(21);
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
  expect(contrast('red', '#fff')).toBeNull();
  const shade = nearestPassing('#f59e0b', '#ffffff');
  expect(contrast(shade ?? '', '#ffffff')).toBeGreaterThanOrEqual(4.5);
  expect(nearestPassing('#000000', '#ffffff')).toBe('#000000');
  expect(textOn('#f59e0b')).toBe('#000000');
});

test('a screen without a component has no route, and a path needs all its parts', () => {
  expect(existing([{ path: '/a', title: 'A' }])).toEqual([]);
  expect(fillScreenPath('/organizations/$org/agents', { org: 'x y' })).toBe('/organizations/x%20y/agents/');
  expect(fillScreenPath('/organizations/$org', {})).toBeNull();
});

test('a capability inside a group that is switched off is off', () => {
  const capabilities = { interfaces: { widget: { enabled: false, types: ['floating'] }, chat: { enabled: true, modes: ['text'], features: { fileUpload: false } } } };
  expect(isAllowed(capabilities, 'interfaces.widget')).toBe(false);
  expect(isAllowed(capabilities, 'interfaces.widget.types')).toBe(false);
  expect(isAllowed(capabilities, 'interfaces.chat.modes')).toBe(true);
  expect(isAllowed(capabilities, 'interfaces.chat.features.fileUpload')).toBe(false);
  expect(isAllowed(capabilities, 'interfaces.nothing')).toBe(false);
  expect(isAllowed(capabilities, 'constructor')).toBe(false);
});
