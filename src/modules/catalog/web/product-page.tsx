import { Badge, Breadcrumbs, Button, Group, Skeleton, Text, Title } from '@mantine/core';
import { useDocumentTitle, useIntersection } from '@mantine/hooks';
import { IconBolt, IconCheck, IconListCheck, IconScale } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useEndpoint } from '#web/api/use-endpoint.ts';
import { CATEGORIES, CategoryChip } from '#web/kit/category.tsx';
import { formatDate } from '#web/kit/format.ts';
import { LinkButton, TextLink } from '#web/kit/link.tsx';
import { Markdown } from '#web/kit/markdown.tsx';
import { ProductMark } from '#web/kit/product-mark.tsx';
import { EmptyState, FailedState } from '#web/kit/states.tsx';
import { useBrandName } from '#web/session/session.ts';
import { publicPaths } from '#web/url/paths.ts';
import { useRouteParam } from '#web/url/search-state.ts';
import { marketplaceEndpoints, type ProductDetail } from '#modules/catalog/contract.ts';
import { capabilityFacts, type FactGroup } from './capability-facts.ts';
import { CapabilityList } from './capability-list.tsx';
import { comparePath } from './compare-path.ts';
import { priceWords, runsWords } from './price-words.ts';
import { ProductAside } from './product-aside.tsx';
import { ProviderName, RatingWords } from './product-card.tsx';
import { ProductPlans } from './product-plans.tsx';
import { Reviews } from './reviews.tsx';
import { Screenshots } from './screenshots.tsx';
import { SimilarProducts } from './similar-products.tsx';
import { useOverlays } from './storefront-state.ts';
import classes from './product-page.module.css';

/** A product in the storefront. `demo` draws the conversation to try it in, beside the first words. */
export const ProductPage = ({ demo }: { demo: (product: ProductDetail) => ReactNode }) => {
  const product = useEndpoint(marketplaceEndpoints.getProduct, { params: { productId: useRouteParam('id') } }, { organizationId: null, staleMs: 60_000 });
  if (product.data !== undefined) return <Loaded product={product.data} demo={demo} />;
  if (!product.isError) return <ProductSkeleton />;
  if (product.error.status !== 404 && product.error.status !== 422) return <div className={classes.page}><FailedState error={product.error} onRetry={() => { void product.refetch(); }} /></div>;
  return (
    <div className={classes.page}>
      <EmptyState title="This product is not in the marketplace" action={<LinkButton to={publicPaths.marketplace()}>See all products</LinkButton>}>
        It may have been taken off by its provider. Subscriptions to it keep working.
      </EmptyState>
    </div>
  );
};

const SECTIONS = [['about', 'About'], ['capabilities', 'Capabilities'], ['plans', 'Plans'], ['reviews', 'Reviews'], ['versions', 'Versions']] as const;

const Loaded = ({ product, demo }: { product: ProductDetail; demo: (product: ProductDetail) => ReactNode }) => {
  const brand = useBrandName();
  useDocumentTitle(`${product.name} · ${brand}`);
  const { ref, entry } = useIntersection<HTMLDivElement>();
  const category = CATEGORIES[product.category];
  return (
    <div className={classes.page}>
      <Breadcrumbs component="nav" aria-label="Breadcrumb" separatorMargin={6} className={classes.crumbs}>
        <TextLink to={publicPaths.marketplace()} c="dimmed">Marketplace</TextLink>
        <TextLink to={publicPaths.marketplace(category.slug)} c="dimmed">{category.plural}</TextLink>
        <Text c="dimmed" aria-current="page">{product.name}</Text>
      </Breadcrumbs>
      <div className={classes.hero} data-demo={product.can_try || undefined}>
        <div className={classes.pitch}>
          <div className={classes.naming}>
            <ProductMark name={product.name} logo={product.logo} category={product.category} size={64} />
            <div><Title order={1}>{product.name}</Title><ProviderName provider={product.provider} by /></div>
          </div>
          <p className={classes.sentence} dir="auto">{product.summary}</p>
          <div className={classes.numbers}><CategoryChip category={product.category} /><RatingWords rating={product.rating} ratings={product.ratings} /><span className="tabular">{runsWords(product.runs)}</span></div>
          <OwnChecks product={product} />
          <div className={classes.cost}>{product.credits_per_message !== null && <IconBolt size={18} aria-hidden />}{priceWords(product)}</div>
          <div ref={ref}><Actions product={product} /></div>
          <Highlights product={product} />
        </div>
        {product.can_try && <div className={classes.demo}>{demo(product)}</div>}
      </div>
      <Screenshots name={product.name} paths={product.screenshots} />
      <nav className={classes.anchors} aria-label="On this page">{SECTIONS.map(([id, title]) => <a key={id} href={`#${id}`}>{title}</a>)}</nav>
      <div className={classes.columns}>
        <div className={classes.main}>
          <Section id="about" title="About"><div className={classes.prose}><Markdown>{product.description}</Markdown></div></Section>
          <Section id="capabilities" title="Capabilities"><CapabilityList product={product} /></Section>
        </div>
        <ProductAside product={product} />
      </div>
      <Section id="plans" title="Plans"><ProductPlans product={product} /></Section>
      <Section id="reviews" title="Reviews"><Reviews product={product} /></Section>
      <Section id="versions" title="Versions"><Versions product={product} /></Section>
      <SimilarProducts product={product} />
      <BuyBar product={product} shown={entry !== null && !entry.isIntersecting} />
    </div>
  );
};

