import { Badge, Button, Checkbox, Group, SegmentedControl, Text, TextInput, Title } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import type { ImportReport } from '#modules/flows/contract.ts';
import classes from './import.module.css';

type Operation = ImportReport['operations'][number];

const EFFECTS = { read: 'Reads', write: 'May change something' } as const;
const SHOWN_MAX = 200;

/** What a document of operations or a server of tools offers, and which of it the product may use. Without `onChoose` it is only read. */
export const ReportOperations = ({ operations, onChoose }: { operations: readonly Operation[]; onChoose?: (ids: readonly string[]) => void }) => {
  const stored = operations.filter(({ chosen }) => chosen).map(({ id }) => id);
  const [chosen, setChosen] = useState<readonly string[] | null>(null);
  const [shown, setShown] = useState('all');
  const [search, setSearch] = useState('');
  const now = chosen ?? stored;
  const changed = chosen !== null && (chosen.length !== stored.length || chosen.some((id) => !stored.includes(id)));
  const wanted = search.trim().toLowerCase();
  const rows = operations.filter(({ effect, id, title, method }) => (shown === 'all' || (shown === 'chosen' ? now.includes(id) : effect === shown)) && (wanted === '' || `${method} ${title} ${id}`.toLowerCase().includes(wanted)));
  const what = operations.every(({ method }) => method === 'tool') ? 'tools' : 'operations';
  const writing = now.filter((id) => operations.some((operation) => operation.id === id && operation.effect === 'write')).length;
  const toggle = (id: string) => { setChosen(now.includes(id) ? now.filter((other) => other !== id) : [...now, id]); };
  return (
    <section className={classes.card} aria-label={what === 'tools' ? 'Tools' : 'Operations'}>
      <div className={classes.cardHead}>
        <div>
          <Title order={3}>{what === 'tools' ? 'Tools' : 'Operations'}</Title>
          <Text c="dimmed">{onChoose === undefined ? `What the product may call.` : `Choose what the product may call. At first only what reads is chosen. Choosing again starts from the file: changes made to the flow since are lost.`}</Text>
        </div>
        <Badge color={writing > 0 ? 'amber' : 'gray'}>{now.length} of {operations.length}{writing > 0 ? `, ${writing} may change something` : ''}</Badge>
      </div>
      <Group gap="xs" className={classes.operationTools}>
        <TextInput size="xs" w={200} aria-label={`Find ${what}`} placeholder="Find" leftSection={<IconSearch size={14} />} value={search} onChange={(event) => { setSearch(event.currentTarget.value); }} />
        <SegmentedControl size="xs" aria-label="Show those that" value={shown} onChange={setShown} data={[{ value: 'all', label: 'All' }, { value: 'chosen', label: 'Chosen' }, { value: 'read', label: 'Read' }, { value: 'write', label: 'Write' }]} />
        {onChoose !== undefined && (
          <>
            <Button size="compact-xs" variant="subtle" onClick={() => { setChosen(operations.filter(({ effect }) => effect === 'read').map(({ id }) => id)); }}>Only reading ones</Button>
            <Button size="compact-xs" variant="subtle" onClick={() => { setChosen([]); }}>None</Button>
          </>
        )}
      </Group>
      <ul className={classes.operations}>
        {rows.slice(0, SHOWN_MAX).map((operation) => <Row key={operation.id} operation={operation} on={now.includes(operation.id)} onToggle={onChoose === undefined ? undefined : () => { toggle(operation.id); }} />)}
      </ul>
      {rows.length === 0 && <Text c="dimmed" p="md">Nothing matches.</Text>}
      {rows.length > SHOWN_MAX && <Text c="dimmed" p="md">{rows.length - SHOWN_MAX} more. Search to see them.</Text>}
      {onChoose !== undefined && changed && (
        <div className={classes.operationFoot}>
          <Text>{now.length} {now.length === 1 ? what.slice(0, -1) : what} chosen</Text>
          <Group gap="xs"><Button size="xs" variant="default" onClick={() => { setChosen(null); }}>Discard</Button><Button size="xs" disabled={now.length === 0} onClick={() => { onChoose(now); setChosen(null); }}>Take these</Button></Group>
        </div>
      )}
    </section>
  );
};

const Row = ({ operation, on, onToggle }: { operation: Operation; on: boolean; onToggle: (() => void) | undefined }) => {
  const text = <span className={classes.operationText}><span>{operation.title || operation.id}</span>{operation.title !== '' && operation.title !== operation.id && <Text span size="xs" c="dimmed">{operation.id}</Text>}</span>;
  return (
    <li className={classes.operation}>
      {onToggle === undefined
        ? <span className={classes.operationName}><Badge color={on ? 'accent' : 'gray'}>{on ? 'Taken' : 'Left out'}</Badge>{text}</span>
        : <Checkbox checked={on} onChange={onToggle} label={text} />}
      <span className={classes.operationFacts}>{operation.method !== 'tool' && <code>{operation.method}</code>}<Badge color={operation.effect === 'write' ? 'amber' : 'green'}>{EFFECTS[operation.effect]}</Badge></span>
    </li>
  );
};
