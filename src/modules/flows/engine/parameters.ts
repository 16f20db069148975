import { z } from 'zod';
import type { FlowParameter } from '../contract.ts';
import { isTemplate } from '../expression/template.ts';
import { isRow } from '../nodes/values.ts';
import type { CompiledFlow, CompiledGraph, CompiledNode } from './compiled-flow.ts';
import { ParameterError } from './run-error.ts';

const VALUE_CHARS_MAX = 100_000;
const LIST_ITEMS_MAX = 1_000;
const FORBIDDEN_STEPS = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * A flow with values for its parameters. Only parameters that are declared and open to buyers take a value; null
 * leaves the seller's. Throws {@link ParameterError} otherwise. Pure: callers that run a subscription often keep the
 * result and pass the same `values` object to the run, which then has nothing left to do.
 */
export function configureFlow(compiled: CompiledFlow, values: Readonly<Record<string, unknown>>): CompiledFlow {
  const configs = new Map<string, Record<string, unknown>>();
  for (const [name, value] of Object.entries(values)) {
    const parameter = compiled.flow.parameters.find((candidate) => candidate.name === name);
    if (!parameter) throw new ParameterError('parameter-not-allowed', name, `The flow has no parameter "${name.slice(0, 80)}".`);
    if (!parameter.exposed) throw new ParameterError('parameter-not-allowed', name, `The parameter "${name}" cannot be set.`);
    if (value === null || value === undefined) continue;
    checkValue(parameter, value);
    const node = nodeIn(compiled.graph, parameter.node);
    // A parameter of a node the answer does not depend on changes nothing.
    if (!node) continue;
    const config = configs.get(node.id) ?? structuredClone(node.rawConfig);
    setPath(config, parameter, node.type.expressions === true ? asWritten(value) : value);
    configs.set(node.id, config);
  }
  return { ...compiled, graph: configs.size === 0 ? compiled.graph : withConfigs(compiled.graph, configs, compiled), configuredWith: values };
}

/** A node of the graph or of the loops inside it. */
function nodeIn({ nodes, indexById }: CompiledGraph, id: string): CompiledNode | undefined {
  const index = indexById.get(id);
  const found = index === undefined ? undefined : nodes[index];
  if (found) return found;
  for (const node of nodes) {
    const inside = node.loop ? nodeIn(node.loop.body, id) : undefined;
    if (inside) return inside;
  }
  return undefined;
}

const withConfigs = (graph: CompiledGraph, configs: ReadonlyMap<string, Record<string, unknown>>, compiled: CompiledFlow): CompiledGraph => ({
  ...graph,
  nodes: graph.nodes.map((node) => {
    const configured = withConfig(node, configs.get(node.id), compiled);
    return configured.loop ? { ...configured, loop: { ...configured.loop, body: withConfigs(configured.loop.body, configs, compiled) } } : configured;
  }),
});

function withConfig(node: CompiledNode, config: Record<string, unknown> | undefined, compiled: CompiledFlow): CompiledNode {
  if (!config) return node;
  const parsed = node.type.config.safeParse(config);
  if (parsed.success) return { ...node, config: parsed.data, rawConfig: config };
  const name = compiled.flow.parameters.find((parameter) => parameter.node === node.id)?.name ?? '';
  throw new ParameterError('parameter-invalid', name, `A value does not fit the step "${node.id}": ${z.prettifyError(parsed.error)}`);
}

function checkValue(parameter: FlowParameter, value: unknown): void {
  const fits = (): boolean => {
    switch (parameter.kind) {
      case 'text': case 'long-text': return typeof value === 'string' && value.length <= VALUE_CHARS_MAX;
      case 'number': return typeof value === 'number' && Number.isFinite(value);
      case 'boolean': return typeof value === 'boolean';
      case 'choice': return typeof value === 'string' && (parameter.choices.length === 0 || parameter.choices.includes(value)) && value.length <= VALUE_CHARS_MAX;
      case 'list': return Array.isArray(value) && value.length <= LIST_ITEMS_MAX && value.every((item) => typeof item === 'string' && item.length <= VALUE_CHARS_MAX);
    }
  };
  if (!fits()) throw new ParameterError('parameter-invalid', parameter.name, `The parameter "${parameter.name}" does not take this value; it is a ${parameter.kind}.`);
}

/** A buyer's text with braces becomes an expression that gives this very text: values are never read as templates. */
function asWritten(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asWritten);
  return typeof value === 'string' && isTemplate(value) ? `{{ ${JSON.stringify(value)} }}` : value;
}

/** Sets a value inside a private copy of the configuration. Steps that are missing become objects. */
function setPath(config: Record<string, unknown>, parameter: FlowParameter, value: unknown): void {
  const steps = parameter.path.split('.');
  const last = steps.pop();
  if (last === undefined || [...steps, last].some((step) => step === '' || FORBIDDEN_STEPS.has(step))) {
    throw new ParameterError('parameter-invalid', parameter.name, `The parameter "${parameter.name}" points nowhere.`);
  }
  let place: Record<string, unknown> = config;
  for (const step of steps) {
    const next = Object.hasOwn(place, step) ? place[step] : undefined;
    if (isRow(next)) place = next;
    else if (next === undefined) place[step] = place = {};
    else throw new ParameterError('parameter-invalid', parameter.name, `The parameter "${parameter.name}" points into a value that has no parts.`);
  }
  place[last] = value;
}
