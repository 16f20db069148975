import { IconCoins } from '@tabler/icons-react';
import { callEndpoint } from '#web/api/call-endpoint.ts';
import { useEndpoint } from '#web/api/use-endpoint.ts';
import type { z } from 'zod';
import { CopyId } from '#web/kit/copy-field.tsx';
import { RelativeTime } from '#web/kit/relative-time.tsx';
import { EmptyState } from '#web/kit/states.tsx';
import type { Column } from '#web/kit/table/column.ts';
import { DataTable } from '#web/kit/table/data-table.tsx';
import { useTableState } from '#web/kit/table/table-state.ts';
import { useOrganization } from '#web/session/session.ts';
import { billingEndpoints, type Transfer } from '#modules/billing/contract.ts';
import { reasonWords, signed } from './money-words.ts';
import classes from './wallet.module.css';

type Row = z.output<typeof Transfer>;

/** Most rows of an export: enough for a year of a busy organization, bounded for the browser's sake. */
const EXPORT_ROWS_MAX = 20_000;

/** What moved the credits, newest first. */
export const CreditHistory = ({ nameOf }: { nameOf: (subscriptionId: string) => string | undefined }) => {
  const organization = useOrganization();
  const state = useTableState({ prefix: 'h_' });
  const at = { organizationId: organization.id };
  const transfers = useEndpoint(billingEndpoints.listTransfers, { params: at, query: { cursor: state.query.cursor, limit: 25 } }, { ...at, keepPrevious: true });
  const name = (row: Row) => (row.subscription_id === null ? '' : nameOf(row.subscription_id) ?? 'Ended subscription');
  const columns: readonly Column<Row>[] = [
    { key: 'what', title: 'What', primary: true, render: reasonWords, value: reasonWords },
    { key: 'product', title: 'Product', render: (row) => name(row) || '–', value: name },
    { key: 'amount', title: 'Credits', align: 'end', render: (row) => <span className={`${classes.amount} ${row.amount > 0 ? classes.in : ''}`}>{signed(row.amount)}</span>, value: (row) => row.amount },
    { key: 'when', title: 'When', align: 'end', render: (row) => <RelativeTime value={row.created_at} />, value: (row) => row.created_at },
    { key: 'reference', title: 'Reference', hidden: true, render: (row) => <CopyId value={row.reference || row.id} />, value: (row) => row.reference },
  ];
  const exportRows = async (): Promise<readonly Row[]> => {
    const rows: Row[] = [];
    let cursor: string | undefined;
    do {
      const page = await callEndpoint(billingEndpoints.listTransfers, { params: at, query: { cursor, limit: 200 } }, at);
      rows.push(...page.data);
      cursor = page.next_cursor ?? undefined;
    } while (cursor !== undefined && rows.length < EXPORT_ROWS_MAX);
    return rows;
  };
  // An empty table has no tools, a failed one neither: then the heading needs its own line.
  const bare = transfers.data === undefined ? transfers.isError : transfers.data.data.length === 0;
  return (
    <section className={classes.section} aria-labelledby="history">
      <h2 id="history" className={bare ? classes.titleAlone : classes.title}>Credit history</h2>
      <DataTable
        label="Credit history" columns={columns} query={transfers} rowKey={(row) => row.id} state={state} exportRows={exportRows}
        empty={<EmptyState icon={<IconCoins size={28} />} title="No credits have moved yet">Top-ups, messages and documents appear here, each with what it cost.</EmptyState>}
      />
    </section>
  );
};
