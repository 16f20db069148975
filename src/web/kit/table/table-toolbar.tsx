import { ActionIcon, Button, Checkbox, Group, Menu, Popover, Select, Stack, Table, Text, TextInput, Tooltip, UnstyledButton } from '@mantine/core';
import { IconAdjustmentsHorizontal, IconArrowDown, IconArrowUp, IconDownload, IconSearch } from '@tabler/icons-react';
import { useEffect, useEffectEvent, useRef, useState, type ReactNode } from 'react';
import { saveBlob } from '#web/api/call-endpoint.ts';
import { toCsv } from '#web/kit/csv.ts';
import { formatNumber } from '#web/kit/format.ts';
import { toast } from '#web/kit/toast.tsx';
import type { Column, TableFilter } from './column.ts';
import type { TableState } from './table-state.ts';
import type { ChosenColumns } from './use-columns.ts';
import classes from './data-table.module.css';

/** Everything above the rows. */
export const TableToolbar = <Row,>({ label, columns, rows, state, search, filters, exportRows, bulk, selected, more, onClear }: {
  label: string; columns: ChosenColumns<Row>; rows: readonly Row[]; state: TableState; search?: string; filters: readonly TableFilter[];
  exportRows?: () => Promise<readonly Row[]>; bulk: readonly { label: string; danger?: boolean; run: () => void }[]; selected: number;
  /** Beside the number of selected rows. */
  more: ReactNode; onClear: () => void;
}) => (
  <div className={classes.toolbar}>
    {bulk.length > 0 ? (
      <Group gap="xs"><Text fw={500} role="status">{formatNumber(selected)} selected</Text>{more}{bulk.map((action) => <Button key={action.label} size="xs" variant="default" color={action.danger ? 'red' : undefined} c={action.danger ? 'var(--cmp-bad)' : undefined} onClick={action.run}>{action.label}</Button>)}<Button size="compact-sm" variant="subtle" color="gray" onClick={onClear}>Clear</Button></Group>
    ) : (
      <div className={classes.filters}>
        {search !== undefined && <SearchBox label={search} value={state.q} onChange={state.setQuery} />}
        {filters.map((filter) => (
          <Select
            key={filter.name} aria-label={filter.label} placeholder={filter.label} size="xs" w={150} clearable data={filter.options.map(({ value, label: name }) => ({ value, label: name }))}
            value={state.filters[filter.name] || null} onChange={(value) => { state.setFilter(filter.name, value ?? ''); }}
          />
        ))}
      </div>
    )}
    <Group gap={4} wrap="nowrap">
      <ExportMenu label={label} columns={columns.all} rows={rows} exportRows={exportRows} />
      {columns.all.length > 3 && (
        <Popover position="bottom-end">
          <Popover.Target><Tooltip label="Columns"><ActionIcon size={30} aria-label="Columns"><IconAdjustmentsHorizontal size={18} /></ActionIcon></Tooltip></Popover.Target>
          <Popover.Dropdown>
            <Stack gap="xs">
              {columns.all.filter((column) => column.primary !== true && column.title !== '').map((column) => (
                <Checkbox key={column.key} size="xs" label={column.title} checked={columns.shown.includes(column)} onChange={() => { columns.toggle(column.key); }} />
              ))}
            </Stack>
          </Popover.Dropdown>
        </Popover>
      )}
    </Group>
  </div>
);

