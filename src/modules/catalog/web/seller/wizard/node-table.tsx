import { Group, SegmentedControl, Text, TextInput, Title } from '@mantine/core';
import { IconCircleCheck, IconCircleDashed, IconCircleX, IconSearch } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import type { ImportReport } from '#modules/flows/contract.ts';
import { authoringEndpoints } from '#modules/flows/authoring/contract.ts';
import { useEndpoint } from '#web/api/use-endpoint.ts';
import { words } from '#web/form/form-model.ts';
import classes from './import.module.css';

type Node = ImportReport['nodes']['all'][number];

const SUPPORT = {
  supported: { label: 'Runs', icon: IconCircleCheck },
  approximated: { label: 'Approximated', icon: IconCircleDashed },
  unsupported: { label: 'Not supported', icon: IconCircleX },
} as const;

const RANK = { unsupported: 0, approximated: 1, supported: 2 } as const;

const HOUR_MS = 60 * 60 * 1000;

/** From this many steps on, a search is worth its place. */
const SEARCH_FROM = 12;

/** Every step of the file with what became of it; what needs attention first. */
export const NodeTable = ({ nodes }: { nodes: ImportReport['nodes'] }) => {
  const [shown, setShown] = useState('all');
  const [search, setSearch] = useState('');
  const counts = { all: nodes.all.length, supported: nodes.supported, approximated: nodes.approximated, unsupported: nodes.unsupported.length };
  const types = useEndpoint(authoringEndpoints.nodeTypes, undefined, { staleMs: HOUR_MS });
  const titles = useMemo(() => new Map(types.data?.data.map(({ type, title }) => [type, title])), [types.data]);
  const wanted = search.trim().toLowerCase();
  const rows = nodes.all
    .filter((node) => shown === 'all' || node.support === shown)
    .filter((node) => wanted === '' || `${node.name} ${node.type}`.toLowerCase().includes(wanted))
    .toSorted((a, b) => RANK[a.support] - RANK[b.support]);
  const explained = nodes.all.some(({ reason, substitute }) => reason !== null || substitute !== null);
  const filters = [{ value: 'all', label: `All ${counts.all}` }, ...(['supported', 'approximated', 'unsupported'] as const).filter((key) => counts[key] > 0).map((key) => ({ value: key, label: `${SUPPORT[key].label} ${counts[key]}` }))];
  return (
    <section className={classes.card} aria-labelledby="report-steps">
      <div className={classes.cardHead}>
        <div><Title order={3} id="report-steps">Every step</Title><Text c="dimmed">What each part of the file became here.</Text></div>
        <Group gap="xs">
          {nodes.all.length >= SEARCH_FROM && <TextInput size="xs" w={160} aria-label="Find a step" placeholder="Find a step" leftSection={<IconSearch size={14} />} value={search} onChange={(event) => { setSearch(event.currentTarget.value); }} />}
          {filters.length > 2 && <SegmentedControl size="xs" data={filters} value={shown} onChange={setShown} aria-label="Show steps that" />}
        </Group>
      </div>
      <table className={classes.nodes} data-brief={explained ? undefined : true} aria-label="Steps of the flow">
        <thead><tr><th scope="col">Step</th><th scope="col">In the file</th><th scope="col">Here</th>{explained && <th scope="col">Why</th>}</tr></thead>
        <tbody>{rows.map((node) => <Row key={node.id} node={node} explained={explained} became={node.mappedTo === null ? null : titles.get(node.mappedTo) ?? words(node.mappedTo.replaceAll('.', ' '))} />)}</tbody>
      </table>
      {rows.length === 0 && <Text c="dimmed" p="md">No step matches.</Text>}
    </section>
  );
};

/** Types of n8n begin with the package they come in, which tells a reader nothing. */
const typeOf = ({ type }: Node): string => type.replace(/^(?:@[\w-]+\/)?n8n-nodes-[\w-]+\./, '');

const Row = ({ node, became, explained }: { node: Node; became: string | null; explained: boolean }) => {
  const { label, icon: SupportIcon } = SUPPORT[node.support];
  return (
    <tr>
      <td><Text fw={500}>{node.name === '' ? typeOf(node) : node.name}</Text></td>
      <td><Text c="dimmed" title={node.type}>{typeOf(node)}</Text></td>
      <td>
        <span className={classes.nodeState} data-support={node.support}><SupportIcon size={16} aria-hidden />{label}</span>
        {became !== null && <Text size="xs" c="dimmed">{became}</Text>}
      </td>
      {explained && (
        <td>
          {node.reason !== null && <Text c="dimmed">{node.reason}</Text>}
          {node.substitute !== null && <Text size="xs" mt={2}>Closest: {node.substitute}</Text>}
        </td>
      )}
    </tr>
  );
};
