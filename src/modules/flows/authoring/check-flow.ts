import { z } from 'zod';
import type { Flow } from '../contract.ts';
import { checkRunnable } from '../engine/compile.ts';
import { nodeTypes } from '../nodes/registry.ts';
import type { FlowCheck, FlowCheckProblem } from './contract.ts';
import { portsOfNode } from './node-ports.ts';

/** What stops a run only when the step is reached. */
const REACHED: ReadonlySet<string> = new Set(['input-missing', 'node-unsupported']);
const RANK = { error: 0, warning: 1, hint: 2 } as const;

/** Everything an editor shows about a flow while somebody works on it: problems, worst first, and the ports of each node. */
export function checkFlow(flow: Flow): FlowCheck {
  const problems: FlowCheckProblem[] = checkRunnable(flow).map(({ code, node, message }) => ({ code, node, message, severity: REACHED.has(code) ? 'warning' : 'error' }));
  const ports: FlowCheck['ports'] = {};
  for (const node of flow.nodes) {
    const own = portsOfNode(node);
    if (own) ports[node.id] = own;
  }
  problems.push(...besideTheAnswer(flow, new Set(problems.map(({ node }) => node))));
  return { problems: problems.toSorted((a, b) => RANK[a.severity] - RANK[b.severity]), ports };
}

/** What the engine does not look at because no answer depends on it. */
function* besideTheAnswer(flow: Flow, named: ReadonlySet<string | null>): Iterable<FlowCheckProblem> {
  const connected = new Set(flow.edges.flatMap(({ source, target }) => [source, target]));
  for (const node of flow.nodes) {
    if (named.has(node.id)) continue;
    const type = nodeTypes.get(node.type);
    const title = node.name || type?.title || node.id;
    if (!type) yield { code: 'node-type-unknown', node: node.id, severity: 'hint', message: `The node type "${node.type}" does not exist.` };
    else if (type.type === 'unsupported') yield { code: 'node-unsupported', node: node.id, severity: 'hint', message: `"${title}" cannot run on the built-in engine; the answer does not depend on it.` };
    else if (flow.nodes.length > 1 && !connected.has(node.id)) yield { code: 'node-unconnected', node: node.id, severity: 'hint', message: `Nothing is connected to "${title}".` };
    else {
      const config = type.config.safeParse(node.config);
      if (!config.success) yield { code: 'node-config-invalid', node: node.id, severity: 'hint', message: `The settings of "${title}" are wrong: ${z.prettifyError(config.error)}` };
    }
  }
}