/** Waits for a pause in typing; `/` jumps here. */
const SearchBox = ({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) => {
  const [text, setText] = useState(value);
  const sent = useRef(value);
  const input = useRef<HTMLInputElement>(null);
  // Made anew with every drawing; only typing starts the clock.
  const send = useEffectEvent(onChange);
  useEffect(() => { if (value !== sent.current) { sent.current = value; setText(value); } }, [value]);
  useEffect(() => {
    if (text === sent.current) return undefined;
    const timer = setTimeout(() => { sent.current = text; send(text); }, 250);
    return () => { clearTimeout(timer); };
  }, [text]);
  useEffect(() => {
    const press = (event: globalThis.KeyboardEvent) => {
      const typing = event.target instanceof HTMLElement && event.target.closest('input, textarea, select, [contenteditable]') !== null;
      if (event.key === '/' && !typing && !event.metaKey && !event.ctrlKey) { event.preventDefault(); input.current?.focus(); }
    };
    document.addEventListener('keydown', press);
    return () => { document.removeEventListener('keydown', press); };
  }, []);
  return <TextInput ref={input} type="search" size="xs" aria-label={label} placeholder={label} value={text} leftSection={<IconSearch size={14} />} className={classes.searchBox} onChange={(event) => { setText(event.currentTarget.value); }} />;
};

const ExportMenu = <Row,>({ label, columns, rows, exportRows }: { label: string; columns: readonly Column<Row>[]; rows: readonly Row[]; exportRows?: () => Promise<readonly Row[]> }) => {
  const [busy, setBusy] = useState(false);
  const plain = columns.flatMap((column) => (column.value === undefined ? [] : [{ key: column.key, title: column.title, value: column.value }]));
  if (plain.length === 0) return null;
  const save = async (kind: 'csv' | 'json') => {
    setBusy(true);
    try {
      const all = exportRows === undefined ? rows : await exportRows();
      const text = kind === 'csv'
        ? toCsv(plain.map(({ title }) => title), all.map((row) => plain.map(({ value }) => value(row))))
        : JSON.stringify(all.map((row) => Object.fromEntries(plain.map(({ key, value }) => [key, value(row)]))), null, 2);
      saveBlob(new Blob([text], { type: kind === 'csv' ? 'text/csv;charset=utf-8' : 'application/json' }), `${label.toLowerCase().replaceAll(/\W+/g, '-')}.${kind}`);
    } catch (error) { toast.problem(error); } finally { setBusy(false); }
  };
  return (
    <Menu position="bottom-end">
      <Menu.Target><Tooltip label="Export"><ActionIcon size={30} aria-label="Export" loading={busy}><IconDownload size={18} /></ActionIcon></Tooltip></Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => { void save('csv'); }}>CSV</Menu.Item>
        <Menu.Item onClick={() => { void save('json'); }}>JSON</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
};

/** A column's heading; sortable ones turn from ascending to descending to the usual order. */
export const SortHeader = <Row,>({ column, state }: { column: Column<Row>; state: TableState }) => {
  const up = state.sort === column.sort;
  const down = state.sort === `-${column.sort}`;
  return (
    <Table.Th scope="col" ta={column.align} w={column.width} aria-sort={column.sort === undefined ? undefined : up ? 'ascending' : down ? 'descending' : 'none'}>
      {column.sort === undefined ? column.title : (
        <UnstyledButton className={classes.sort} data-end={column.align === 'end' || undefined} data-active={up || down || undefined} onClick={() => { state.setSort(up ? `-${column.sort}` : down ? '' : column.sort ?? ''); }}>
          {column.title}{down ? <IconArrowDown size={14} aria-hidden /> : <IconArrowUp size={14} aria-hidden data-idle={!up || undefined} />}
        </UnstyledButton>
      )}
    </Table.Th>
  );
};

export const Pager = ({ state, nextCursor, count, total }: { state: TableState; nextCursor: string | null; count: number; total?: number }) => {
  if (state.back === null && nextCursor === null) return total !== undefined && total > 0 ? <Text size="xs" c="dimmed" className="tabular">{formatNumber(total)} {total === 1 ? 'row' : 'rows'}</Text> : null;
  return (
    <Group justify="space-between">
      <Text size="xs" c="dimmed" className="tabular">{total === undefined ? `${formatNumber(count)} rows on this page` : `${formatNumber(total)} rows`}</Text>
      <Group gap="xs">
        <Button size="xs" variant="default" disabled={state.back === null} onClick={() => { state.back?.(); }}>Previous</Button>
        <Button size="xs" variant="default" disabled={nextCursor === null} onClick={() => { if (nextCursor !== null) state.next(nextCursor); }}>Next</Button>
      </Group>
    </Group>
  );
};
