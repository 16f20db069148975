import { Alert, Badge, Button, Text, TextInput, UnstyledButton } from '@mantine/core';
import { IconFlask } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { callEndpoint } from '#web/api/call-endpoint.ts';
import { asProblem, type ApiProblem } from '#web/api/problem.ts';
import { formatMoney } from '#web/kit/format.ts';
import { routeTarget, TextLink } from '#web/kit/link.tsx';
import { FailedState } from '#web/kit/states.tsx';
import { toast } from '#web/kit/toast.tsx';
import { buyerPaths } from '#web/url/paths.ts';
import { safeNext } from '#web/url/safe-next.ts';
import { billingEndpoints, type Checkout } from '#modules/billing/contract.ts';
import { grouped, TEST_CARDS } from './test-cards.ts';
import classes from './pay-page.module.css';

/** Where a test card is entered. What the card does is decided by the server. */
export const PayForm = ({ checkout, orgId }: { checkout: Checkout; orgId: string }) => {
  const navigate = useNavigate();
  const client = useQueryClient();
  const [card, setCard] = useState('');
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<string | null>(checkout.failure);
  const [wrong, setWrong] = useState<string | null>(null);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const pay = async () => {
    if (card.replaceAll(' ', '').length !== 16) { setWrong('Enter the 16 digits of a card'); return; }
    setBusy(true);
    setRefused(null);
    setWrong(null);
    setProblem(null);
    try {
      const paid = await callEndpoint(billingEndpoints.paySandbox, { params: { checkoutId: checkout.id }, body: { card } }, { organizationId: orgId });
      if (paid.state !== 'paid') { setRefused(paid.failure ?? 'The payment did not go through. Try another card.'); return; }
      await client.invalidateQueries({ refetchType: 'none' });
      toast.success(checkout.purpose === 'top-up' ? `Payment received: ${checkout.description} added` : 'Payment received');
      const target = routeTarget(safeNext(paid.return_path));
      await navigate({ to: target.to, search: target.search as never, hash: target.hash });
    } catch (error) {
      const failed = asProblem(error);
      const field = failed.errors.find(({ path }) => /(^|[./])card$/.test(path));
      if (field !== undefined) setWrong(failed.detail || field.message);
      else setProblem(failed);
    } finally { setBusy(false); }
  };
  return (
    <form className={classes.pay} onSubmit={(event) => { event.preventDefault(); void pay(); }} noValidate>
      <div className={classes.sandbox}>
        <Badge color="amber" leftSection={<IconFlask size={12} aria-hidden />}>Sandbox</Badge>
        <Text>No money moves here. Pay with one of the test cards.</Text>
      </div>
      {refused !== null && <Alert color="red" role="alert" title="The payment did not go through"><Text>{refused} Nothing was charged, and your order is kept.</Text></Alert>}
      {problem !== null && <FailedState error={problem} />}
      <TextInput
        label="Card number" inputMode="numeric" autoComplete="off" placeholder="4242 4242 4242 4242" value={card} error={wrong} required withAsterisk={false} classNames={{ input: 'tabular' }} data-autofocus
        onChange={(event) => { setCard(grouped(event.currentTarget.value)); setWrong(null); }}
      />
      <div role="group" aria-label="Test cards" className={classes.cards}>
        {TEST_CARDS.map(({ number, outcome }) => (
          <UnstyledButton key={number} type="button" className={classes.card} data-chosen={card === number || undefined} onClick={() => { setCard(number); setWrong(null); }}>
            <span className="tabular">{number}</span><small>{outcome}</small>
          </UnstyledButton>
        ))}
      </div>
      <Button type="submit" size="md" fullWidth loading={busy}>Pay {formatMoney(checkout.amount_minor, checkout.currency)}</Button>
      <Text size="xs" c="dimmed" ta="center"><TextLink size="xs" to={checkout.order_id === null ? buyerPaths.resources(orgId) : buyerPaths.orders(orgId)}>Pay later</TextLink></Text>
    </form>
  );
};
