import { Text, Title } from '@mantine/core';
import { SubscriptionConnections } from '#modules/connections/web/requirements.tsx';
import { useSubscription } from './subscription-context.ts';

/** The other systems a product uses, and with which access of the buyer's. */
export const ProductSystems = () => {
  const { id } = useSubscription();
  return (
    <section aria-label="Connections">
      <Title order={2} size="h3">Connections</Title>
      <Text c="dimmed" mb="md" maw="46rem">Systems this product uses. What you choose here serves this product only; its credentials are never shown to the provider.</Text>
      <SubscriptionConnections subscriptionId={id} />
    </section>
  );
};
