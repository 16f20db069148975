import { Badge } from '@mantine/core';
import { useOverlays } from '#modules/catalog/web/storefront-state.ts';
import type { ProductDetail } from '#modules/catalog/contract.ts';
import { DemoConversation } from './demo-conversation.tsx';
import classes from './demo.module.css';

/** The demo beside the first words of a product's page. */
export const DemoPanel = ({ product }: { product: ProductDetail }) => {
  const { openSubscribe } = useOverlays();
  return (
    <section className={classes.panel} aria-label={`Demo of ${product.name}`}>
      <div className={classes.panelHead}><b>Try it here</b><Badge color="gray">Demo, nothing is kept</Badge></div>
      <div className={classes.body}><DemoConversation product={product} onSubscribe={() => { openSubscribe({}); }} /></div>
    </section>
  );
};
