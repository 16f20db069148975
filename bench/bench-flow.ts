import type { Flow } from '#modules/flows/contract.ts';

const node = (id: string, type: string, config: Record<string, unknown>) => ({ id, type, name: id, config });
const edge = (from: string, to: string) => {
  const [source = '', sourcePort = ''] = from.split('.');
  const [target = '', targetPort = ''] = to.split('.');
  return { source, sourcePort, target, targetPort };
};
const field = (name: string, value: string) => ({ name, value });

/** A call comes in, two fields are set by expression, a condition chooses, JSON goes back. */
export const benchFlow: Flow = {
  nodes: [
    node('in', 'input.trigger', { kind: 'webhook' }),
    node('set', 'transform.set', { each: false, fields: [field('total', '{{ item.amount * 2 }}'), field('greeting', '{{ "Hello " + item.name }}')] }),
    node('if', 'logic.if', { conditions: { conditions: [{ left: '{{ item.total }}', operator: 'greater', right: 100 }] } }),
    node('big', 'transform.set', { keep: 'none', each: false, fields: [field('ok', '{{ true }}'), field('tier', 'big'), field('total', '{{ item.total }}'), field('greeting', '{{ item.greeting }}')] }),
    node('small', 'transform.set', { keep: 'none', each: false, fields: [field('ok', '{{ true }}'), field('tier', 'small'), field('total', '{{ item.total }}'), field('greeting', '{{ item.greeting }}')] }),
  ],
  edges: [edge('in.data', 'set.input'), edge('set.output', 'if.input'), edge('if.true', 'big.input'), edge('if.false', 'small.input')],
  parameters: [],
  requires: { models: [], connections: [], secrets: [], mcpServers: [] },
  origin: { format: 'cmp', version: null, sha256: '' },
};
