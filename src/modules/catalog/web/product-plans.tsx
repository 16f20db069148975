import { Button, Text } from '@mantine/core';
import { PlanTable } from '#web/kit/plan-table.tsx';
import { useEndpoint } from '#web/api/use-endpoint.ts';
import { identityEndpoints } from '#modules/identity/contract.ts';
import type { ProductDetail } from '#modules/catalog/contract.ts';
import { isForSale, planColumn, planRows, yearlySaving } from './plan-rows.ts';
import { useOverlays } from './storefront-state.ts';

/** Plans beside each other. What is compared is what is enforced. */
export const ProductPlans = ({ product }: { product: ProductDetail }) => {
  const { openSubscribe } = useOverlays();
  const provider = useEndpoint(identityEndpoints.getProvider, { params: { providerId: product.provider.id } }, { organizationId: null, staleMs: 600_000 });
  const plans = product.plans.toSorted((a, b) => a.position - b.position);
  if (plans.length === 0) return <Text c="dimmed">The provider has not published a plan yet.</Text>;
  const website = provider.data?.website ?? null;
  const saving = Math.max(0, ...plans.map((plan) => yearlySaving(plan) ?? 0));
  const coming = product.availability === 'coming';
  return (
    <>
      <PlanTable
        plans={plans.map((plan) => planColumn(plan, product.category, plan.terms.tier === 'pro'))} rows={planRows(plans, product.capabilities)}
        action={(column, period) => {
          const plan = plans.find(({ id }) => id === column.id);
          if (plan === undefined) return undefined;
          if (!isForSale(plan)) {
            return website !== null && /^https?:/.test(website)
              ? <Button component="a" href={website} target="_blank" rel="noopener noreferrer" fullWidth variant="default">Contact {product.provider.name}</Button>
              : <Text size="xs" c="dimmed">Agreed with {product.provider.name}</Text>;
          }
          return (
            <Button fullWidth disabled={coming} variant={column.highlighted === true ? 'filled' : 'default'} aria-label={`Choose ${column.name}`} onClick={() => { openSubscribe({ id: column.id, cycle: typeof column.yearly === 'number' ? period : 'monthly' }); }}>
              {coming ? 'Coming' : 'Choose'}
            </Button>
          );
        }}
      />
      <Text size="xs" c="dimmed" mt="sm">
        {saving > 0 && `Paying yearly saves up to ${saving}%. `}Prices exclude taxes. Credits come from the wallet of your organization and are only charged for what succeeded.
      </Text>
    </>
  );
};
