import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect as usual, test, type Locator, type Page } from '@playwright/test';
import { z } from 'zod';
import { Complaints, inspect, isDrawn } from './accessibility-check.ts';
import { enter } from './sample-people.ts';

test.describe.configure({ timeout: 120_000 });
// Room for palette, canvas and details beside the navigation.
test.use({ viewport: { width: 1600, height: 900 } });
/** Saving, checking and running each ask the server, which shares its machine with the browser. */
const expect = usual.configure({ timeout: 20_000 });

const Me = z.object({ organizations: z.array(z.object({ id: z.string(), provider: z.object({ id: z.string() }).nullable() })) });

/** A draft of the sample seller's, begun with a template, and the address of its editor. */
async function draftFrom(page: Page, template: string): Promise<{ id: string; address: string; wizard: string }> {
  await enter(page, 'seller@example.com');
  const me = Me.parse(await (await page.request.get('/api/v1/me')).json());
  const own = me.organizations.find(({ provider }) => provider !== null);
  const provider = own?.provider?.id ?? '';
  const headers = { 'x-organization-id': own?.id ?? '', origin: test.info().project.use.baseURL ?? '' };
  const created = await page.request.post('/api/v1/provider/products', { headers, data: { category: 'agent', name: `Built from ${template}` } });
  const { id } = z.object({ id: z.string() }).parse(await created.json());
  const imported = await page.request.post(`/api/v1/provider/products/${id}/flow`, { headers, data: { template } });
  expect(imported.status()).toBe(201);
  return { id, address: `/providers/${provider}/offerings/${id}/flow/edit/`, wizard: `/providers/${provider}/agents/create/?draft=${id}&step=2` };
}

const step = (page: Page, name: string): Locator => page.locator('.react-flow__node').filter({ has: page.getByText(name, { exact: true }) });
const port = (page: Page, name: string, side: 'source' | 'target', id: string): Locator => step(page, name).locator(`.react-flow__handle.${side}[data-handleid="${id}"]`);
const connections = (page: Page): Locator => page.locator('.react-flow__edge');
const saved = async (page: Page) => { await expect(page.getByRole('status').filter({ hasText: /^Saved$/ })).toBeVisible(); };

/** Where something is once it has stopped moving: the canvas glides when it is arranged. */
async function restingPlace(page: Page, thing: Locator): Promise<{ x: number; y: number }> {
  let last = '';
  for (;;) {
    const box = await thing.boundingBox();
    if (box === null) throw new Error('the port is not on the screen');
    if (JSON.stringify(box) === last) return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    last = JSON.stringify(box);
    await page.waitForTimeout(250);
  }
}

async function connect(page: Page, from: Locator, to: Locator): Promise<void> {
  const [start, end] = [await restingPlace(page, from), await restingPlace(page, to)];
  await page.mouse.move(start.x, start.y);
  await page.mouse.down();
  await page.mouse.move(start.x + 20, start.y + 10, { steps: 4 });
  await page.mouse.move(end.x - 10, end.y, { steps: 8 });
  await page.mouse.move(end.x, end.y, { steps: 3 });
  await page.mouse.up();
}

