import { expect, test } from 'vitest';
import { Flow, type FlowNode } from './contract.ts';
import { diffFlows } from './diff-flows.ts';
import { outlineChanges } from './flow-outline.ts';

const node = (id: string, type: string, config: Record<string, unknown> = {}, name = id): FlowNode => ({ id, type, name, config, position: { x: Math.random(), y: 0 } });
const flow = (nodes: readonly FlowNode[], edges: readonly string[] = [], more: object = {}): Flow => Flow.parse({
  nodes, edges: edges.map((text) => { const [source, sourcePort, target, targetPort] = text.split(/[.>]/); return { source, sourcePort, target, targetPort }; }),
  origin: { format: 'langflow', version: null, sha256: '' }, ...more,
});
const parameter = (name: string, more: object = {}) => ({ name, title: name, kind: 'text', node: 'ask', path: `variables.${name}`, exposed: true, ...more });

const base = flow([node('in', 'input.chat'), node('ask', 'prompt.template', { template: 'Be kind. {tone}' }), node('llm', 'model.chat', { model: 'small' }), node('out', 'output.chat')],
  ['in.message>ask.question', 'ask.prompt>llm.input', 'llm.text>out.text'], { parameters: [parameter('tone', { default: 'warm' })], requires: { models: ['small'], connections: [], secrets: [], mcpServers: [] } });

test('a flow that was only moved about has no differences', () => {
  const moved = flow(base.nodes.map((item) => ({ ...item, position: { x: 9, y: 9 } })), [], { edges: base.edges, parameters: base.parameters, requires: base.requires });
  expect(diffFlows(base, moved)).toEqual({
    steps: { added: [], removed: [], changed: [] }, wires: { added: [], removed: [] }, parameters: { added: [], removed: [], changed: [] }, requires: { added: [], removed: [] }, omitted: 0,
  });
});

test('steps, fields, wires, parameters and needs that differ are named', () => {
  const next = flow([node('in', 'input.chat'), node('ask', 'prompt.template', { template: 'Be brief. {tone}' }), node('llm', 'model.chat', { model: 'large' }), node('web', 'http.request', { url: 'https://api.example.com/v1?key=x' }, 'Look up'), node('out', 'output.chat')],
    ['in.message>ask.question', 'ask.prompt>llm.input', 'llm.text>web.body', 'web.text>out.text'],
    { parameters: [parameter('tone', { default: 'cool' }), parameter('length')], requires: { models: ['large'], connections: ['crm'], secrets: [], mcpServers: [] } });
  const diff = diffFlows(base, next);
  expect(diff.steps.added).toEqual([{ id: 'web', name: 'Look up', type: 'http.request' }]);
  expect(diff.steps.changed.map(({ id, fields }) => [id, fields])).toEqual([
    ['ask', [{ path: 'config.template', kind: 'changed', before: 'Be kind. {tone}', after: 'Be brief. {tone}' }]], ['llm', [{ path: 'config.model', kind: 'changed', before: 'small', after: 'large' }]],
  ]);
  expect(diff.wires).toEqual({
    added: [{ from: 'llm', fromPort: 'text', to: 'Look up', toPort: 'body' }, { from: 'Look up', fromPort: 'text', to: 'out', toPort: 'text' }], removed: [{ from: 'llm', fromPort: 'text', to: 'out', toPort: 'text' }],
  });
  expect(diff.parameters).toMatchObject({ added: [{ name: 'length' }], removed: [], changed: [{ name: 'tone', fields: [{ path: 'default', before: 'warm', after: 'cool' }] }] });
  expect(diff.requires).toEqual({ added: ['models.large', 'connections.crm'], removed: ['models.small'] });
  expect(diffFlows(next, base).parameters.removed).toEqual([{ name: 'length', title: 'length' }]);
});

test('a default that only repeats a setting of its step is told once', () => {
  const spoken = (voice: string) => flow([node('ask', 'prompt.template', { defaults: { voice } })], [], { parameters: [parameter('voice', { path: 'defaults.voice', default: voice })] });
  const { steps, parameters } = diffFlows(spoken('warm'), spoken('cool'));
  expect([steps.changed[0]?.fields.map(({ path }) => path), parameters.changed]).toEqual([['config.defaults.voice'], []]);
});

test('an export that gave every step a new id is still the same flow', () => {
  const renamed = flow(base.nodes.map((item) => ({ ...item, id: `x-${item.id}` })), base.edges.map((edge) => `x-${edge.source}.${edge.sourcePort}>x-${edge.target}.${edge.targetPort}`), { parameters: [parameter('tone', { default: 'warm', node: 'x-ask' })], requires: base.requires });
  expect(diffFlows(base, renamed)).toMatchObject({ steps: { added: [], removed: [], changed: [] }, wires: { added: [], removed: [] }, parameters: { changed: [] } });
});

test('a step of another type under an old id is a new step', () => {
  const { steps } = diffFlows(flow([node('a', 'model.chat')]), flow([node('a', 'http.request')]));
  expect([steps.added.length, steps.removed.length, steps.changed.length]).toEqual([1, 1, 0]);
});

test('a flow of two thousand steps is compared at once, and what is too much is counted', () => {
  const many = flow(Array.from({ length: 2_000 }, (_, index) => node(`n${index}`, 'logic.pass')), Array.from({ length: 1_999 }, (_, index) => `n${index}.a>n${index + 1}.b`));
  const started = performance.now();
  const diff = diffFlows(flow([]), many);
  expect(performance.now() - started).toBeLessThan(1_000);
  expect([diff.steps.added.length, diff.wires.added.length, diff.omitted]).toEqual([200, 200, 1_800 + 1_799]);
});

test('the outline for buyers names steps, models and hosts, and holds no text of the seller', () => {
  const next = flow([node('in', 'input.chat'), node('ask', 'prompt.template', { template: 'The new secret recipe at https://prompt.example.org' }), node('llm', 'model.chat', { model: 'large' }), node('web', 'http.request', { url: 'https://api.example.com/v1?key=x' }, 'Look up'), node('out', 'output.chat')],
    [], { requires: { models: ['large'], connections: ['crm'], secrets: [], mcpServers: ['https://mcp.example.com/sse?token=hidden'] } });
  const outline = outlineChanges(base, next);
  expect(outline).toEqual({
    steps: {
      added: [{ name: 'Look up', kind: 'HTTP request' }], removed: [],
      changed: [{ name: 'ask', kind: expect.any(String), settings: ['template'] }, { name: 'llm', kind: expect.any(String), settings: ['model'] }],
    },
    models: { before: ['small'], after: ['large'] }, hosts: { before: [], after: ['api.example.com'] }, services: { before: [], after: ['crm', 'mcp.example.com'] },
  });
  expect(JSON.stringify(outline)).not.toMatch(/secret recipe|key=x|hidden|prompt\.example/);
});
