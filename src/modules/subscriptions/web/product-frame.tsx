import { ActionIcon, Alert, Button, Menu, Modal, Skeleton, Text } from '@mantine/core';
import { IconArrowUpCircle, IconBuildingStore, IconDots, IconPencil, IconPlayerPlay, IconStar, IconTrash } from '@tabler/icons-react';
import { Outlet, useLocation } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useCall, useEndpoint } from '#web/api/use-endpoint.ts';
import { SchemaForm } from '#web/form/schema-form.tsx';
import { CategoryChip } from '#web/kit/category.tsx';
import { ConfirmDialog } from '#web/kit/confirm-dialog.tsx';
import { formatDate } from '#web/kit/format.ts';
import { LinkButton, PlainLink, TextLink } from '#web/kit/link.tsx';
import { Page } from '#web/kit/page.tsx';
import { ProductMark } from '#web/kit/product-mark.tsx';
import { RouteTabs } from '#web/kit/route-tabs.tsx';
import { EmptyState, FailedState, LoadingSkeleton } from '#web/kit/states.tsx';
import { toast } from '#web/kit/toast.tsx';
import { useHasRole } from '#web/session/session.ts';
import { useGroupEntries } from '#web/shell/navigation.ts';
import { buyerPaths, publicPaths } from '#web/url/paths.ts';
import { useRouteParam } from '#web/url/search-state.ts';
import { CapabilityScope } from '#modules/capabilities/web/capability-scope.tsx';
import { ConnectionsNotice } from '#modules/connections/web/requirements.tsx';
import { SourcesNotice } from '#modules/knowledge/web/failing-sources.tsx';
import { subscriptionEndpoints, type Subscription } from '#modules/subscriptions/contract.ts';
import { configurePages } from './configure-pages.ts';
import { ReviewDialog } from './review-dialog.tsx';
import { StateBadge } from './state-badge.tsx';
import { SubscriptionContext } from './subscription-context.ts';
import { UpdateBanner } from './update/update-banner.tsx';
import classes from './products.module.css';

/** Heading and tabs of one product; its pages are drawn inside. */
export const ProductFrame = () => {
  const organization = useRouteParam('org');
  const subscriptionId = useRouteParam('sub');
  const query = useEndpoint(subscriptionEndpoints.get, { params: { subscriptionId } });
  const crumbs = [{ label: 'My products', to: buyerPaths.products(organization) }];
  if (query.data !== undefined) return <Framed product={query.data} />;
  if (query.isError && (query.error.status === 404 || query.error.status === 422)) {
    return (
      <Page title="Product not found" breadcrumbs={crumbs}>
        <EmptyState title="This product is not here" action={<LinkButton to={buyerPaths.products(organization)}>My products</LinkButton>}>
          It may belong to another organization of yours: switch at the top of the navigation, or ask whoever sent you the link.
        </EmptyState>
      </Page>
    );
  }
  return (
    <Page title="Product" breadcrumbs={crumbs} mark={<Skeleton w={44} h={44} radius="md" />}>
      {query.isError ? <FailedState error={query.error} onRetry={() => { void query.refetch(); }} /> : <LoadingSkeleton shape="tiles" count={4} />}
    </Page>
  );
};

const Framed = ({ product }: { product: Subscription }) => {
  const organization = useRouteParam('org');
  const { pathname } = useLocation();
  const running = /\/run\/?$/.test(pathname);
  const connecting = /\/connections\/?$/.test(pathname);
  const deciding = /\/update\/?$/.test(pathname);
  // Training tells it by itself, where the sources are.
  const training = /\/training\/?$/.test(pathname);
  return (
    <SubscriptionContext value={product}>
      <CapabilityScope capabilities={product.capabilities}>
        <Page
          title={product.name} mark={<ProductMark name={product.name} logo={product.logo} category={product.category} size={44} />}
          breadcrumbs={[{ label: 'My products', to: buyerPaths.products(organization) }]}
          description={<Facts product={product} />}
          secondary={<MoreMenu product={product} />}
          action={product.features.chat && product.state === 'active' && !running
            ? <LinkButton to={buyerPaths.subscriptionTab(organization, product.id, 'run')} leftSection={<IconPlayerPlay size={16} />}>Run</LinkButton> : undefined}
          tabs={<RouteTabs label={product.name} tabs={useProductTabs(product)} />}
        >
          <StateNotice product={product} />
          {product.state === 'active' && product.provisioned && !connecting && <ConnectionsNotice subscriptionId={product.id} to={buyerPaths.subscriptionTab(organization, product.id, 'connections')} />}
          {product.state === 'active' && product.provisioned && !deciding && <UpdateBanner product={product} to={buyerPaths.subscriptionTab(organization, product.id, 'update')} />}
          {product.state === 'active' && product.provisioned && product.entitlements.features.knowledge && !training && <SourcesNotice subscriptionId={product.id} to={`${buyerPaths.subscriptionTab(organization, product.id, 'training')}?part=sources`} />}
          <Outlet />
        </Page>
      </CapabilityScope>
    </SubscriptionContext>
  );
};

const Facts = ({ product }: { product: Subscription }) => (
  <div className={classes.facts}>
    <StateBadge state={product.state} provisioned={product.provisioned} />
    <CategoryChip category={product.category} />
    <span>by {product.provider_name}</span>
    <span>{product.plan_name} plan</span>
    <span>{product.project.name}</span>
  </div>
);

