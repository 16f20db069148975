import { Text, Title } from '@mantine/core';
import { CategoryChip } from '#web/kit/category.tsx';
import { Markdown } from '#web/kit/markdown.tsx';
import { PlanTable } from '#web/kit/plan-table.tsx';
import { ProductMark } from '#web/kit/product-mark.tsx';
import type { ProductDetail } from '../../contract.ts';
import { CapabilityList } from '../capability-list.tsx';
import { planColumn, planRows } from '../plan-rows.ts';
import { priceWords } from '../price-words.ts';
import { ProductCard, ProviderName } from '../product-card.tsx';
import { Screenshots } from '../screenshots.tsx';
import classes from './product-preview.module.css';

const nothing = () => undefined;

/** The card of the marketplace, to look at: nothing in it can be pressed. */
export const CardPreview = ({ product }: { product: ProductDetail }) => (
  <div inert className={classes.card} aria-label="Card in the marketplace"><ProductCard card={product} onTry={nothing} onAdd={nothing} compared={[]} onCompare={nothing} /></div>
);

/** The product page in its parts: head, pictures, description, capabilities, plans. */
export const PagePreview = ({ product }: { product: ProductDetail }) => (
  <div className={classes.page}>
    <header className={classes.head}>
      <ProductMark name={product.name} logo={product.logo} category={product.category} size={56} />
      <div className={classes.name}>
        <Title order={2}>{product.name}</Title>
        <ProviderName provider={product.provider} by />
      </div>
    </header>
    <div>
      <Text size="md">{product.summary}</Text>
      <div className={classes.facts}><CategoryChip category={product.category} /><Text c="dimmed" span>{priceWords(product)}</Text></div>
    </div>
    <Screenshots name={product.name} paths={product.screenshots} />
    {product.description.trim() !== '' && <section><Title order={3} mb="xs">About</Title><Markdown>{product.description}</Markdown></section>}
    <section><Title order={3} mb="xs">Capabilities</Title><CapabilityList product={product} /></section>
    {product.plans.length > 0 && (
      <section><Title order={3} mb="xs">Plans</Title><PlanTable plans={product.plans.map((plan) => planColumn(plan, product.category))} rows={planRows(product.plans, product.capabilities)} /></section>
    )}
  </div>
);
