import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { Flow, ImportReport } from '../../contract.ts';
import { nodeTypes } from '../../nodes/registry.ts';
import { importFlow } from '../importer.ts';
import type { ImportResult } from '../importer.ts';
import { sharedFiles } from '../../../../testing/shared-data.ts';

const { folder, files } = sharedFiles('Langflow', 'langflow', '*/*.json');
const read = (file: string): Uint8Array => readFileSync(path.join(folder, file));
const ok = (file: string): ImportResult => {
  const result = importFlow(read(file), { fileName: file });
  if ('problem' in result) throw new Error(`${file}: ${result.problem.message}`);
  return result;
};

describe.skipIf(files.length === 0)('published Langflow flows (skipped where the shared data folder is absent)', () => {
  test.each(files)('%s is imported whole', (file) => {
    const { flow, report } = ok(file);
    expect(Flow.parse(flow)).toEqual(flow);
    expect(ImportReport.parse(report)).toEqual(report);
    expect(report.nodes.supported + report.nodes.approximated + report.nodes.unsupported.length).toBe(report.nodes.total);
    expect(report.nodes.all.filter((node) => node.support !== 'supported' && !node.reason)).toEqual([]);
    expect(report.warnings.filter((warning) => /has no (input|output) “|does not say where|is no node/.test(warning))).toEqual([]);
  });

  test.each(files)('every setting and every end of a wire in %s exists in the engine', (file) => {
    const { flow } = ok(file);
    const nodes = new Map(flow.nodes.map((node) => [node.id, node]));
    for (const node of flow.nodes) expect(nodeTypes.get(node.type)?.config.safeParse(node.config).error).toBeUndefined();
    for (const edge of flow.edges) {
      const source = nodes.get(edge.source);
      const target = nodes.get(edge.target);
      const targetType = nodeTypes.get(target?.type ?? '');
      const inputs = [...(targetType?.inputs ?? []), ...(targetType?.dynamicInputs?.(targetType.config.parse(target?.config)) ?? [])].map((port) => port.name);
      if (source?.type !== 'unsupported') expect(nodeTypes.get(source?.type ?? '')?.outputs.map((port) => port.name)).toContain(edge.sourcePort);
      if (target?.type !== 'unsupported') expect(inputs).toContain(edge.targetPort);
    }
    for (const parameter of flow.parameters) expect(nodes.has(parameter.node)).toBe(true);
    expect(new Set(flow.parameters.map((parameter) => parameter.name)).size).toBe(flow.parameters.length);
  });

  test('most nodes are supported and most flows run', () => {
    const reports = files.map((file) => ok(file).report);
    const sum = (pick: (report: (typeof reports)[number]) => number): number => reports.reduce((total, report) => total + pick(report), 0);
    const total = sum((report) => report.nodes.total);
    expect(sum((report) => report.nodes.unsupported.length) / total).toBeLessThan(0.12);
    expect(sum((report) => report.nodes.supported) / total).toBeGreaterThan(0.74);
    expect(reports.filter((report) => report.runnable).length / reports.length).toBeGreaterThan(0.6);
  });

  test.each(['basic-prompting', 'memory-chatbot', 'vector-store-rag', 'basic-prompt-chaining', 'simple-agent', 'blog-writer', 'seo-keyword-generator', 'saas-pricing'])('the starter flow %s of 1.10.1 runs', (name) => {
    expect(ok(`starter-1.10.1/${name}.json`).report.runnable).toBe(true);
  });

  test('a key left in a flow is gone from all that is kept', () => {
    const { flow, report, definition } = ok('odd/outdated-flow.json');
    expect(JSON.stringify([flow, report, definition])).not.toContain('sk-dummy-api-key');
    expect(report.secrets).toContainEqual({ name: 'api_key', node: 'OpenAIModel-gQ2Hu', field: 'api_key', kind: 'stripped' });
  });

  test('nothing of Langflow’s own flows but real keys is taken for a credential', () => {
    const found = files.flatMap((file) => ok(file).report.secrets.filter((secret) => secret.kind === 'stripped').map(() => file));
    expect(found).toEqual(['odd/one-group-chat.json', 'odd/outdated-flow.json']);
  });

  test('groups are flattened to the nodes inside', () => {
    const { report } = ok('odd/one-group-chat.json');
    expect(report.nodes.all.map((node) => node.type).toSorted()).toEqual(['ChatOpenAI', 'ConversationBufferMemory', 'LLMChain', 'PromptTemplate']);
    expect(report.runnable).toBe(true);
  });
});
