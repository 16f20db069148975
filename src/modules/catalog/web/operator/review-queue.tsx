import { Badge, Group, SegmentedControl, Text } from '@mantine/core';
import { IconClipboardCheck } from '@tabler/icons-react';
import { z } from 'zod';
import type { Output } from '#platform/contract/endpoint.ts';
import { useEndpoint } from '#web/api/use-endpoint.ts';
import { CategoryChip } from '#web/kit/category.tsx';
import { Page } from '#web/kit/page.tsx';
import { ProductName } from '#web/kit/product-name.tsx';
import { RelativeTime } from '#web/kit/relative-time.tsx';
import { EmptyState } from '#web/kit/states.tsx';
import { DataTable } from '#web/kit/table/data-table.tsx';
import { useTableState } from '#web/kit/table/table-state.ts';
import type { Column } from '#web/kit/table/column.ts';
import { operatorPaths } from '#web/url/paths.ts';
import { useSearchState } from '#web/url/search-state.ts';
import { reviewEndpoints } from '../../contract.ts';
import { CheckBadge } from '../checks/check-score.tsx';

type Item = Output<typeof reviewEndpoints.listQueue>['data'][number];

const Address = z.object({ status: z.enum(['pending_review', 'approved', 'rejected']).catch('pending_review') });
const TABS = [{ value: 'pending_review', label: 'Waiting' }, { value: 'approved', label: 'Approved' }, { value: 'rejected', label: 'Rejected' }] as const;
const EMPTY = {
  pending_review: { title: 'Nothing waits for review', text: 'When a seller submits a product or a new version, it appears here, oldest first.' },
  approved: { title: 'Nothing was approved yet', text: 'Approved versions stay listed here.' },
  rejected: { title: 'Nothing was rejected', text: 'Rejected versions stay listed here with their reason.' },
} as const;

/** What deserves a closer look before approving. */
export const ReviewSigns = ({ item }: { item: Pick<Item, 'unsupported_nodes' | 'secrets_found' | 'has_code' | 'first' | 'provider' | 'checks'> }) => (
  <Group gap={4}>
    {item.checks === null ? <Badge color="gray">No checks</Badge> : <CheckBadge score={item.checks} />}
    {item.first && <Badge color="gray">First version</Badge>}
    {!item.provider.verified && <Badge color="gray">Provider not verified</Badge>}
    {item.has_code && <Badge color="amber">Own code</Badge>}
    {item.unsupported_nodes > 0 && <Badge color="amber">{item.unsupported_nodes} not supported</Badge>}
    {item.secrets_found > 0 && <Badge color="amber">{item.secrets_found} {item.secrets_found === 1 ? 'key' : 'keys'} removed</Badge>}
  </Group>
);

const COLUMNS: readonly Column<Item>[] = [
  { key: 'name', title: 'Product', primary: true, value: ({ name }) => name, render: (item) => <ProductName name={item.name} category={item.category} detail={`Version ${item.number}`} /> },
  { key: 'provider', title: 'Provider', value: ({ provider }) => provider.name, render: ({ provider }) => provider.name },
  { key: 'category', title: 'Category', value: ({ category }) => category, render: ({ category }) => <CategoryChip category={category} /> },
  { key: 'signs', title: 'To look at', render: (item) => <ReviewSigns item={item} /> },
  { key: 'submitted', title: 'Submitted', value: ({ submitted_at }) => submitted_at, render: ({ submitted_at }) => <RelativeTime value={submitted_at} /> },
];

/** Versions that sellers submitted: waiting, approved, rejected. */
export const ReviewQueue = () => {
  const [{ status }, setAddress] = useSearchState(Address);
  const queue = useEndpoint(reviewEndpoints.listQueue, { query: { status } }, { keepPrevious: true });
  const state = useTableState();
  const empty = EMPTY[status];
  return (
    <Page
      title="Reviews" description="Products and new versions that sellers submitted."
      tabs={<SegmentedControl aria-label="Reviews that are" data={[...TABS]} value={status} onChange={(value) => { setAddress(Address.parse({ status: value }), { push: true }); }} />}
    >
      <DataTable
        label="Reviews" query={queue} state={state} columns={COLUMNS} rowKey={({ version_id: id }) => id} rowTo={({ version_id: id }) => operatorPaths.review(id)}
        empty={<EmptyState icon={<IconClipboardCheck size={32} stroke={1.5} />} title={empty.title}><Text c="dimmed">{empty.text}</Text></EmptyState>}
      />
    </Page>
  );
};
