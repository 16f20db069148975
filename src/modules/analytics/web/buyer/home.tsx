import { IconPlus } from '@tabler/icons-react';
import { useEndpoint } from '#web/api/use-endpoint.ts';
import { formatNumber } from '#web/kit/format.ts';
import { LinkButton, TextLink } from '#web/kit/link.tsx';
import { Page } from '#web/kit/page.tsx';
import { StatTile } from '#web/kit/stat-tile.tsx';
import { FailedState } from '#web/kit/states.tsx';
import { useOrganization, useSession } from '#web/session/session.ts';
import { buyerPaths, publicPaths } from '#web/url/paths.ts';
import { useRouteParam } from '#web/url/search-state.ts';
import { analyticsEndpoints } from '#modules/analytics/contract.ts';
import { billingEndpoints } from '#modules/billing/contract.ts';
import { subscriptionEndpoints } from '#modules/subscriptions/contract.ts';
import { ActiveProducts } from './active-products.tsx';
import { GettingStarted } from './getting-started.tsx';
import { NeedsAttention } from './needs-attention.tsx';
import { RecentActivity } from './recent-activity.tsx';
import { Recommended } from './recommended.tsx';
import { FigureTile } from './usage-figures.tsx';
import classes from './buyer.module.css';

const DAYS = 30;
/** What needs attention comes and goes by itself while the page is open. */
const LOOK_AGAIN_MS = 30_000;

/** Where a buyer begins: what is used, what runs, what happened, what to do next (CFG-16). */
export const BuyerHome = () => {
  const organization = useRouteParam('org');
  const { name } = useOrganization();
  const { user } = useSession();
  const products = useEndpoint(subscriptionEndpoints.list, { query: {} }, { refetchMs: LOOK_AGAIN_MS });
  const given = user?.name.split(' ')[0];
  return (
    <Page
      title={given === undefined ? 'Home' : `Hello, ${given}`} description={name}
      action={<LinkButton to={publicPaths.marketplace()} leftSection={<IconPlus size={16} />}>Add a product</LinkButton>}
    >
      {products.isError && products.data === undefined && <FailedState error={products.error} onRetry={() => { void products.refetch(); }} />}
      {products.data !== undefined && <NeedsAttention products={products.data.data} />}
      {products.data !== undefined && <GettingStarted products={products.data.data} />}
      <Figures active={products.data?.data.filter(({ state }) => state === 'active').length} billing={buyerPaths.resources(organization)} />
      {(products.data === undefined || products.data.data.length > 0) && (
        <div className={classes.halves}>
          <ActiveProducts products={products.data?.data} />
          <RecentActivity products={products.data?.data} />
        </div>
      )}
      <Recommended owned={products.data?.data.map(({ product_id }) => product_id)} />
    </Page>
  );
};

const Figures = ({ active, billing }: { active: number | undefined; billing: string }) => {
  const { id } = useOrganization();
  const wallet = useEndpoint(billingEndpoints.getWallet, { params: { organizationId: id } });
  const usage = useEndpoint(analyticsEndpoints.organizationUsage, { params: { organizationId: id }, query: { days: DAYS } });
  const period = 'last month';
  return (
    <>
      {(usage.isError || wallet.isError) && <FailedState error={usage.error ?? wallet.error} onRetry={() => { void usage.refetch(); void wallet.refetch(); }} kept="The rest of this page is not affected." />}
      <div className={classes.five}>
        <StatTile label="Credit balance" value={wallet.data === undefined ? (wallet.isError ? '–' : undefined) : formatNumber(wallet.data.available)} hint={<TextLink size="xs" to={billing}>Add credits</TextLink>} />
        {!(usage.isError && usage.data === undefined) && (
          <>
            <FigureTile name="credits" report={usage.data} period={period} />
            <FigureTile name="messages" report={usage.data} period={period} />
            <FigureTile name="sessions" report={usage.data} period={period} />
          </>
        )}
        <StatTile label="Active products" value={active === undefined ? undefined : formatNumber(active)} />
      </div>
    </>
  );
};
