import { expect, test } from 'vitest';
import { withCategoryDefaults } from './category-defaults.ts';
import type { Category } from './contract.ts';
import type { FlowShape, ImportReportShape } from './contract/flow-shape.ts';
import { proposeCapabilities } from './propose-capabilities.ts';
import { validateAgainstFlow } from './validate-against-flow.ts';

const TYPES = ['input.chat', 'knowledge.retrieve', 'prompt.template', 'model.chat', 'output.chat'];

const flowOf = (types: readonly string[], over: Partial<FlowShape> = {}): FlowShape => ({
  nodes: types.map((type) => ({ id: type, type })), parameters: [], requires: { models: [], connections: [], secrets: [], mcpServers: [] }, ...over,
});

const reportOf = (over: Partial<ImportReportShape> = {}): ImportReportShape => ({
  nodes: { unsupported: [] }, secrets: [], entryPoints: [{ node: 'input.chat', kind: 'chat' }], code: [], runnable: true,
  traits: { chat: true, streaming: true, knowledge: true, memory: false, tools: false, files: false, images: false, agents: 0, code: false }, ...over,
});

const findings = (
  flow: FlowShape, { category = 'agent', declared = {}, report = null }:
  { category?: Category; declared?: unknown; report?: ImportReportShape | null } = {},
) => validateAgainstFlow(withCategoryDefaults(category, null, declared), { flow, report }).map(({ severity, path }) => `${severity} ${path}`);

test('a support agent with knowledge agrees with the defaults of its category', () => {
  expect(findings(flowOf(TYPES))).toEqual([]);
  expect(findings(flowOf(TYPES), { report: reportOf() })).toEqual([]);
});

test('chat needs a way in and a way out', () => {
  expect(findings(flowOf(TYPES.slice(1)))).toContain('error interfaces.chat.enabled');
  expect(findings(flowOf(TYPES.slice(0, -1)))).toEqual(['error interfaces.chat.enabled']);
  expect(findings(flowOf(TYPES), { category: 'assistant', declared: { interfaces: { chat: { enabled: false } } } })).toContain('hint interfaces.chat.enabled');
});

test('knowledge must be searched, and what is searched must be fillable', () => {
  expect(findings(flowOf(TYPES.filter((type) => type !== 'knowledge.retrieve')))).toEqual(['error configuration.rag.enabled']);
  expect(findings(flowOf(TYPES.map((type) => (type === 'knowledge.retrieve' ? 'knowledge.ingest' : type))))).toEqual(['error configuration.rag.enabled']);
  expect(findings(flowOf([...TYPES.filter((type) => type !== 'knowledge.retrieve'), 'knowledge.ingest']), { report: reportOf() })).toEqual(['warning configuration.rag.enabled']);
  expect(findings(flowOf(TYPES), { declared: { configuration: { knowledge: { enabled: false } } } })).toEqual(['warning configuration.rag.enabled']);
  const noSource = { configuration: { rag: { sources: { documents: false, websites: false, qaPairs: false } } } };
  expect(findings(flowOf(TYPES), { declared: noSource })).toEqual(['error configuration.rag.sources']);
});

test('features of chat need support in the flow', () => {
  const declared = { interfaces: { chat: { modes: ['text', 'voice'], features: { imageInput: true, fileUpload: true, streaming: true } } } };
  const quiet = flowOf(['input.chat', 'knowledge.retrieve', 'output.chat']);
  expect(findings(quiet, { declared })).toEqual([
    'warning interfaces.chat.features.streaming', 'warning interfaces.chat.features.imageInput', 'warning interfaces.chat.features.fileUpload',
    'warning interfaces.chat.modes', 'warning configuration.persona.enabled',
  ]);
  expect(findings(flowOf([...TYPES, 'vision.describe', 'input.file', 'speech.listen']), { declared })).toEqual([]);
  expect(findings(flowOf(['input.chat', 'knowledge.retrieve', 'agent.tools', 'output.chat']))).toEqual([]);
});

test('what the flow needs must be declared', () => {
  const flow = flowOf(TYPES, { requires: { models: ['large', 'large'], connections: ['crm'], secrets: [], mcpServers: ['orders'] } });
  expect(findings(flow)).toEqual(['error runtime.dependencies.mcpServers', 'warning runtime.dependencies.models', 'warning runtime.dependencies.services']);
  expect(findings(flow, { declared: { runtime: { dependencies: { models: ['large'], services: ['crm'], mcpServers: ['orders'] } } } })).toEqual([]);
});

test('unsupported nodes stop publication on the built-in runtime and only there', () => {
  const flow = flowOf(['input.chat', 'knowledge.retrieve', 'unsupported', 'output.chat']);
  expect(findings(flow)).toEqual(['error runtime.deployment', 'error flow.nodes.unsupported']);
  const unsupported = Array.from({ length: 60 }, (_, index) => ({ id: `n${index}`, type: 'Odd', reason: 'Unknown.' }));
  const blocked = findings(flow, { report: reportOf({ nodes: { unsupported }, runnable: false }) });
  expect(blocked).toHaveLength(52);
  expect(blocked.at(-1)).toBe('error flow.nodes');
  const remote = { report: reportOf({ nodes: { unsupported: unsupported.slice(0, 1) }, runnable: false }), declared: { runtime: { engine: { kind: 'langflow', server: 'operator' } } } };
  const ofLangflow = { ...flow, origin: { format: 'langflow' }, parameters: [{ name: 'rag_context', title: '', description: '', kind: 'text', choices: [], default: null, node: 'unsupported', exposed: false }] } satisfies FlowShape;
  expect(findings(ofLangflow, remote)).toEqual(['hint runtime.deployment']);
});

