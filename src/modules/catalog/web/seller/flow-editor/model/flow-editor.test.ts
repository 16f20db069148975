import { expect, test, vi } from 'vitest';
import type { FlowNodeType } from '#modules/flows/authoring/contract.ts';
import type { Flow } from '#modules/flows/contract.ts';
import { ApiProblem } from '#web/api/problem.ts';
import { createEditorStore } from './editor-store.ts';
import { exposableValues } from './exposable-values.ts';
import { addEdge, addNode, exposeValue, partOf, paste, removeNodes, replaceNode } from './flow-edits.ts';
import { createFlowSaver } from './flow-saver.ts';
import { redo, startHistory, step, STEPS_MAX, undo } from './history.ts';
import { layOut, needsLayout } from './auto-layout.ts';
import { allPorts, connectionProblem, possibleEdges } from './port-rules.ts';
import { runSteps } from './run-steps.ts';
import { closestTypes } from './substitutes.ts';

const port = (name: string, carries: 'value' | 'tool' = 'value') => ({ name, required: false, many: false, carries });
const type = (name: string, inputs: string[], outputs: string[], more: Partial<FlowNodeType> = {}): FlowNodeType => ({
  type: name, title: name, description: '', family: 'other', config: { type: 'object', properties: {} }, dynamic: false, effect: false, loop: null, expressions: false,
  inputs: inputs.map((one) => port(one, one === 'tools' ? 'tool' : 'value')), outputs: outputs.map((one) => port(one, one === 'tool' ? 'tool' : 'value')), ...more,
});
const types = new Map([
  type('input.chat', [], ['message']), type('model.chat', ['input', 'system'], ['text']), type('agent.tools', ['input', 'tools'], ['response']), type('tool.sum', ['expression'], ['result', 'tool']),
  type('logic.each', ['list', 'back'], ['item', 'done'], { loop: { item: 'item', feedback: 'back' } }), type('output.chat', ['input'], ['message']),
].map((one) => [one.type, one]));
const flow = (nodes: Record<string, string>, edges: [string, string, string, string][] = []): Flow => ({
  nodes: Object.entries(nodes).map(([id, kind]) => ({ id, type: kind, name: id, config: {} })), parameters: [], requires: { models: [], connections: [], secrets: [], mcpServers: [] }, origin: { format: 'cmp', version: null, sha256: '' },
  edges: edges.map(([source, sourcePort, target, targetPort]) => ({ source, sourcePort, target, targetPort })),
});
const chat = flow({ a: 'input.chat', m: 'model.chat', o: 'output.chat' }, [['a', 'message', 'm', 'input'], ['m', 'text', 'o', 'input']]);
const edge = (source: string, sourcePort: string, target: string, targetPort: string) => ({ source, sourcePort, target, targetPort });

test('a hundred steps can be taken back and taken again, and typing is one step', () => {
  let history = startHistory(0);
  for (let value = 1; value <= 150; value++) history = step(history, value);
  for (let back = 0; back < 200; back++) history = undo(history);
  expect(history.present).toBe(150 - STEPS_MAX);
  expect(STEPS_MAX).toBeGreaterThanOrEqual(50);
  history = redo(redo(history));
  expect(history.present).toBe(152 - STEPS_MAX);
  const typed = ['a', 'ab', 'abc'].reduce((one, text) => step(one, text, 'name of m'), startHistory(''));
  expect(undo(typed).present).toBe('');
});

test('a step takes its edges and its parameters along when it goes, and undo brings all of them back', () => {
  const withValue = exposeValue(chat, chat.nodes[1]!, { path: 'system', title: 'System', description: '', kind: 'text', choices: [], default: 'Be kind' }, true);
  expect(withValue.parameters).toMatchObject([{ name: 'system', node: 'm', exposed: true }]);
  const store = createEditorStore(withValue);
  store.select(['m']);
  store.edit((one) => removeNodes(one, ['m']));
  expect(store.state()).toMatchObject({ selection: [], history: { present: { edges: [], parameters: [] } } });
  store.undo();
  expect(store.state().history.present).toBe(withValue);
});

