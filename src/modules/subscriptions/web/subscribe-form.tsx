import { Alert, Button, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import type { Output } from '#platform/contract/endpoint.ts';
import { callEndpoint } from '#web/api/call-endpoint.ts';
import type { ApiProblem } from '#web/api/problem.ts';
import { useEndpoint, useInvalidate } from '#web/api/use-endpoint.ts';
import { formatCredits } from '#web/kit/format.ts';
import { routeTarget, TextLink } from '#web/kit/link.tsx';
import { FailedState } from '#web/kit/states.tsx';
import { setActingOrganization } from '#web/session/acting-organization.ts';
import { useSession } from '#web/session/session.ts';
import { buyerPaths } from '#web/url/paths.ts';
import { billingEndpoints } from '#modules/billing/contract.ts';
import type { Plan, ProductDetail } from '#modules/catalog/contract.ts';
import { unitWord } from '#modules/catalog/web/price-words.ts';
import { useOverlays } from '#modules/catalog/web/storefront-state.ts';
import { subscriptionEndpoints } from '#modules/subscriptions/contract.ts';
import { priceOf } from './plan-choice.tsx';
import { ProjectChoice } from './project-choice.tsx';
import { costOf, targetOf, type Target } from './subscribe-state.ts';
import classes from './subscribe.module.css';

type Subscribed = Output<typeof subscriptionEndpoints.subscribe>;

/** Project, cost, balance before and after, and the one click. */
export const SubscribeForm = ({ product, plan, cycle }: { product: ProductDetail; plan: Plan; cycle: 'monthly' | 'yearly' }) => {
  const { organizations, organization } = useSession();
  const { close } = useOverlays();
  const [chosen, setChosen] = useState<string | null>(null);
  const target = targetOf(organizations, organization?.id ?? null, chosen);
  const buy = useBuy();
  const cost = costOf(plan, cycle);
  const free = cost.minor === 0;
  return (
    <form className={classes.form} onSubmit={(event) => { event.preventDefault(); if (target !== null) buy.mutate({ target, product, plan, cycle: cost.cycle }); }}>
      <ProjectChoice target={target} onChoose={setChosen} />
      <AlreadyThere product={product} target={target} />
      <Costs product={product} plan={plan} cycle={cycle} organizationId={target?.organizationId ?? null} />
      {buy.isError && <FailedState error={buy.error} />}
      <Stack gap="xs">
        <Button type="submit" fullWidth loading={buy.isPending} disabled={target === null}>{free ? 'Subscribe' : 'Continue to payment'}</Button>
        <Button variant="subtle" color="gray" fullWidth onClick={close} disabled={buy.isPending}>Cancel</Button>
      </Stack>
    </form>
  );
};

/** Says so where the project has the product already; another copy may still be wanted. */
const AlreadyThere = ({ product, target }: { product: ProductDetail; target: Target | null }) => {
  const mine = useEndpoint(subscriptionEndpoints.list, { query: { project_id: target?.projectId } }, { organizationId: target?.organizationId ?? null, enabled: target !== null });
  const copy = mine.data?.data.find(({ product_id, state }) => product_id === product.id && state === 'active');
  if (copy === undefined || target === null) return null;
  return <Text c="dimmed" size="xs">This project already has it. <TextLink size="xs" underline="always" to={buyerPaths.subscription(target.organizationId, copy.id)}>Open it</TextLink>, or subscribe to another copy.</Text>;
};

/** Sends the order once, however often the button is pressed, and goes on to the product or to the payment. */
const useBuy = () => {
  const navigate = useNavigate();
  const client = useQueryClient();
  const invalidate = useInvalidate();
  // The same wish has the same key, so that a repeated click or a lost answer buys once.
  const keys = useRef(new Map<string, string>());
  return useMutation<Subscribed, ApiProblem, { target: Target; product: ProductDetail; plan: Plan; cycle: 'monthly' | 'yearly' }>({
    mutationFn: ({ target, product, plan, cycle }) => {
      const wish = [target.projectId, plan.id, cycle].join(' ');
      const idempotencyKey = keys.current.get(wish) ?? crypto.randomUUID();
      keys.current.set(wish, idempotencyKey);
      return callEndpoint(subscriptionEndpoints.subscribe, { body: { product_id: product.id, plan_id: plan.id, project_id: target.projectId, cycle } }, { organizationId: target.organizationId, idempotencyKey });
    },
    onSuccess: async ({ subscription_id, checkout_url }, { target }) => {
      setActingOrganization(target.organizationId);
      void invalidate(subscriptionEndpoints.list, billingEndpoints.listOrders, billingEndpoints.getWallet);
      if (checkout_url === null) { await navigate({ to: buyerPaths.subscription(target.organizationId, subscription_id) }); return; }
      if (!checkout_url.startsWith('/')) { window.location.assign(checkout_url); return; }
      const page = routeTarget(checkout_url);
      await navigate({ to: page.to, search: page.search as never });
    },
    onError: (problem) => { if (problem.status === 404) void client.invalidateQueries(); },
  });
};

const Costs = ({ product, plan, cycle, organizationId }: { product: ProductDetail; plan: Plan; cycle: 'monthly' | 'yearly'; organizationId: string | null }) => {
  const wallet = useEndpoint(billingEndpoints.getWallet, { params: { organizationId: organizationId ?? '' } }, { organizationId, enabled: organizationId !== null });
  const { rateCard } = plan.terms;
  const { configuration: { rag }, interfaces: { chat } } = product.capabilities;
  const unit = unitWord(product.category);
  const available = wallet.data?.available;
  const per = (credits: number) => (credits === 0 ? 'Included' : formatCredits(credits));
  const short = available !== undefined && rateCard.message > 0 && available < rateCard.message;
  return (
    <>
      <dl className={classes.costs}>
        <div><dt>Today</dt><dd>{costOf(plan, cycle).minor === 0 ? 'Nothing to pay' : priceOf(plan, cycle)}</dd></div>
        <div><dt>Each {unit}</dt><dd>{per(rateCard.message)}</dd></div>
        {rag.enabled && <div><dt>Each document, once</dt><dd>{per(rateCard.document)}</dd></div>}
        {chat.features.imageInput && <div><dt>Each image</dt><dd>{per(rateCard.image)}</dd></div>}
        {chat.modes.includes('voice') && <div><dt>Each voice {unit}</dt><dd>{per(rateCard.voice)}</dd></div>}
        <div className={classes.line}><dt>Your balance</dt><dd>{available === undefined ? '…' : formatCredits(available)}</dd></div>
        {rateCard.message > 0 && <div><dt>After the first {unit}</dt><dd>{available === undefined ? '…' : short ? 'Not enough credits' : formatCredits(available - rateCard.message)}</dd></div>}
      </dl>
      {short && organizationId !== null && (
        <Alert color="amber" title="Top up to use it">
          <Text>You can subscribe now. The first {unit} needs {formatCredits(rateCard.message)}. <TextLink underline="always" to={`${buyerPaths.resources(organizationId)}?topup=1`}>Top up</TextLink></Text>
        </Alert>
      )}
    </>
  );
};