test('a server must be chosen, and must be one that can run this flow', () => {
  const on = (kind: string, server: string) => findings({ ...flowOf(TYPES), origin: { format: 'n8n' } }, { declared: { configuration: { knowledge: { enabled: false } }, runtime: { engine: { kind, server } } } });
  expect(on('n8n', 's1')).toEqual([]);
  expect(on('n8n', '')).toEqual(['error runtime.engine']);
  expect(on('n8n', 'operator')).toEqual(['error runtime.engine']);
  expect(on('langflow', 's1')).toEqual(['error runtime.engine']);
});

test('a webhook or endpoint is told the message and the passages, whatever its flow shows of them', () => {
  const flow = { ...flowOf(['input.webhook', 'unsupported']), origin: { format: 'n8n' } };
  expect(findings(flow, { declared: { runtime: { engine: { kind: 'n8n', server: 's1' } } } }).filter((finding) => finding.startsWith('error'))).toEqual([]);
});

test('on a Langflow server knowledge reaches the flow through a variable of that name only', () => {
  expect(findings({ ...flowOf(TYPES), origin: { format: 'langflow' } }, { declared: { runtime: { engine: { kind: 'langflow', server: 'operator' } } } })).toEqual(['warning configuration.rag.enabled']);
});

test('an unsupported node the answer does not depend on is only a warning', () => {
  const report = reportOf({ nodes: { unsupported: [{ id: 'note', type: 'Note', reason: 'Unknown.' }] } });
  expect(findings(flowOf(TYPES), { report })).toEqual(['warning flow.nodes.note']);
});

test('parameters offered to buyers must be offerable', () => {
  const parameter = { name: 'tone', title: '', description: '', kind: 'text', choices: [], default: null, node: 'model.chat', exposed: true } as const;
  const of = (...parameters: FlowShape['parameters']) => findings(flowOf(TYPES, { parameters }));
  expect(of(parameter)).toEqual([]);
  expect(of(parameter, parameter)).toEqual(['error flow.parameters.tone']);
  expect(of({ ...parameter, node: 'gone' })).toEqual(['error flow.parameters.tone']);
  expect(of({ ...parameter, name: 'constructor' })).toEqual(['error flow.parameters.constructor']);
  expect(of({ ...parameter, kind: 'choice' })).toEqual(['warning flow.parameters.tone']);
  expect(of({ ...parameter, node: 'gone', exposed: false })).toEqual([]);
});

test('a product nobody can reach is an error, a triggered automation is not', () => {
  const off = { interfaces: { chat: { enabled: false }, widget: { enabled: false }, api: { enabled: false } } };
  expect(findings(flowOf(TYPES), { declared: off })).toContain('error interfaces');
  expect(findings(flowOf(['input.manual']), { category: 'automation', declared: off })).toEqual([]);
  expect(findings(flowOf(TYPES), { declared: { interfaces: { api: { protocols: [] }, widget: { types: [] }, chat: { modes: [] } } } }))
    .toEqual(['error interfaces.api.protocols', 'error interfaces.widget.types', 'error interfaces.chat.modes']);
});

test('entries by webhook and clock must be declared as triggers', () => {
  const flow = flowOf([...TYPES, 'input.webhook', 'input.schedule']);
  expect(findings(flow)).toEqual([
    'warning configuration.workflowAdvanced.triggers.webhook.enabled', 'warning configuration.workflowAdvanced.triggers.schedule.enabled',
  ]);
  expect(findings(flow, { category: 'automation', declared: { configuration: { rag: { enabled: true } } } })).toEqual([]);
});

test('custom code and removed credentials are pointed out', () => {
  const report = reportOf({ code: [{ custom: true }, { custom: false }], secrets: [{ name: 'API_KEY', kind: 'stripped' }, { name: 'OTHER', kind: 'required' }] });
  const all = validateAgainstFlow(withCategoryDefaults('agent', null, {}), { flow: flowOf(TYPES), report });
  expect(all.map(({ message }) => message)).toEqual([
    'The file carries custom code (1 in all). It is kept for review and does not run.',
    'Credentials found in the file were removed: API_KEY. Change them where they were issued.',
  ]);
});

test('what is proposed from a flow has nothing the flow cannot deliver', () => {
  const quiet = { chat: false, streaming: false, knowledge: false, memory: false, tools: false, files: false, images: false, agents: 0, code: false };
  const requires = { models: ['m'], connections: ['crm'], secrets: ['KEY'], mcpServers: ['tools'] };
  const cases = [
    { types: TYPES, kind: 'chat', traits: { ...quiet, chat: true, streaming: true, knowledge: true } },
    { types: ['input.chat', 'model.chat', 'output.chat'], kind: 'chat', traits: { ...quiet, chat: true, streaming: true } },
    { types: ['input.text', 'model.chat', 'output.text'], kind: 'text', traits: { ...quiet, streaming: true, images: true, files: true } },
    { types: ['input.webhook', 'model.chat', 'output.json'], kind: 'webhook', traits: quiet },
  ] as const;
  for (const { types, kind, traits } of cases)
    for (const category of ['agent', 'app', 'assistant', 'automation'] as const) {
      const entryPoints = [{ node: types[0], kind }];
      const declared = proposeCapabilities(category, null, { traits, entryPoints, parameters: [], requires });
      const outcome = validateAgainstFlow(withCategoryDefaults(category, null, declared), { flow: flowOf(types, { requires }), report: reportOf({ traits, entryPoints }) });
      expect(outcome.filter(({ severity }) => severity === 'error'), `${category} ${kind}`).toEqual([]);
      // Only automations declare triggers by themselves; the others are told that the flow has one.
      expect(outcome.filter(({ severity, path }) => severity === 'warning' && !path.includes('triggers')), `${category} ${kind}`).toEqual([]);
    }
});