test('copies get ids of their own and keep the edges between them only', () => {
  const { flow: pasted, ids } = paste(chat, partOf(chat, ['m', 'o']));
  expect(ids).toEqual(['m-2', 'o-2']);
  expect(pasted.edges).toContainEqual(edge('m-2', 'text', 'o-2', 'input'));
  expect(pasted.edges).toHaveLength(3);
  expect(addNode(pasted, { type: 'model.chat', title: 'm', position: { x: 0, y: 0 } })).toMatchObject({ id: 'chat', flow: { nodes: expect.arrayContaining([expect.objectContaining({ id: 'chat', name: 'm 2' })]) as unknown } });
});

test('only ports that fit are connected, and circles only where a loop closes', () => {
  const all = flow({ a: 'input.chat', s: 'tool.sum', g: 'agent.tools', e: 'logic.each', m: 'model.chat' }, [['a', 'message', 'e', 'list'], ['e', 'item', 'm', 'input']]);
  const problem = (...ends: [string, string, string, string]) => connectionProblem(all, edge(...ends), types, allPorts(all, types, {}));
  expect(problem('s', 'tool', 'g', 'tools')).toBeNull();
  expect(problem('s', 'result', 'g', 'tools')).toBe('This port takes tools only.');
  expect(problem('s', 'tool', 'm', 'system')).toBe('A tool can only go where an agent takes tools.');
  expect(problem('m', 'text', 'm', 'system')).toBe('A step cannot feed itself.');
  expect(problem('a', 'message', 'e', 'list')).toBe('These are connected already.');
  expect(problem('m', 'text', 'e', 'list')).toBe('This would lead back to a step before.');
  expect(problem('m', 'text', 'e', 'back')).toBeNull();
  expect(problem('m', 'gone', 's', 'expression')).toBe('There is no such port any more.');
  // What may be chosen from a list is exactly what the mouse may connect.
  for (const { id } of all.nodes) {
    const every = [...allPorts(all, types, {}).get(id)?.outputs ?? []].flatMap((from) => all.nodes.flatMap((other) => [...allPorts(all, types, {}).get(other.id)?.inputs ?? []].map((to) => edge(id, from.name, other.id, to.name))));
    expect(possibleEdges(all, id, types, allPorts(all, types, {})), id).toEqual(every.filter((one) => connectionProblem(all, one, types, allPorts(all, types, {})) === null));
  }
});

test('a port that is gone stays drawn while an edge uses it', () => {
  const one = addEdge(chat, edge('a', 'message', 'm', 'context'));
  expect(allPorts(one, types, {}).get('m')?.inputs.map(({ name, lost }) => [name, lost])).toEqual([['input', false], ['system', false], ['context', true]]);
});

test('the largest flow an import may bring is worked out in a moment', () => {
  const ids = Array.from({ length: 2000 }, (_, index) => `n${index}`);
  const large = flow(Object.fromEntries(ids.map((id) => [id, 'model.chat'])), ids.slice(1).flatMap((id, index): [string, string, string, string][] => [[ids[index]!, 'text', id, 'input'], [ids[Math.floor(index / 2)]!, 'text', id, 'system']]));
  const started = performance.now();
  const ports = allPorts(large, types, {});
  expect(possibleEdges(large, 'n1000', types, ports).every(({ target }) => Number(target.slice(1)) > 1000)).toBe(true);
  expect(connectionProblem(large, edge('n1999', 'text', 'n0', 'input'), types, ports)).toBe('This would lead back to a step before.');
  expect(performance.now() - started).toBeLessThan(5_000);
});

test('a step that is replaced keeps its place, its name and the connections that fit', () => {
  const lost = flow({ a: 'input.chat', x: 'unsupported', o: 'output.chat' }, [['a', 'message', 'x', 'query'], ['x', 'answer', 'o', 'input']]);
  const replaced = replaceNode(lost, 'x', types.get('model.chat')!);
  expect(replaced.nodes[1]).toMatchObject({ id: 'x', name: 'x', type: 'model.chat' });
  expect(replaced.edges).toEqual([edge('a', 'message', 'x', 'input'), edge('x', 'text', 'o', 'input')]);
});

test('the closest kinds of steps share words with what the file asked for', () => {
  const known = [type('http.request', [], [], { title: 'HTTP request', description: 'Calls a web address.' }), type('knowledge.retrieve', [], [], { title: 'Search knowledge', description: 'Finds passages of documents.' })];
  expect(closestTypes('APIRequestComponent request', known).map((one) => one.type)).toEqual(['http.request']);
  expect(closestTypes('PineconeVectorSearch search documents', known).map((one) => one.type)).toEqual(['knowledge.retrieve']);
  expect(closestTypes('Telepathy', known)).toEqual([]);
});

