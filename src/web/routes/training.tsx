import { useEndpoint } from '#web/api/use-endpoint.ts';
import { publicPaths } from '#web/url/paths.ts';
import { Training } from '#modules/knowledge/web/training.tsx';
import { subscriptionEndpoints } from '#modules/subscriptions/contract.ts';
import { useConfigureForm } from '#modules/subscriptions/web/configure.tsx';
import { useOwnWords } from '#modules/subscriptions/web/own-words.ts';
import { useSubscription } from '#modules/subscriptions/web/subscription-context.ts';

/** The knowledge of a product, with the part of its configuration that says how answers are drawn from it. */
export const TrainingScreen = () => {
  const { id, product_id: productId } = useSubscription();
  const { prompts } = useOwnWords(productId);
  const { data } = useEndpoint(subscriptionEndpoints.getConfiguration, { params: { subscriptionId: id } });
  const splitting = data && JSON.stringify(data.effective.rag.chunking);
  return <Training settings={useConfigureForm('knowledge')} splitting={splitting} plansTo={publicPaths.product(productId)} examples={prompts} />;
};
