import { Anchor, Text, Title } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useEndpoint } from '#web/api/use-endpoint.ts';
import { CATEGORIES } from '#web/kit/category.tsx';
import { formatDate } from '#web/kit/format.ts';
import { TextLink } from '#web/kit/link.tsx';
import { publicPaths } from '#web/url/paths.ts';
import { identityEndpoints } from '#modules/identity/contract.ts';
import type { ProductDetail } from '#modules/catalog/contract.ts';
import { ProviderName } from './product-card.tsx';
import { departmentWord, titled } from './price-words.ts';
import { videoPage } from './screenshots.tsx';
import classes from './product-page.module.css';

/** An address of another site, opened in a new tab. */
const Outside = ({ href, children }: { href: string; children: ReactNode }) => (
  <Anchor href={href} target="_blank" rel="noopener noreferrer" className={classes.outside}>{children}<IconExternalLink size={14} aria-hidden /></Anchor>
);

const host = (url: string): string => { try { return new URL(url).host; } catch { return url; } };

const Line = ({ label, children }: { label: string; children: ReactNode }) => <div><dt>{label}</dt><dd>{children}</dd></div>;

/** The short facts beside the long text: kind, version, provider, documentation. */
export const ProductAside = ({ product }: { product: ProductDetail }) => {
  const provider = useEndpoint(identityEndpoints.getProvider, { params: { providerId: product.provider.id } }, { organizationId: null, staleMs: 600_000 });
  const category = CATEGORIES[product.category];
  const video = videoPage(product.video_url);
  const latest = product.versions[0];
  return (
    <aside className={classes.aside} aria-label="About this product">
      <dl className={classes.lines}>
        <Line label="Category"><TextLink to={publicPaths.category(category.slug)}>{category.plural}</TextLink></Line>
        {product.subcategory !== '' && <Line label="Type">{titled(product.subcategory)}</Line>}
        {product.departments.length > 0 && <Line label="Made for">{product.departments.map(departmentWord).join(', ')}</Line>}
        <Line label="Version">{product.version}{latest !== undefined && <Text span c="dimmed">, {formatDate(latest.published_at)}</Text>}</Line>
        {product.docs_url !== null && <Line label="Documentation"><Outside href={product.docs_url}>{host(product.docs_url)}</Outside></Line>}
        {video !== null && <Line label="Video"><Outside href={video}>Watch the demo</Outside></Line>}
        {product.tags.length > 0 && <Line label="Tags"><span className={classes.tags}>{product.tags.map((tag) => <TextLink key={tag} to={`/marketplace/?tag=${encodeURIComponent(tag)}`} className={classes.tag}>{tag}</TextLink>)}</span></Line>}
      </dl>
      <section className={classes.providerBox} aria-labelledby="provider">
        <Title order={3} id="provider">Provider</Title>
        <ProviderName provider={product.provider} />
        {provider.data !== undefined && provider.data.description !== '' && <Text c="dimmed" dir="auto">{provider.data.description}</Text>}
        {provider.data?.website != null && /^https?:/.test(provider.data.website) && <Outside href={provider.data.website}>{host(provider.data.website)}</Outside>}
      </section>
    </aside>
  );
};
