import { Text } from '@mantine/core';
import { IconBuilding } from '@tabler/icons-react';
import type { Output } from '#platform/contract/endpoint.ts';
import { useEndpoint } from '#web/api/use-endpoint.ts';
import { CopyId } from '#web/kit/copy-field.tsx';
import { formatNumber } from '#web/kit/format.ts';
import { Page } from '#web/kit/page.tsx';
import { ProductName } from '#web/kit/product-name.tsx';
import { RelativeTime } from '#web/kit/relative-time.tsx';
import { EmptyState } from '#web/kit/states.tsx';
import { DataTable } from '#web/kit/table/data-table.tsx';
import { useTableState } from '#web/kit/table/table-state.ts';
import type { Column } from '#web/kit/table/column.ts';
import { analyticsEndpoints } from '../../contract.ts';

type Organization = Output<typeof analyticsEndpoints.listOrganizations>['data'][number];

const COLUMNS: readonly Column<Organization>[] = [
  { key: 'name', title: 'Organization', primary: true, value: ({ name }) => name, render: ({ name }) => <ProductName name={name} /> },
  { key: 'provider', title: 'Sells as', value: ({ provider }) => provider, render: ({ provider }) => provider ?? <Text span c="dimmed">Buys only</Text> },
  { key: 'members', title: 'Members', align: 'end', value: ({ members }) => members, render: ({ members }) => formatNumber(members) },
  { key: 'subscriptions', title: 'Subscriptions', align: 'end', value: ({ subscriptions }) => subscriptions, render: ({ subscriptions }) => formatNumber(subscriptions) },
  { key: 'credits', title: 'Credits', align: 'end', value: ({ credits }) => credits, render: ({ credits }) => formatNumber(credits) },
  { key: 'created', title: 'Joined', value: ({ created_at }) => created_at, render: ({ created_at }) => <RelativeTime value={created_at} /> },
  { key: 'id', title: 'Id', hidden: true, value: ({ id }) => id, render: ({ id }) => <CopyId value={id} /> },
];

/** Everybody on this installation, newest first. */
export const OperatorOrganizations = () => {
  const state = useTableState();
  const organizations = useEndpoint(analyticsEndpoints.listOrganizations, { query: { search: state.query.q } }, { keepPrevious: true });
  return (
    <Page title="Organizations" description="Buyers, sellers, and those who are both.">
      <DataTable label="Organizations" query={organizations} state={state} columns={COLUMNS} search="Find an organization" rowKey={({ id }) => id} empty={<EmptyState icon={<IconBuilding size={32} stroke={1.5} />} title="No organization yet">Every person who signs up gets an organization of their own.</EmptyState>} />
    </Page>
  );
};
