import { ActionIcon, Group, Select, Text, Tooltip } from '@mantine/core';
import { IconArrowNarrowRight, IconUnlink } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import type { FlowEdge, FlowNode } from '#modules/flows/contract.ts';
import { words } from '#web/form/form-model.ts';
import { useEditor } from './editor-context.ts';
import { addEdge, edgeKey, removeEdges } from './model/flow-edits.ts';
import { possibleEdges } from './model/port-rules.ts';
import classes from './editor.module.css';

/** Where a step's values come from and go to, without a mouse: listed, cut, and made by choosing both ends. */
export const StepConnections = ({ node }: { node: FlowNode }) => {
  const { flow, types, shown, store } = useEditor();
  const name = (id: string) => { const other = flow.nodes.find((candidate) => candidate.id === id); return other?.name || types.get(other?.type ?? '')?.title || id; };
  const into = flow.edges.filter(({ target }) => target === node.id);
  const outOf = flow.edges.filter(({ source }) => source === node.id);
  const cut = (edge: FlowEdge) => { store.edit((one) => removeEdges(one, [edgeKey(edge)])); };
  const possible = useMemo(() => possibleEdges(flow, node.id, types, shown), [flow, node.id, types, shown]);
  return (
    <section className={classes.group} aria-label="Connections">
      <h3 className={classes.groupTitle}>Connections</h3>
      {into.length + outOf.length === 0 && <Text size="xs" c="dimmed">Nothing is connected yet.</Text>}
      <ul className={classes.connections}>
        {into.map((edge) => <Connection key={edgeKey(edge)} from={`${name(edge.source)}: ${words(edge.sourcePort)}`} to={words(edge.targetPort)} onCut={() => { cut(edge); }} />)}
        {outOf.map((edge) => <Connection key={edgeKey(edge)} from={words(edge.sourcePort)} to={`${name(edge.target)}: ${words(edge.targetPort)}`} onCut={() => { cut(edge); }} />)}
      </ul>
      {possible.length > 0 && <Connect edges={possible} label={(edge) => `${words(edge.sourcePort)} → ${name(edge.target)}: ${words(edge.targetPort)}`} onConnect={(edge) => { store.edit((one) => addEdge(one, edge)); }} />}
    </section>
  );
};

const Connection = ({ from, to, onCut }: { from: string; to: string; onCut: () => void }) => (
  <li>
    <span className={classes.end}>{from}</span><IconArrowNarrowRight size={14} aria-label="to" /><span className={classes.end}>{to}</span>
    <Tooltip label="Disconnect"><ActionIcon size="sm" aria-label={`Disconnect ${from} from ${to}`} onClick={onCut}><IconUnlink size={14} /></ActionIcon></Tooltip>
  </li>
);

const Connect = ({ edges, label, onConnect }: { edges: readonly FlowEdge[]; label: (edge: FlowEdge) => string; onConnect: (edge: FlowEdge) => void }) => {
  const [search, setSearch] = useState('');
  return (
    <Group gap="xs">
      <Select
        size="xs" flex={1} aria-label="Connect to" placeholder="Connect to…" searchable searchValue={search} onSearchChange={setSearch} limit={50} value={null} nothingFoundMessage="Nothing fits"
        data={edges.map((edge) => ({ value: edgeKey(edge), label: label(edge) }))}
        onChange={(key) => { const edge = edges.find((one) => edgeKey(one) === key); setSearch(''); if (edge !== undefined) onConnect(edge); }}
      />
    </Group>
  );
};
