import { Badge, Group, Stack, Text } from '@mantine/core';
import { IconUsers } from '@tabler/icons-react';
import type { Output } from '#platform/contract/endpoint.ts';
import { useEndpoint } from '#web/api/use-endpoint.ts';
import { formatDate, formatNumber } from '#web/kit/format.ts';
import { LinkButton, TextLink } from '#web/kit/link.tsx';
import { Page } from '#web/kit/page.tsx';
import { ProductName } from '#web/kit/product-name.tsx';
import { RelativeTime } from '#web/kit/relative-time.tsx';
import { EmptyState } from '#web/kit/states.tsx';
import { DataTable } from '#web/kit/table/data-table.tsx';
import { useTableState } from '#web/kit/table/table-state.ts';
import type { Column } from '#web/kit/table/column.ts';
import { sellerPaths } from '#web/url/paths.ts';
import { useRouteParam } from '#web/url/search-state.ts';
import { analyticsEndpoints } from '../../contract.ts';
import facts from './facts.module.css';

type Customer = Output<typeof analyticsEndpoints.listCustomers>['data'][number];

const COLUMNS: readonly Column<Customer>[] = [
  { key: 'name', title: 'Customer', primary: true, value: ({ name }) => name, render: ({ name }) => <ProductName name={name} /> },
  { key: 'products', title: 'Products', value: ({ products }) => products.map((product) => product.name).join('; '), render: ({ products }) => <Text truncate maw={320}>{products.map((product) => product.name).join(', ')}</Text> },
  { key: 'messages', title: 'Messages', align: 'end', value: ({ messages }) => messages, render: ({ messages }) => formatNumber(messages) },
  { key: 'credits', title: 'Credits', align: 'end', value: ({ credits }) => credits, render: ({ credits }) => formatNumber(credits) },
  { key: 'since', title: 'Customer since', value: ({ since }) => since, render: ({ since }) => <RelativeTime value={since} /> },
];

/** Organizations that subscribed, with what they use. Their content stays theirs. */
export const SellerCustomers = () => {
  const provider = useRouteParam('provider');
  const state = useTableState();
  const customers = useEndpoint(analyticsEndpoints.listCustomers);
  return (
    <Page title="Customers" description="Organizations that subscribed to your products. You see counts, never their content.">
      <DataTable
        label="Customers" query={customers} state={state} columns={COLUMNS} rowKey={({ organization_id: id }) => id} peekTitle={({ name }) => name} peek={(customer) => <Detail customer={customer} provider={provider} />}
        empty={<EmptyState icon={<IconUsers size={32} stroke={1.5} />} title="No customer yet" action={<LinkButton to={sellerPaths.offerings(provider)} variant="default">Go to my products</LinkButton>}>Once an organization subscribes, you see here what it bought and how much it uses.</EmptyState>}
      />
    </Page>
  );
};

const Detail = ({ customer, provider }: { customer: Customer; provider: string }) => (
  <Stack gap="lg">
    <dl className={facts.facts}>
      <div><dt>Customer since</dt><dd>{formatDate(customer.since)}</dd></div>
      <div><dt>Messages</dt><dd className="tabular">{formatNumber(customer.messages)}</dd></div>
      <div><dt>Credits used</dt><dd className="tabular">{formatNumber(customer.credits)}</dd></div>
    </dl>
    <Stack gap="xs">
      <Text fw={600}>Products</Text>
      {customer.products.map((product, index) => (
        <Group key={`${product.id} ${index}`} justify="space-between" wrap="nowrap">
          <div><TextLink to={sellerPaths.offering(provider, product.id)}>{product.name}</TextLink><Text size="xs" c="dimmed">{product.plan}</Text></div>
          <Badge color={product.state === 'active' ? 'green' : 'gray'}>{product.state.charAt(0).toUpperCase() + product.state.slice(1)}</Badge>
        </Group>
      ))}
    </Stack>
  </Stack>
);
