import { Button, Text, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useLocation } from '@tanstack/react-router';
import { useEndpoint } from '#web/api/use-endpoint.ts';
import { formatMoney } from '#web/kit/format.ts';
import { LinkButton, TextLink } from '#web/kit/link.tsx';
import { EmptyState, FailedState, LoadingSkeleton } from '#web/kit/states.tsx';
import { useBrandName, useSession } from '#web/session/session.ts';
import { buyerPaths, publicPaths } from '#web/url/paths.ts';
import { safeNext } from '#web/url/safe-next.ts';
import { useRouteParam } from '#web/url/search-state.ts';
import { billingEndpoints, type Checkout } from '#modules/billing/contract.ts';
import { orderPath } from './order-path.ts';
import { PayForm } from './pay-form.tsx';
import classes from './pay-page.module.css';

/** The payment page of the sandbox: stands for the page of a payment provider, and says so. */
export const PayPage = () => {
  useDocumentTitle(`Payment · ${useBrandName()}`);
  const { user, known, organization } = useSession();
  const here = useLocation().href;
  const checkoutId = useRouteParam('id');
  const checkout = useEndpoint(billingEndpoints.getCheckout, { params: { checkoutId } }, { organizationId: organization?.id ?? null, enabled: organization !== null });
  if (known && user === null) {
    return <div className={classes.alone}><EmptyState title="Sign in to pay" action={<LinkButton to={publicPaths.login(here)}>Sign in</LinkButton>}>This payment belongs to an organization. Sign in as one of its members.</EmptyState></div>;
  }
  if (checkout.data !== undefined) return <Payment checkout={checkout.data} orgId={organization?.id ?? ''} />;
  if (checkout.isError && checkout.error.status === 404) {
    return <div className={classes.alone}><EmptyState title="There is no such payment" action={<LinkButton to={publicPaths.marketplace()}>Go to the marketplace</LinkButton>}>It may belong to another organization of yours: choose that one at the top of the console, then open this page again.</EmptyState></div>;
  }
  return <div className={classes.alone}>{checkout.isError ? <FailedState error={checkout.error} onRetry={() => { void checkout.refetch(); }} /> : <LoadingSkeleton shape="form" count={3} />}</div>;
};

const Payment = ({ checkout, orgId }: { checkout: Checkout; orgId: string }) => (
  <div className={classes.page}>
    <section className={classes.summary} aria-labelledby="pay-title">
      <Text c="dimmed" id="pay-title" component="h1" className={classes.what}>{checkout.purpose === 'top-up' ? 'Buy credits' : 'Subscribe'}</Text>
      <div className={classes.amount}>{formatMoney(checkout.amount_minor, checkout.currency)}</div>
      <dl className={classes.lines}>
        <div><dt>{checkout.description}</dt><dd>{formatMoney(checkout.amount_minor, checkout.currency)}</dd></div>
        <div className={classes.total}><dt>Due today</dt><dd>{formatMoney(checkout.amount_minor, checkout.currency)}</dd></div>
      </dl>
    </section>
    <section className={classes.form} aria-label="Payment">
      {checkout.state === 'paid' ? <Paid checkout={checkout} /> : checkout.state === 'expired' ? <Closed checkout={checkout} orgId={orgId} />
        : checkout.provider === 'sandbox' ? <PayForm checkout={checkout} orgId={orgId} /> : <Elsewhere checkout={checkout} />}
    </section>
  </div>
);

const Paid = ({ checkout }: { checkout: Checkout }) => (
  <div className={classes.done}>
    <Title order={2}>Payment received</Title>
    <Text c="dimmed">{checkout.purpose === 'top-up' ? `${checkout.description} are in your wallet.` : 'Your subscription is active.'}</Text>
    <LinkButton to={safeNext(checkout.return_path)} mt="md">{checkout.purpose === 'top-up' ? 'Back to your wallet' : 'Open the product'}</LinkButton>
    {checkout.order_id !== null && <TextLink to={orderPath(checkout.order_id)}>Order confirmation</TextLink>}
  </div>
);

const Closed = ({ checkout, orgId }: { checkout: Checkout; orgId: string }) => (
  <div className={classes.done}>
    <Title order={2}>This payment has expired</Title>
    <Text c="dimmed">Nothing was charged. {checkout.order_id === null ? 'Start again from your wallet.' : 'Start again from the order or from the product.'}</Text>
    <LinkButton to={checkout.order_id === null ? buyerPaths.resources(orgId) : buyerPaths.orders(orgId)} variant="default" mt="md">{checkout.order_id === null ? 'Go to your wallet' : 'Go to your orders'}</LinkButton>
  </div>
);

const Elsewhere = ({ checkout }: { checkout: Checkout }) => (
  <div className={classes.done}>
    <Title order={2}>You pay at {checkout.provider}</Title>
    <Text c="dimmed">The payment page opens in this tab and brings you back here.</Text>
    {checkout.url.startsWith('https://') && <Button component="a" href={checkout.url} mt="md">Continue to payment</Button>}
  </div>
);