/** How the version on sale did in the checks of its provider: named as the provider's own, with its date. */
const OwnChecks = ({ product: { checks, version } }: { product: ProductDetail }) => (checks === null ? null : (
  <div className={classes.checks}>
    <IconListCheck size={18} aria-hidden />
    <span className="tabular">Passes {checks.passed} of {checks.total} of its own checks</span>
    <Text span c="dimmed" size="sm">version {version}, <time dateTime={checks.checked_at}>{formatDate(checks.checked_at)}</time></Text>
  </div>
));

/** The few lines that decide most: what it does and where it can be reached. */
const Highlights = ({ product }: { product: ProductDetail }) => {
  const groups = capabilityFacts(product);
  const of = (key: FactGroup['key'], count: number) => groups.find((group) => group.key === key)?.facts.slice(0, count) ?? [];
  return (
    <ul className={classes.highlights} aria-label="In short">
      {[...of('does', 3), ...of('channels', 3).slice(-2)].map(({ text }) => <li key={text}><IconCheck size={16} aria-hidden />{text}</li>)}
    </ul>
  );
};

const Section = ({ id, title, children }: { id: string; title: string; children: ReactNode }) => (
  <section id={id} className={classes.section} aria-labelledby={`${id}-title`}><Title order={2} id={`${id}-title`}>{title}</Title>{children}</section>
);

const Actions = ({ product }: { product: ProductDetail }) => {
  const { openDemo, openSubscribe } = useOverlays();
  if (product.availability === 'coming') {
    return (
      <Group gap="sm">
        <Badge color="gray" size="lg">Coming</Badge>
        <Text c="dimmed">This installation cannot run it yet.</Text>
      </Group>
    );
  }
  return (
    <Group gap="sm">
      <Button size="md" onClick={() => { openSubscribe({}); }}>Subscribe</Button>
      {product.can_try && <Button size="md" variant="default" className={classes.tryButton} onClick={() => { openDemo(product.slug); }}>Try it</Button>}
      <LinkButton size="md" variant="subtle" color="gray" to={comparePath([product.slug])} leftSection={<IconScale size={16} />}>Compare</LinkButton>
    </Group>
  );
};

/** Follows along once the first buttons are out of sight. */
const BuyBar = ({ product, shown }: { product: ProductDetail; shown: boolean }) => {
  const { openDemo, openSubscribe } = useOverlays();
  if (product.availability === 'coming' || !shown) return null;
  return (
    <div className={classes.buyBar} role="region" aria-label={`Buy ${product.name}`}>
      <span className={classes.buyName}><ProductMark name={product.name} logo={product.logo} category={product.category} size={32} /><span><b>{product.name}</b><small>{priceWords(product)}</small></span></span>
      <Group gap="xs" wrap="nowrap">
        {product.can_try && <Button variant="default" onClick={() => { openDemo(product.slug); }}>Try</Button>}
        <Button onClick={() => { openSubscribe({}); }}>Subscribe</Button>
      </Group>
    </div>
  );
};

const Versions = ({ product }: { product: ProductDetail }) => (
  <ol className={classes.versions} reversed>
    {product.versions.map((version) => (
      <li key={version.number}>
        <div className={classes.versionHead}><b>Version {version.number}</b>{version.number === product.version && <Badge color="gray">Current</Badge>}<Text span c="dimmed" size="xs"><time dateTime={version.published_at}>{formatDate(version.published_at)}</time></Text></div>
        {version.changelog === '' ? <Text c="dimmed">{version.number === 1 ? 'First version.' : 'No notes.'}</Text> : <Markdown breaks>{version.changelog}</Markdown>}
      </li>
    ))}
  </ol>
);

const ProductSkeleton = () => (
  <div className={classes.page} role="status" aria-label="Loading" aria-busy>
    <Skeleton h={12} w={220} />
    <div className={classes.hero} data-demo>
      <div className={classes.pitch}>
        <div className={classes.naming}><Skeleton h={64} w={64} /><div><Skeleton h={28} w={240} /><Skeleton h={12} w={140} mt={10} /></div></div>
        <Skeleton h={16} mt={8} /><Skeleton h={16} w="70%" /><Skeleton h={12} w="50%" mt={8} /><Skeleton h={42} w={260} mt={12} />
      </div>
      <div className={classes.demo}><Skeleton h="100%" mih={420} /></div>
    </div>
    <Skeleton h={240} />
  </div>
);
