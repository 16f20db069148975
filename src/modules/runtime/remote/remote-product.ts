import { parameterValues, type EffectiveConfiguration, type Entitlements } from '#modules/capabilities/index.ts';
import type { Flow } from '#modules/flows/contract.ts';
import { compileFlow } from '#modules/flows/index.ts';
import type { RemoteKind, RemoteSetting } from '../ports.ts';
import type { Subject } from '../subject.ts';

/** A product that another server runs, as a run needs it. */
export interface RemoteProduct {
  kind: RemoteKind;
  /** `operator`, or the id of a server of the seller. */
  server: string;
  /** Values the buyer set, and only of parameters the seller handed over. */
  settings: readonly RemoteSetting[];
  /** Parameters that we fill at run time, whoever may set them: see {@link RUNTIME_PARAMETERS}. */
  filled: readonly Omit<RemoteSetting, 'value'>[];
  inputNode: string | null;
}

/** Prompt variables with a meaning of ours: what the knowledge says about the question, and who the product is. */
export const RUNTIME_PARAMETERS = { passages: 'rag_context', instructions: 'instructions' } as const;

/** What our engine runs of such a product: the question goes to "the model", which is the other server. */
const RELAY = compileFlow({
  nodes: [
    { id: 'question', type: 'input.chat', name: 'Question', config: {} },
    { id: 'server', type: 'model.chat', name: 'Server', config: {} },
    { id: 'answer', type: 'output.chat', name: 'Answer', config: {} },
  ],
  edges: [
    { source: 'question', sourcePort: 'message', target: 'server', targetPort: 'input' },
    { source: 'server', sourcePort: 'text', target: 'answer', targetPort: 'input' },
  ],
  parameters: [], requires: { models: [], connections: [], secrets: [], mcpServers: [] }, origin: { format: 'cmp', version: null, sha256: '' },
});

/** The parts of a subject that differ for a product on another server; null for one on our engine. */
export function remoteParts(flow: Flow, configuration: EffectiveConfiguration, { engine }: Pick<Entitlements, 'engine'>): Pick<Subject, 'flow' | 'parameters' | 'remote'> | null {
  if (engine.kind === 'builtin') return null;
  const exposed = flow.parameters.filter((parameter) => parameter.exposed);
  const values = parameterValues(exposed, configuration);
  const settings = exposed.flatMap(({ name, node, field }): RemoteSetting[] => {
    const value = values[name];
    return value === undefined || value === null ? [] : [{ name, node, field: field ?? null, value }];
  });
  const meanings: readonly string[] = Object.values(RUNTIME_PARAMETERS);
  const filled = flow.parameters.filter(({ name }) => meanings.includes(name)).map(({ name, node, field }) => ({ name, node, field: field ?? null }));
  const inputNode = flow.nodes.find((node) => node.type === 'input.chat')?.id ?? null;
  return { flow: RELAY, parameters: {}, remote: { kind: engine.kind, server: engine.server, settings, filled, inputNode } };
}
