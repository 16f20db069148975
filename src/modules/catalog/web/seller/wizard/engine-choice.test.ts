import { expect, test } from 'vitest';
import type { ImportReport } from '#modules/flows/contract.ts';
import { engineOptions, serverChoices, withEngine } from './engine-choice.ts';

const report = (format: string, unsupported: number) => ({ format, runnable: unsupported === 0, nodes: { unsupported: Array.from({ length: unsupported }, (_, id) => ({ id: String(id), type: 'X', reason: '' })) } }) as unknown as ImportReport; // the parts that are read
const open = (format: string, unsupported: number) => engineOptions(report(format, unsupported)).filter(({ why }) => why === null).map(({ kind }) => kind);

test('a flow that runs here may run anywhere its format allows', () => {
  expect(open('langflow', 0)).toEqual(['builtin', 'langflow', 'n8n', 'http']);
  expect(open('n8n', 0)).toEqual(['builtin', 'n8n', 'http']);
});

test('a flow that cannot run here says how many steps stand in the way', () => {
  expect(open('langflow', 2)).toEqual(['langflow', 'n8n', 'http']);
  expect(engineOptions(report('langflow', 1))[0]?.why).toBe('The answer depends on one step that cannot run here.');
});

test('only servers of the kind are offered, and the marketplace’s own where it has one', () => {
  const servers = [{ id: 'a', kind: 'n8n', name: 'Mine', url: 'https://n8n.example.com/webhook/x', header: '', has_secret: true, created_at: '' }] as const;
  expect(serverChoices('n8n', servers, true)).toEqual([{ value: 'a', label: 'Mine (n8n.example.com)' }]);
  expect(serverChoices('langflow', servers, true).map(({ value }) => value)).toEqual(['operator']);
  expect(serverChoices('langflow', servers, false)).toEqual([]);
});

test('choosing keeps everything else that was declared', () => {
  const engine = { kind: 'n8n', server: 'a' } as const;
  expect(withEngine({ interfaces: { chat: true }, runtime: { limits: { timeout: 5 } } }, engine)).toEqual({ interfaces: { chat: true }, runtime: { limits: { timeout: 5 }, engine } });
  expect(withEngine({}, engine)).toEqual({ runtime: { engine } });
});
