import { publicPaths } from '#web/url/paths.ts';
import { Training } from '#modules/knowledge/web/training.tsx';
import { useConfigureForm } from '#modules/subscriptions/web/configure.tsx';
import { useOwnWords } from '#modules/subscriptions/web/own-words.ts';
import { useSubscription } from '#modules/subscriptions/web/subscription-context.ts';

/** The knowledge of a product, with the part of its configuration that says how answers are drawn from it. */
export const TrainingScreen = () => {
  const { product_id: productId } = useSubscription();
  const { prompts } = useOwnWords(productId);
  return <Training settings={useConfigureForm('knowledge')} plansTo={publicPaths.product(productId)} examples={prompts} />;
};
