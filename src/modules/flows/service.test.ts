import { expect, test } from 'vitest';
import { systemProcess } from '#platform/process.ts';
import { startApp } from '../../testing/app.ts';
import { copyFlow, deleteFlow, exposeParameters, getFlow, storeFlow } from './service.ts';
import { flowTemplate } from './templates.ts';

const app = await startApp();
const [ann, bob] = [await app.person('Ann'), await app.person('Bob')];
const by = (tenant: string) => systemProcess(app.composition.platform, 'test', tenant);
const template = flowTemplate('customer-support')!;
const file = { key: `${ann.organizationId}/flows/x`, name: 'support.json' };
const stored = async () => by(ann.organizationId).run(async (ctx) => storeFlow(ctx, template, file));

test('a flow is seen by its own organization only', async () => {
  const id = await stored();
  expect(await by(ann.organizationId).run(async (ctx) => getFlow(ctx, id))).toMatchObject({ name: 'Customer support', fileName: 'support.json', definition: { nodes: template.flow.nodes } });
  await expect(by(bob.organizationId).run(async (ctx) => getFlow(ctx, id))).rejects.toThrow('no such flow');
  await expect(by('').run(async (ctx) => getFlow(ctx, id))).rejects.toThrow('no such flow');
});

test('a copy for a buyer is the buyer’s, names what it was copied from, and has no file; repeating it changes nothing', async () => {
  const id = await stored();
  const own = '01900000-0000-7000-8000-0000000000aa';
  for (let times = 0; times < 2; times += 1) {
    expect(await by('').asOperator('test', async (ctx) => copyFlow(ctx, id, bob.organizationId, own))).toBe(own);
  }
  expect(await by(bob.organizationId).run(async (ctx) => getFlow(ctx, own))).toMatchObject({ copiedFrom: id, fileKey: null, definition: { nodes: template.flow.nodes } });
  await expect(by(ann.organizationId).run(async (ctx) => getFlow(ctx, own))).rejects.toThrow('no such flow');
});

test('handing other parameters to buyers makes a copy, handing the same ones does not', async () => {
  const id = await stored();
  const names = template.flow.parameters.map((parameter) => parameter.name);
  await by(ann.organizationId).run(async (ctx) => {
    expect(await exposeParameters(ctx, id, names)).toBe(id);
    const fewer = await exposeParameters(ctx, id, ['brand_voice', 'no_such']);
    expect(fewer).not.toBe(id);
    expect((await getFlow(ctx, fewer)).definition.parameters.filter((parameter) => parameter.exposed).map((parameter) => parameter.name)).toEqual(['brand_voice']);
    expect((await getFlow(ctx, id)).definition.parameters.every((parameter) => parameter.exposed)).toBe(true);
  });
});

test('a file goes only with the last flow that was made from it', async () => {
  await by(ann.organizationId).run(async (ctx) => {
    const own = { key: `${ann.organizationId}/flows/y`, name: 'y.json' };
    const id = await storeFlow(ctx, template, own);
    const copy = await exposeParameters(ctx, id, []);
    expect(await deleteFlow(ctx, id)).toBeNull();
    expect(await deleteFlow(ctx, copy)).toBe(own.key);
  });
});
