import { IconRobot } from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ApiProblem } from '#web/api/problem.ts';
import { formatDate, formatNumber } from '#web/kit/format.ts';
import { LinkButton } from '#web/kit/link.tsx';
import { ProductName } from '#web/kit/product-name.tsx';
import { EmptyState } from '#web/kit/states.tsx';
import type { Column } from '#web/kit/table/column.ts';
import { DataTable } from '#web/kit/table/data-table.tsx';
import { useTableState } from '#web/kit/table/table-state.ts';
import { buyerPaths, publicPaths } from '#web/url/paths.ts';
import type { SubscriptionCard } from '#modules/subscriptions/contract.ts';
import { StateBadge } from './state-badge.tsx';
import classes from './active-subscriptions.module.css';

const messages = ({ usage }: SubscriptionCard): string => (usage.messages_included === null ? formatNumber(usage.messages) : `${formatNumber(usage.messages)} of ${formatNumber(usage.messages_included)}`);

const COLUMNS: readonly Column<SubscriptionCard>[] = [
  { key: 'product', title: 'Product', primary: true, render: (row) => <ProductName name={row.name} logo={row.logo} category={row.category} detail={row.project.name} />, value: (row) => row.name },
  { key: 'plan', title: 'Plan', render: (row) => row.plan_name, value: (row) => row.plan_name },
  { key: 'state', title: 'State', render: (row) => <StateBadge state={row.state} provisioned={row.provisioned} />, value: (row) => row.state },
  { key: 'messages', title: 'Messages', align: 'end', render: (row) => <span className="tabular">{messages(row)}</span>, value: (row) => row.usage.messages },
  { key: 'credits', title: 'Credits used', align: 'end', render: (row) => <span className="tabular">{formatNumber(row.usage.credits)}</span>, value: (row) => row.usage.credits },
  { key: 'period', title: 'Period ends', align: 'end', render: (row) => formatDate(row.period_end), value: (row) => row.period_end },
];

/** Subscriptions with what each used in its period, for the billing page. */
export const ActiveSubscriptions = ({ query, orgId }: { query: UseQueryResult<{ data: SubscriptionCard[] }, ApiProblem>; orgId: string }) => {
  const state = useTableState({ prefix: 's_' });
  const empty = query.data?.data.length === 0 || query.isError;
  return (
    <section aria-labelledby="subscriptions" className={classes.section}>
      <h2 id="subscriptions" className={empty ? classes.alone : classes.title}>Subscriptions</h2>
      <DataTable
        label="Subscriptions" columns={COLUMNS} query={query} rowKey={(row) => row.id} state={state} rowTo={(row) => buyerPaths.subscription(orgId, row.id)}
        empty={<EmptyState icon={<IconRobot size={28} />} title="No subscriptions yet" action={<LinkButton to={publicPaths.marketplace()}>Browse the marketplace</LinkButton>}>Products you subscribe to appear here with what they cost.</EmptyState>}
      />
    </section>
  );
};
