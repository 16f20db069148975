import { Button, Checkbox, Drawer, Skeleton, Table, Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import type { UseQueryResult } from '@tanstack/react-query';
import { useRef, type KeyboardEvent, type MouseEvent, type ReactNode } from 'react';
import type { ApiProblem } from '#web/api/problem.ts';
import { routeTarget } from '#web/kit/link.tsx';
import { FailedState } from '#web/kit/states.tsx';
import type { Column, TableFilter } from './column.ts';
import { SelectMatching, useSelection, type Selection } from './selection.tsx';
import type { TableState } from './table-state.ts';
import { Pager, SortHeader, TableToolbar } from './table-toolbar.tsx';
import { useColumns } from './use-columns.ts';
import classes from './data-table.module.css';

export interface BulkAction<Row> {
  label: string; danger?: boolean; run: (rows: readonly Row[]) => void;
  /** Also runs by this key, on the selected rows or else the focused one. */
  hotkey?: 'Delete';
}
/** All rows behind the filters, of which `load` brings the first `max`. */
export interface MatchingRows<Row> { max: number; load: () => Promise<readonly Row[]> }
export interface RowsPage<Row> { data: readonly Row[]; next_cursor?: string | null; total?: number }

export interface DataTableProps<Row> {
  /** What the rows are, in the plural: `Orders`. */
  label: string;
  columns: readonly Column<Row>[];
  /** `useEndpoint(e.list, { query: state.query }, { keepPrevious: true })`. */
  query: UseQueryResult<RowsPage<Row>, ApiProblem>;
  rowKey: (row: Row) => string;
  state: TableState;
  /** Text of the search box; without it there is none. */
  search?: string;
  filters?: readonly TableFilter[];
  /** Where a row leads. */
  rowTo?: (row: Row) => string;
  /** What the drawer of a row shows; opened by a click, kept in the address. Not together with `rowTo`. */
  peek?: (row: Row) => ReactNode;
  peekTitle?: (row: Row) => string;
  bulk?: readonly BulkAction<Row>[];
  /** Offers to select all matching rows once the page is selected. */
  matching?: MatchingRows<Row>;
  /** All rows behind the filters, for export; without it the rows on screen. */
  exportRows?: () => Promise<readonly Row[]>;
  /** Shown when there is nothing at all (not when filters hide everything). */
  empty: ReactNode;
}

const SKELETON_ROWS = 8;

/** Rows from the server: sorted, filtered and paged there, with every choice in the address. Cards on phones. */
export const DataTable = <Row,>(props: DataTableProps<Row>) => {
  const { label, query, state, rowKey, empty } = props;
  const columns = useColumns(label, props.columns);
  const rows = query.data?.data ?? [];
  const filtered = state.q !== '' || Object.values(state.filters).some((value) => value !== '');
  const selection = useSelection(rows, rowKey, [state.q, ...Object.values(state.filters)].join('\n'));
  const { chosen } = selection;
  if (query.isError && query.data === undefined) return <FailedState error={query.error} onRetry={() => { void query.refetch(); }} />;
  if (query.data !== undefined && rows.length === 0 && !filtered && state.cursor === '') return empty;
  const peeked = state.peek === '' ? undefined : rows.find((row) => rowKey(row) === state.peek);
  return (
    <div className={classes.outer}>
      <TableToolbar
        label={label} columns={columns} rows={rows} state={state} search={props.search} filters={props.filters ?? []} exportRows={props.exportRows}
        bulk={chosen.length === 0 ? [] : (props.bulk ?? []).map((action) => ({ ...action, run: () => { action.run(chosen); selection.clear(); } }))}
        selected={chosen.length} onClear={selection.clear} more={<SelectMatching selection={selection} matching={props.matching} total={query.data?.total ?? 0} />}
      />
      {query.isError && <FailedState error={query.error} onRetry={() => { void query.refetch(); }} kept="The rows below are from before." />}
      {query.data !== undefined && rows.length === 0
        ? <div className={classes.nothing}><Text c="dimmed">Nothing matches.</Text><Button variant="default" size="xs" onClick={state.clear}>Clear filters</Button></div>
        : <Rows {...props} shown={columns.shown} rows={rows} selection={selection} />}
      <Pager state={state} nextCursor={query.data?.next_cursor ?? null} count={rows.length} total={query.data?.total} />
      {props.peek !== undefined && (
        <Drawer opened={peeked !== undefined} onClose={() => { state.setPeek(''); }} position="right" size="lg" title={peeked !== undefined && (props.peekTitle?.(peeked) ?? label)} classNames={{ title: classes.peekTitle }}>
          {peeked !== undefined && props.peek(peeked)}
        </Drawer>
      )}
    </div>
  );
};

const Rows = <Row,>({ label, shown, rows, query, rowKey, rowTo, peek, bulk, state, selection: { selected, chosen, onSelect, clear } }: DataTableProps<Row> & {
  shown: readonly Column<Row>[]; rows: readonly Row[]; selection: Selection<Row>;
}) => {
  const navigate = useNavigate();
  const body = useRef<HTMLTableSectionElement>(null);
  const selectable = bulk !== undefined && bulk.length > 0;
  const opens = rowTo !== undefined || peek !== undefined;
  const toggle = (key: string) => {
    const next = new Set(selected);
    if (!next.delete(key)) next.add(key);
    onSelect(next);
  };
  const open = (row: Row) => {
    if (rowTo !== undefined) {
      const target = routeTarget(rowTo(row));
      void navigate({ to: target.to, search: target.search as never, hash: target.hash });
    } else state.setPeek(rowKey(row));
  };
  const click = (event: MouseEvent, row: Row) => {
    // A click on something that does its own thing, or one that ends a selection of text, does not open the row.
    const own = event.target instanceof Element && event.target.closest('a, button, input, label, [role="menu"]') !== null;
    if (opens && !own && window.getSelection()?.isCollapsed !== false) open(row);
  };
  const press = (event: KeyboardEvent<HTMLTableRowElement>, row: Row) => {
    if (event.target !== event.currentTarget || event.metaKey || event.ctrlKey || event.altKey) return;
    const step = event.key === 'ArrowDown' || event.key === 'j' ? 1 : event.key === 'ArrowUp' || event.key === 'k' ? -1 : 0;
    if (step !== 0) {
      const next = step > 0 ? event.currentTarget.nextElementSibling : event.currentTarget.previousElementSibling;
      if (next instanceof HTMLElement) { event.preventDefault(); next.focus(); }
    } else if (event.key === 'Enter' && opens) { event.preventDefault(); open(row); }
    else if ((event.key === 'x' || event.key === ' ') && selectable) { event.preventDefault(); toggle(rowKey(row)); }
    else if (event.key === 'Delete' || event.key === 'Backspace') {
      const action = bulk?.find(({ hotkey }) => hotkey === 'Delete');
      if (action === undefined) return;
      event.preventDefault();
      action.run(chosen.length > 0 ? chosen : [row]);
      clear();
    }
  };
  const all = rows.length > 0 && rows.every((row) => selected.has(rowKey(row)));
  return (
    <div className={classes.scroll} data-stale={query.isPlaceholderData || undefined}>
      <Table className={classes.table} aria-label={label} highlightOnHover={opens}>
        <Table.Thead>
          <Table.Tr>
            {selectable && <Table.Th w={40}><Checkbox size="xs" aria-label="Select all" checked={all} indeterminate={!all && selected.size > 0} onChange={() => { onSelect(all ? new Set() : new Set(rows.map(rowKey))); }} /></Table.Th>}
            {shown.map((column) => <SortHeader key={column.key} column={column} state={state} />)}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody ref={body}>
          {query.data === undefined
            ? Array.from({ length: SKELETON_ROWS }, (_, index) => (
              <Table.Tr key={index} aria-hidden>{selectable && <Table.Td />}{shown.map((column) => <Table.Td key={column.key}><Skeleton h={12} w={column.primary ? '70%' : '50%'} my={4} ms={column.align === 'end' ? 'auto' : undefined} /></Table.Td>)}</Table.Tr>
            ))
            : rows.map((row, index) => {
              const key = rowKey(row);
              return (
                <Table.Tr
                  key={key} tabIndex={index === 0 ? 0 : -1} data-opens={opens || undefined} data-current={state.peek === key || undefined} aria-selected={selectable ? selected.has(key) : undefined}
                  onClick={(event) => { click(event, row); }} onKeyDown={(event) => { press(event, row); }}
                >
                  {selectable && <Table.Td className={classes.tick}><Checkbox size="xs" aria-label="Select row" checked={selected.has(key)} onChange={() => { toggle(key); }} /></Table.Td>}
                  {shown.map((column) => (
                    <Table.Td key={column.key} data-label={column.title} data-primary={column.primary || undefined} data-menu={column.menu || undefined} data-wide={column.phone === false || undefined} ta={column.align}>{column.render(row)}</Table.Td>
                  ))}
                </Table.Tr>
              );
            })}
        </Table.Tbody>
      </Table>
    </div>
  );
};
