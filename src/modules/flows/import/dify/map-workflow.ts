import type { FlowEdge, FlowNode } from '../../contract.ts';
import { read, readFlag, readNumber, readRecord, readText } from '../plain.ts';
import type { Way } from '../steps/assemble.ts';
import type { StepDraft } from '../steps/step-draft.ts';
import type { DifyContext } from './dify-context.ts';
import { connectInside, mapInnerStart, mapIteration, mapLoop, mapLoopEnd } from './map-containers.ts';
import { mapAgentNode, mapClassifier, mapExtractor, mapLlm } from './map-models.ts';
import { addCount, mapStart, mapTrigger } from './map-start.ts';
import { mapAggregator, mapAnswer, mapAssigner, mapCode, mapDocuments, mapEnd, mapHttp, mapHuman, mapIf, mapListOperator, mapRetrieval, mapTemplate } from './map-steps.ts';
import type { Mapper } from './mapper.ts';
import type { RawNode } from './read-dify.ts';
import { mapTool } from './tools.ts';

const MAPPERS: Readonly<Record<string, Mapper>> = {
  start: mapStart, llm: mapLlm, answer: mapAnswer, end: mapEnd, code: mapCode, tool: mapTool, agent: mapAgentNode, iteration: mapIteration, loop: mapLoop, 'iteration-start': mapInnerStart, 'loop-start': mapInnerStart, 'loop-end': mapLoopEnd,
  'knowledge-retrieval': mapRetrieval, 'question-classifier': mapClassifier, 'parameter-extractor': mapExtractor, 'if-else': mapIf, 'template-transform': mapTemplate, 'http-request': mapHttp, 'variable-aggregator': mapAggregator, 'variable-assigner': mapOlderAssigner,
  assigner: mapAssigner, 'document-extractor': mapDocuments, 'list-operator': mapListOperator, 'human-input': mapHuman, 'trigger-webhook': mapTrigger, 'trigger-schedule': mapTrigger, 'trigger-plugin': mapTrigger,
};

/** Before 0.1.3 the aggregator was called an assigner. */
function mapOlderAssigner(...given: Parameters<Mapper>): void {
  if (Array.isArray(read(given[0].data, 'variables'))) mapAggregator(...given);
  else mapAssigner(...given);
}

/** Turns the nodes of a workflow into steps, with the ways between them and the order in which they speak. */
export function mapWorkflow(context: DifyContext): { steps: StepDraft[]; ways: Way[]; extra: { nodes: FlowNode[]; edges: FlowEdge[] }; order: readonly string[] } {
  const { nodes, edges } = context.app;
  for (const node of nodes) {
    const mapper = Object.hasOwn(MAPPERS, node.type) ? MAPPERS[node.type] : undefined;
    if (mapper === undefined) context.step(node).refuse(`The step “${node.title}” (${node.type}) is not known here.`);
    else mapper(node, context.step(node), context);
    addFailure(node, context.step(node), context);
  }
  if (context.asksCount && context.start !== undefined) addCount(context.start, context.step(context.start), context);
  const ways = edges.flatMap(({ source, handle, target }): Way[] => {
    const exit = handle === 'source' || handle === 'target' ? '*' : handle;
    const step = context.steps.get(source);
    return [{ source, exit, target }, ...(step?.exits.has(`${exit}\ndefault`) === true ? [{ source, exit: `${exit}\ndefault`, target }] : []), ...(exit === '*' && step?.exits.has('failed') === true ? [{ source, exit: 'failed', target }] : [])];
  });
  const inside = nodes.filter((node) => node.type === 'iteration' || node.type === 'loop').flatMap((node) => connectInside(node, context));
  return { steps: [...context.steps.values()], ways, extra: { nodes: [], edges: inside }, order: orderOf(context) };
}

/** What happens when a step fails: tried again, another way, values instead, or nothing inside a forgiving iteration. */
function addFailure(node: RawNode, step: StepDraft, context: DifyContext): void {
  const retry = readRecord(node.data, 'retry_config');
  const retries = readFlag(retry, 'retry_enabled') ? Math.min(10, Math.max(0, Math.round(readNumber(retry, 'max_retries') ?? 0))) : 0;
  const strategy = readText(node.data, 'error_strategy');
  const parent = node.parent === null ? undefined : context.node(node.parent);
  const forgiving = parent?.type === 'iteration' && /^(?:remove-abnormal-output|continue-on-error)$/.test(readText(parent.data, 'error_handle_mode') ?? '');
  const worker = step.nodes.find((one) => one.id === step.id);
  if (worker === undefined || (retries === 0 && strategy === null && !forgiving) || /^(?:output|logic)\./.test(worker.type)) return;
  const routes = strategy === 'fail-branch' || strategy === 'default-value' || forgiving;
  worker.onFailure = { action: routes ? 'route' : 'stop', retries, retryWaitMs: Math.min(60_000, Math.max(0, Math.round(readNumber(retry, 'retry_interval') ?? 1_000))) };
  if (strategy === 'fail-branch') {
    const exit = step.exits.get('*');
    if (exit) step.exit(exit.node, exit.port, 'success-branch');
    step.exit(step.id, 'error', 'fail-branch');
  }
  if (strategy === 'default-value') step.exit(step.id, 'error', 'failed');
}

/** Steps in the order of the run, so that several answers are said one after the other. */
function orderOf(context: DifyContext): string[] {
  const left = new Map(context.app.nodes.map((node) => [node.id, context.incoming(node.id).length]));
  const order = context.app.nodes.filter((node) => left.get(node.id) === 0).map((node) => node.id);
  for (let index = 0; index < order.length; index++) {
    for (const { target } of context.outgoing(order[index] ?? '')) {
      const open = (left.get(target) ?? 0) - 1;
      left.set(target, open);
      if (open === 0) order.push(target);
    }
  }
  return order;
}

