/** The flow of `bench-flow.ts` in Node-RED's form: http in, change, switch, change, http response. */
const wire = (...ids: string[]): string[][] => ids.map((id) => [id]);
const sets = (id: string, next: string, fields: Record<string, string>) => ({
  id, type: 'change', z: 'bench', rules: Object.entries(fields).map(([p, to]) => ({ t: 'set', p, pt: 'msg', to, tot: 'jsonata' })), wires: wire(next),
});
const answer = (tier: string) => ({ payload: `{"ok": true, "tier": "${tier}", "total": payload.total, "greeting": payload.greeting}` });

export const nodeRedFlow = [
  { id: 'bench', type: 'tab', label: 'bench', disabled: false },
  { id: 'in', type: 'http in', z: 'bench', url: '/webhook/bench', method: 'post', upload: false, wires: wire('set') },
  sets('set', 'if', { 'payload.total': 'payload.amount * 2', 'payload.greeting': '"Hello " & payload.name' }),
  { id: 'if', type: 'switch', z: 'bench', property: 'payload.total', propertyType: 'msg', rules: [{ t: 'gt', v: '100', vt: 'num' }, { t: 'else' }], checkall: 'false', outputs: 2, wires: wire('big', 'small') },
  sets('big', 'out', answer('big')),
  sets('small', 'out', answer('small')),
  { id: 'out', type: 'http response', z: 'bench', statusCode: '200', headers: {}, wires: [] },
];
