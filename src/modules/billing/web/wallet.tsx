import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { z } from 'zod';
import { useEndpoint } from '#web/api/use-endpoint.ts';
import { formatCredits, formatNumber } from '#web/kit/format.ts';
import { Page } from '#web/kit/page.tsx';
import { StatTile, StatTiles } from '#web/kit/stat-tile.tsx';
import { FailedState } from '#web/kit/states.tsx';
import { useHasRole, useOrganization } from '#web/session/session.ts';
import { useSearchState } from '#web/url/search-state.ts';
import { billingEndpoints } from '#modules/billing/contract.ts';
import { CreditHistory } from './credit-history.tsx';
import { TopUpDialog } from './top-up-dialog.tsx';

const Address = z.object({ topup: z.string().catch('') });

/** Credits of the organization: balance, buying more, what moved them. `subscriptions` stands between balance and history. */
export const WalletPage = ({ subscriptions, nameOf }: {
  subscriptions: ReactNode;
  /** The name of a subscription, where it is known. */
  nameOf: (subscriptionId: string) => string | undefined;
}) => {
  const organization = useOrganization();
  const mayBuy = useHasRole('billing');
  const [{ topup }, set] = useSearchState(Address);
  const wallet = useEndpoint(billingEndpoints.getWallet, { params: { organizationId: organization.id } }, { organizationId: organization.id });
  const shown = (value: number | undefined) => (value === undefined ? undefined : formatNumber(value));
  return (
    <Page
      title="Subscriptions and billing" description={`Credits belong to ${organization.name} and are shared by all its projects.`}
      action={mayBuy && <Button leftSection={<IconPlus size={16} />} onClick={() => { set({ topup: '1' }, { push: true }); }}>Top up</Button>}
    >
      {wallet.isError && wallet.data === undefined ? <FailedState error={wallet.error} onRetry={() => { void wallet.refetch(); }} /> : (
        <StatTiles>
          <StatTile label="Available" value={shown(wallet.data?.available)} unit="credits" hint="For the next messages and documents" />
          <StatTile label="Held" value={shown(wallet.data?.held)} unit="credits" hint="Reserved by what is running now" />
          <StatTile label="Balance" value={shown(wallet.data?.balance)} unit="credits" hint="Available and held together" />
        </StatTiles>
      )}
      {subscriptions}
      <CreditHistory nameOf={nameOf} />
      <TopUpDialog opened={topup !== '' && mayBuy} onClose={() => { set({ topup: '' }); }} balance={wallet.data === undefined ? null : formatCredits(wallet.data.available)} />
    </Page>
  );
};
