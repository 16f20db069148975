import { Title } from '@mantine/core';
import { useEndpoint } from '#web/api/use-endpoint.ts';
import { CategoryChip } from '#web/kit/category.tsx';
import { formatCredits, formatMoney } from '#web/kit/format.ts';
import { PlainLink, TextLink } from '#web/kit/link.tsx';
import { ProductMark } from '#web/kit/product-mark.tsx';
import { publicPaths } from '#web/url/paths.ts';
import { marketplaceEndpoints, type ProductCard } from '#modules/catalog/contract.ts';
import classes from './activity.module.css';

const SHOWN = 4;
/** Asked for, so that enough are left once what one has is taken out. */
const ASKED = 16;

const priceOf = ({ credits_per_message, price_from_minor, currency }: ProductCard): string => [
  ...(credits_per_message === null ? [] : [`${formatCredits(credits_per_message)} per message`]),
  ...(price_from_minor === null || price_from_minor === 0 ? [] : [`from ${formatMoney(price_from_minor, currency, { short: true })} a month`]),
].join(' · ');

/** The best loved products the organization does not have; `owned` is undefined until that is known. */
export const Recommended = ({ owned }: { owned: readonly string[] | undefined }) => {
  const { data } = useEndpoint(marketplaceEndpoints.searchProducts, { query: { sort: 'popular', limit: ASKED } }, { staleMs: 300_000 });
  const shown = owned === undefined ? [] : (data?.data ?? []).filter(({ id, availability }) => availability === 'available' && !owned.includes(id)).slice(0, SHOWN);
  if (shown.length === 0) return null;
  return (
    <section aria-label="Recommended for you">
      <div className={classes.sectionHead}><Title order={2} size="h3">Popular in the marketplace</Title><TextLink to={publicPaths.marketplace()}>Browse all</TextLink></div>
      <ul className={classes.products}>
        {shown.map((product) => (
          <li key={product.id} className={classes.product}>
            <div className={classes.productHead}>
              <ProductMark name={product.name} logo={product.logo} category={product.category} size={36} />
              <div>
                <PlainLink to={publicPaths.product(product.slug)} className={classes.productName}>{product.name}</PlainLink>
                <div className={classes.productLine}><CategoryChip category={product.category} /><span>{product.provider.name}</span></div>
              </div>
            </div>
            <div className={classes.summary}>{product.summary}</div>
            <div className={classes.price}>{priceOf(product)}</div>
          </li>
        ))}
      </ul>
    </section>
  );
};