test('a step from the palette is placed, named by a setting, connected, taken back, and still there after a reload', async ({ page }) => {
  const { wizard } = await draftFrom(page, 'blank');
  await page.goto(wizard);
  await page.getByRole('link', { name: 'Edit the flow' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Built from blank' })).toBeVisible();
  await expect(page.locator('.react-flow__node')).toHaveCount(4);

  // From the palette: by its search and Enter, and by dragging.
  await page.keyboard.press('/');
  await expect(page.getByRole('textbox', { name: 'Find a kind of step' })).toBeFocused();
  await page.keyboard.type('current date');
  await page.keyboard.press('Enter');
  await expect(step(page, 'Current date')).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Add Calculator' }).dragTo(page.locator('.react-flow__pane'), { targetPosition: { x: 120, y: 90 } });
  await expect(page.locator('.react-flow__node')).toHaveCount(6);
  await page.locator('.react-flow__pane').press('Delete');
  await expect(page.locator('.react-flow__node')).toHaveCount(5);

  // A variable in the prompt makes a port, and the date goes there.
  await step(page, 'Instructions').click();
  const details = page.getByRole('complementary', { name: 'Details' });
  await details.getByRole('textbox', { name: 'Template' }).fill('Today is {today}. You are {persona_name}.');
  await expect(port(page, 'Instructions', 'target', 'today')).toBeAttached();
  await page.getByRole('button', { name: 'Arrange the steps' }).click();
  await connect(page, port(page, 'Current date', 'source', 'text'), port(page, 'Instructions', 'target', 'today'));
  await expect(connections(page)).toHaveCount(4);

  // A tool has no business in a text.
  await connect(page, port(page, 'Current date', 'source', 'tool'), port(page, 'Instructions', 'target', 'persona_name'));
  await expect(page.getByText('A tool can only go where an agent takes tools.')).toBeVisible();
  await expect(connections(page)).toHaveCount(4);

  await page.locator('.react-flow__pane').click({ position: { x: 20, y: 20 } });
  await page.keyboard.press('Control+z');
  await expect(connections(page)).toHaveCount(3);
  await page.keyboard.press('Control+y');
  await expect(connections(page)).toHaveCount(4);
  await page.keyboard.press('Control+s');
  await saved(page);
  await page.reload();
  await expect(page.locator('.react-flow__node')).toHaveCount(5);
  await expect(connections(page)).toHaveCount(4);

  // What buyers may set is decided beside the step, and the wizard knows it.
  await step(page, 'Current date').click();
  await step(page, 'Instructions').click();
  const exposed = details.getByRole('region', { name: 'Buyers may set this' });
  await exposed.getByRole('switch', { name: 'Template' }).click();
  await saved(page);
  await page.getByRole('link', { name: 'Back to the wizard' }).click();
  await expect(page.getByRole('switch', { name: 'Let buyers set Template' })).toBeChecked();
  await expect(page.getByText('The flow was edited here since it came in.')).toBeVisible();
});

test('a test run is drawn on the graph: what each step did, and where it failed', async ({ page }) => {
  const { address } = await draftFrom(page, 'customer-support');
  await page.goto(address);
  await page.getByRole('button', { name: 'Test run' }).click();
  const details = page.getByRole('complementary', { name: 'Details' });
  await details.getByRole('textbox', { name: 'Question' }).fill('Where is my parcel?');
  await details.getByRole('button', { name: 'Run', exact: true }).click();
  const steps = details.getByRole('region', { name: 'What each step did' }).getByRole('listitem');
  await expect(steps).toHaveCount(5);
  await expect(page.locator('.react-flow__node [data-run="succeeded"]').first()).toBeVisible();
  await expect(step(page, 'Language model')).toContainText(/\d+ (ms|s)/);
  await expect(step(page, 'Language model')).toContainText('tokens');
  await steps.filter({ hasText: 'Instructions' }).getByRole('button').click();
  await expect(steps.filter({ hasText: 'Instructions' })).toContainText('help the customers of a company');

  // The question is no sum: the calculator fails, and says why where it stands.
  await page.getByRole('button', { name: 'Add Calculator' }).click();
  await page.getByText('List', { exact: true }).click();
  await page.getByRole('button', { name: 'Edit Calculator' }).click();
  const to = details.getByRole('combobox', { name: 'Connect to' });
  await to.fill('Result → Instructions: Languages');
  await page.getByRole('option', { name: /Result → Instructions: Languages/ }).click();
  await page.getByRole('button', { name: 'Edit Question' }).click();
  await to.fill('Calculator');
  await page.getByRole('option', { name: /Message → Calculator: Expression/ }).click();
  await page.getByText('Canvas', { exact: true }).click();
  await page.getByRole('button', { name: 'Test run' }).click();
  await details.getByRole('textbox', { name: 'Question' }).fill('Where is my parcel?');
  await details.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(step(page, 'Calculator').locator('[data-run="failed"]').first()).toBeVisible();
  await expect(step(page, 'Calculator')).toContainText('not part of an arithmetic expression');
  await expect(details.getByRole('alert')).toContainText('not part of an arithmetic expression');
});

test('keys copy, paste, move and delete, and a problem leads to its step', async ({ page }) => {
  const { address } = await draftFrom(page, 'blank');
  await page.goto(address);
  await step(page, 'Language model').click();
  await page.keyboard.press('Control+c');
  await page.keyboard.press('Control+v');
  await expect(page.locator('.react-flow__node')).toHaveCount(5);
  await expect(page.getByRole('button', { name: /problem/ })).toHaveCount(0);
  await page.getByText('Problems 1').click();
  await page.getByRole('list', { name: 'Problems' }).getByRole('button').click();
  await expect(page.getByRole('complementary', { name: 'Details' })).toContainText('Nothing is connected to');
  const before = await page.locator('.react-flow__node.selected').boundingBox();
  await page.locator('.react-flow__node.selected').press('ArrowDown');
  await expect.poll(async () => (await page.locator('.react-flow__node.selected').boundingBox())?.y).toBeGreaterThan(before?.y ?? 0);
  await page.locator('.react-flow__node.selected').press('Delete');
  await expect(page.locator('.react-flow__node')).toHaveCount(4);
  for (let back = 0; back < 3; back++) await page.keyboard.press('Control+z');
  await expect(page.locator('.react-flow__node')).toHaveCount(4);
  await expect(page.getByRole('button', { name: 'Undo' })).toBeDisabled();
});

test('two tabs never overwrite each other unseen', async ({ page, context }) => {
  const { address } = await draftFrom(page, 'blank');
  await page.goto(address);
  await expect(page.locator('.react-flow__node')).toHaveCount(4);
  const other = await context.newPage();
  await other.goto(address);
  await other.getByRole('button', { name: 'Add Calculator' }).click();
  await saved(other);
  await page.getByRole('button', { name: 'Add Agent', exact: true }).click();
  const notice = page.getByRole('alert').filter({ hasText: 'Somebody else changed this flow' });
  await expect(notice).toBeVisible();
  await notice.getByRole('button', { name: 'Open theirs' }).click();
  await expect(step(page, 'Calculator')).toBeVisible();
  await expect(notice).toBeHidden();
  await page.getByRole('button', { name: 'Add Agent', exact: true }).click();
  await saved(page);
  await other.getByRole('button', { name: 'Add Pass on' }).click();
  await other.getByRole('alert').getByRole('button', { name: 'Keep mine' }).click();
  await saved(other);
});

test('canvas, list and import are accessible in light and dark, and a phone shows the steps to read', async ({ page }) => {
  const { address, wizard } = await draftFrom(page, 'customer-support');
  const complaints = new Complaints();
  await page.goto(address);
  await expect(page.locator('.react-flow__node')).toHaveCount(5);
  await step(page, 'Instructions').click();
  await inspect(page, 'flow editor with a step', complaints);
  await page.goto(`${address}?view=list&panel=problems`);
  await isDrawn(page);
  await inspect(page, 'flow editor as a list', complaints);
  await page.goto(wizard);
  await isDrawn(page);
  await page.getByRole('button', { name: 'Replace' }).click();
  await expect(page.getByRole('button', { name: /^Customer Support Agent/ })).toBeVisible();
  await inspect(page, 'import and report', complaints);
  expect(complaints.text).toBe('');

  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(address);
  const list = page.getByRole('list', { name: 'Steps of the flow' });
  await expect(list.getByRole('listitem').filter({ hasText: 'Knowledge' }).first()).toBeVisible();
  await expect(page.getByRole('button', { name: 'Test run' })).toHaveCount(0);
  await expect(page.getByRole('button', { name: /^Delete/ })).toHaveCount(0);
});

test('of a pasted text with two flows one is picked and the other taken instead; what is no flow is said so', async ({ page }) => {
  const { wizard } = await draftFrom(page, 'blank');
  const flows = ['research-assistant', 'general-knowledge'].map((slug): unknown => JSON.parse(readFileSync(path.resolve(import.meta.dirname, `../samples/${slug}/flow.json`), 'utf8')));
  await page.goto(wizard);
  await page.getByRole('button', { name: 'Replace' }).click();
  await page.getByText('Pasted text').click();
  await page.getByRole('textbox', { name: 'The exported text' }).fill('{"hello": "world"}');
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(page.getByRole('alert')).toContainText('Langflow, n8n, Flowise, Dify, OpenAPI');
  await page.getByRole('textbox', { name: 'The exported text' }).fill(JSON.stringify({ flows }));
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await page.getByRole('button', { name: 'Import this flow' }).click();
  const source = page.getByRole('region', { name: 'The flow', exact: true });
  await expect(source).toContainText('Research Assistant');
  await source.getByRole('combobox', { name: /holds 2 flows/ }).click();
  await page.getByRole('option', { name: 'General Knowledge' }).click();
  await expect(source.getByText('General Knowledge', { exact: true })).toBeVisible();
});
