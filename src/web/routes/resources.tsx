import { useEndpoint } from '#web/api/use-endpoint.ts';
import { useOrganization } from '#web/session/session.ts';
import { WalletPage } from '#modules/billing/web/wallet.tsx';
import { subscriptionEndpoints } from '#modules/subscriptions/contract.ts';
import { ActiveSubscriptions } from '#modules/subscriptions/web/active-subscriptions.tsx';

/** Subscriptions and billing: the wallet of billing with the list of subscriptions in it. */
export const Resources = () => {
  const { id } = useOrganization();
  const subscriptions = useEndpoint(subscriptionEndpoints.list, { query: {} }, { organizationId: id });
  return (
    <WalletPage
      subscriptions={<ActiveSubscriptions query={subscriptions} orgId={id} />}
      nameOf={(subscriptionId) => subscriptions.data?.data.find((one) => one.id === subscriptionId)?.name}
    />
  );
};
