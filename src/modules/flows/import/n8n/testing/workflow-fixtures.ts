import { offlineChatModel } from '#modules/models/index.ts';
import type { ChatModel } from '#modules/models/ports.ts';
import { compileFlow } from '../../../engine/compile.ts';
import { runLive } from '../../../engine/live.ts';
import type { RunResult } from '../../../engine/live.ts';
import { passage, runContext } from '../../../engine/testing/run-context.ts';
import type { NodeContext } from '../../../node-type.ts';
import type { ImportResult } from '../../importer.ts';
import { importFlow } from '../../importer.ts';

type Fields = Record<string, unknown>;

/** A step as n8n writes it: name, type without its package, settings, and more fields. */
export type Step = readonly [name: string, type: string, parameters?: Fields, more?: Fields];

const CHANNELS: Readonly<Record<string, string>> = { model: 'ai_languageModel', tool: 'ai_tool', memory: 'ai_memory', parser: 'ai_outputParser', store: 'ai_vectorStore', retriever: 'ai_retriever' };

/** A workflow from short notes: `A -> B`, `A.1 -> B.0` for outputs and inputs, `tool: A -> B` for what a sub-step lends. */
export function workflow(steps: readonly Step[], links: readonly string[], envelope: Fields = {}): Fields {
  const connections: Record<string, Record<string, { node: string; type: string; index: number }[][]>> = {};
  for (const link of links) {
    const [, channel = '', source = '', output = '0', target = '', input = '0'] = /^(?:(\w+): )?(.+?)(?:\.(\d))? -> (.+?)(?:\.(\d))?$/.exec(link) ?? [];
    const type = CHANNELS[channel] ?? 'main';
    const outputs = ((connections[source] ??= {})[type] ??= []);
    while (outputs.length <= Number(output)) outputs.push([]);
    outputs[Number(output)]?.push({ node: target, type, index: Number(input) });
  }
  return {
    id: 'w1', name: 'Test workflow', connections, settings: {},
    nodes: steps.map(([name, type, parameters, more], index) => ({ id: `id-${index}`, name, type: type.includes('.') ? type : `n8n-nodes-base.${type}`, typeVersion: 1, position: [index * 100, 0], parameters: parameters ?? {}, ...more })),
    ...envelope,
  };
}

/** The type of a step of n8n's LangChain package. */
export const langchain = (name: string): string => `@n8n/n8n-nodes-langchain.${name}`;

export function imported(document: unknown): ImportResult {
  const result = importFlow(JSON.stringify(document));
  if (!('flow' in result)) throw new Error(result.problem.message);
  return result;
}

export interface Outside { connector: string; action: string; input: Fields; connection?: string }

/** Runs a workflow with doubles for all that is outside; gives the result with the requests and calls it made. */
export async function runWorkflow(document: unknown, { text = '', data, model = offlineChatModel, answer, parts }: { text?: string; data?: unknown; model?: ChatModel; answer?: (call: Outside) => unknown; parts?: Partial<NodeContext> } = {}): Promise<RunResult & { calls: Outside[] }> {
  const { flow, report } = imported(document);
  if (!report.runnable) throw new Error(`not runnable: ${JSON.stringify(report.nodes.unsupported)} ${report.warnings.join(' ')}`);
  const calls: Outside[] = [];
  const context = runContext(text, {
    knowledge: [passage('a', 'Parcels leave on Tuesdays.')], model: () => model, state: new Map(),
    outsideAction: async () => ({ title: 'Action', description: 'An action.', effect: 'read', input: { type: 'object', properties: {} } }),
    callOutside: async ({ connector, action, input, connection }) => {
      const call = { connector, action, input: { ...input }, ...(connection === undefined ? {} : { connection }) };
      calls.push(call);
      return answer?.(call) ?? { ok: true };
    },
    ...parts,
  });
  const result = await runLive(compileFlow(flow), { ...context, input: { ...context.input, text, ...(data === undefined ? {} : { data }) } }).done;
  return { ...result, calls };
}