/** The tabs this product has: a tab whose capability is off is not there (CAP-10). */
const useProductTabs = (product: Subscription): { label: string; to: string; also?: readonly string[] }[] => {
  const { features } = product.entitlements;
  const pages = configurePages(product);
  const has: Readonly<Record<string, boolean>> = {
    run: features.chat, configure: pages.length > 0, training: features.knowledge, keys: features.api || features.widget, widget: features.widget,
    conversations: features.transcripts, usage: features.usageAnalytics,
  };
  const overview = buyerPaths.subscription(useRouteParam('org'), product.id);
  return useGroupEntries('subscription').flatMap(({ title, to }) => {
    const tab = to.slice(overview.length).replace('/', '');
    if (has[tab] === false) return [];
    return [{ label: title, to, ...(tab === 'configure' ? { also: pages.map((page) => `${overview}${page.path}/`) } : {}) }];
  });
};

/** What keeps the product from answering, and what to do about it. */
const StateNotice = ({ product }: { product: Subscription }) => {
  const organization = useRouteParam('org');
  switch (product.state) {
    case 'pending':
      return <Alert color="amber" title="Waiting for payment">It starts as soon as the order is paid. <TextLink to={buyerPaths.orders(organization)}>Go to the order</TextLink></Alert>;
    case 'suspended':
      return <Alert color="red" title="Suspended">Nobody can use it until the open payment is settled. Your settings and documents are kept. <TextLink to={buyerPaths.resources(organization)}>Open billing</TextLink></Alert>;
    case 'cancelled':
    case 'expired':
      return <Alert color="gray" title={product.state === 'cancelled' ? 'This subscription was cancelled' : 'This subscription has ended'}>Keys and widgets no longer work. Transcripts and usage stay readable. <TextLink to={publicPaths.product(product.product_id)}>Subscribe again</TextLink></Alert>;
    case 'active':
      return product.provisioned ? null : <BeingSetUp subscriptionId={product.id} />;
  }
};

/** How often a product that is being set up is asked whether it is ready, in milliseconds. */
const SETUP_POLL_MS = 2_000;

const BeingSetUp = ({ subscriptionId }: { subscriptionId: string }) => {
  // The same answer the frame draws from: once it says ready, this notice is gone.
  useEndpoint(subscriptionEndpoints.get, { params: { subscriptionId } }, { refetchMs: SETUP_POLL_MS });
  return <Alert color="gray" title="Being set up">Your own copy is made ready. This takes a moment; the page shows when it is done.</Alert>;
};

type Open = 'rename' | 'review' | 'cancel' | null;

const MoreMenu = ({ product }: { product: Subscription }) => {
  const organization = useRouteParam('org');
  const [open, setOpen] = useState<Open>(null);
  const admin = useHasRole('admin');
  const live = product.state === 'active' || product.state === 'suspended' || product.state === 'pending';
  const close = () => { setOpen(null); };
  return (
    <>
      <Menu position="bottom-end" width={220}>
        <Menu.Target><ActionIcon size={36} variant="default" aria-label="More actions"><IconDots size={18} /></ActionIcon></Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconPencil size={16} />} onClick={() => { setOpen('rename'); }}>Rename</Menu.Item>
          {product.state === 'active' && <Menu.Item leftSection={<IconArrowUpCircle size={16} />} component={PlainLink} to={buyerPaths.subscriptionTab(organization, product.id, 'update')}>Versions and updates</Menu.Item>}
          {product.state === 'active' && <Menu.Item leftSection={<IconStar size={16} />} onClick={() => { setOpen('review'); }}>Rate this product</Menu.Item>}
          <Menu.Item leftSection={<IconBuildingStore size={16} />} component={PlainLink} to={publicPaths.product(product.product_id)}>Open in the marketplace</Menu.Item>
          {admin && live && <><Menu.Divider /><Menu.Item color="red" leftSection={<IconTrash size={16} />} onClick={() => { setOpen('cancel'); }}>Cancel subscription</Menu.Item></>}
        </Menu.Dropdown>
      </Menu>
      <RenameDialog product={product} opened={open === 'rename'} onClose={close} />
      <ReviewDialog subscriptionId={product.id} name={product.name} opened={open === 'review'} onClose={close} />
      <CancelDialog product={product} opened={open === 'cancel'} onClose={close} />
    </>
  );
};

const NameSchema = subscriptionEndpoints.rename.body;
const CHANGED = [subscriptionEndpoints.get, subscriptionEndpoints.list] as const;

interface DialogProps { product: Subscription; opened: boolean; onClose: () => void }

const RenameDialog = ({ product, opened, onClose }: DialogProps) => {
  const rename = useCall(subscriptionEndpoints.rename, { invalidates: CHANGED });
  const initial = useMemo(() => ({ name: product.name }), [product.name]);
  if (NameSchema === undefined) return null;
  return (
    <Modal opened={opened} onClose={onClose} title="Rename" size="sm">
      <SchemaForm
        schema={NameSchema} initial={initial} layout="plain" actions="button" submitLabel="Rename" secondary={<Button variant="default" onClick={onClose}>Cancel</Button>}
        onSubmit={async (body) => { await rename.mutateAsync({ params: { subscriptionId: product.id }, body }); onClose(); }}
      />
    </Modal>
  );
};

const CancelDialog = ({ product, opened, onClose }: DialogProps) => {
  const cancel = useCall(subscriptionEndpoints.cancel, { invalidates: CHANGED });
  return (
    <ConfirmDialog
      opened={opened} onClose={onClose} title={`Cancel ${product.name}?`} confirm="Cancel subscription" cancel="Keep it" danger typeToConfirm={product.name}
      onConfirm={async () => { await cancel.mutateAsync({ params: { subscriptionId: product.id } }); toast.success('Subscription cancelled'); }}
    >
      <Text>It ends at once. Its keys and widgets stop working, and nobody can chat with it. Transcripts and usage stay readable.</Text>
      {product.cycle !== 'none' && <Text mt="xs" c="dimmed">The current period was paid until {formatDate(product.period_end)}.</Text>}
    </ConfirmDialog>
  );
};