test('texts, numbers, choices and the gaps of a template can be handed to buyers; nothing that reaches a prototype can', () => {
  const schema = { type: 'object', properties: {
    template: { type: 'string', ui: { widget: 'textarea' } }, size: { type: 'number', default: 3 }, mode: { enum: ['a', 'b'] }, defaults: { type: 'object', additionalProperties: { type: 'string' } },
    rows: { type: 'array', items: { type: 'object', properties: { x: { type: 'string' } } } },
  } };
  const values = exposableValues(schema, { template: 'Hi {who}', defaults: { tone: 'warm', __proto__x: '', 'a.b': '' } }, ['who', 'constructor']);
  expect(values.map(({ path, kind, default: value }) => [path, kind, value])).toEqual([
    ['template', 'long-text', 'Hi {who}'], ['size', 'number', 3], ['mode', 'choice', null], ['defaults.tone', 'text', 'warm'], ['defaults.__proto__x', 'text', ''], ['defaults.who', 'text', ''],
  ]);
  expect(exposableValues({ anyOf: [] }, {}, [])).toEqual([]);
});

test('the layout goes from left to right along the edges without steps on top of each other', async () => {
  const places = await layOut(chat, new Map());
  const [a, m, o] = ['a', 'm', 'o'].map((id) => places.get(id)!);
  expect(a!.x + 248).toBeLessThan(m!.x);
  expect(m!.x + 248).toBeLessThan(o!.x);
  const at = (x: number, y: number, index: number) => ({ ...chat.nodes[index]!, position: { x, y } });
  expect(needsLayout(chat)).toBe(true);
  expect(needsLayout({ ...chat, nodes: [at(0, 0, 0), at(320, 0, 1), at(330, 20, 2)] })).toBe(true);
  expect(needsLayout({ ...chat, nodes: [at(0, 0, 0), at(320, 0, 1), at(320, 200, 2)] })).toBe(false);
});

test('passes of a loop are one step of the run, and one that failed counts', () => {
  const entry = (nodeId: string, startedAt: string, status: string, message?: string) => ({ nodeId, startedAt, status, durationMs: 5, tokens: { inputTokens: 1, outputTokens: 2 }, outputPreview: nodeId, ...(message === undefined ? {} : { error: { code: 'x', message } }) });
  const steps = runSteps([entry('b', '2', 'succeeded'), entry('a', '1', 'succeeded'), entry('b', '3', 'failed', 'No'), entry('b', '4', 'cancelled')]);
  expect(steps.map(({ node, status, passes, tokens, error }) => [node, status, passes, tokens, error])).toEqual([['a', 'succeeded', 1, 3, null], ['b', 'failed', 3, 9, 'No']]);
});

test('every save builds on the one before, and a conflict stops until it is decided whose flow stays', async () => {
  const sent: (string | null)[] = [];
  let refuse = false;
  const send = vi.fn(async (_flow: Flow, basedOn: string | null) => {
    sent.push(basedOn);
    if (refuse) throw new ApiProblem({ kind: 'problem', status: 409, title: 'Changed' });
    return { flow_id: `saved-${sent.length}` };
  });
  const saver = createFlowSaver({ basedOn: 'first', send, delayMs: 1 });
  saver.change(chat);
  await saver.flush();
  saver.change(chat);
  await saver.flush();
  expect(sent).toEqual(['first', 'saved-1']);
  refuse = true;
  saver.change(chat);
  await saver.flush();
  expect(saver.state().status).toBe('conflict');
  saver.change(chat);
  await saver.flush();
  expect(send).toHaveBeenCalledTimes(3);
  refuse = false;
  await saver.rebase('theirs', { keep: true });
  expect(sent.at(-1)).toBe('theirs');
  expect(saver.state().status).toBe('saved');
});

test('a flow the server refuses stays unsaved with its reason, and the next one is tried', async () => {
  let bad = true;
  const saver = createFlowSaver({ basedOn: null, delayMs: 1, send: async () => { if (bad) throw new ApiProblem({ kind: 'problem', status: 422, title: 'Credential' }); return { flow_id: 'x' }; } });
  saver.change(chat);
  await saver.flush();
  expect(saver.state()).toMatchObject({ status: 'refused', problem: { title: 'Credential' } });
  bad = false;
  saver.change(chat);
  await saver.flush();
  expect(saver.state().status).toBe('saved');
});
