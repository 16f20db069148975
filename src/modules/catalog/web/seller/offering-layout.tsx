import { Alert, Badge, Button, Group, Menu, Stack, Text } from '@mantine/core';
import { IconAlertCircle, IconChevronDown, IconClockHour4, IconExternalLink, IconEyeOff, IconPencil, IconTrash } from '@tabler/icons-react';
import { Outlet, useNavigate } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { useCall, useEndpoint } from '#web/api/use-endpoint.ts';
import { CategoryChip } from '#web/kit/category.tsx';
import { ConfirmDialog } from '#web/kit/confirm-dialog.tsx';
import { LinkButton, PlainLink } from '#web/kit/link.tsx';
import { Page } from '#web/kit/page.tsx';
import { ProductMark } from '#web/kit/product-mark.tsx';
import { FailedState, LoadingSkeleton } from '#web/kit/states.tsx';
import { toast } from '#web/kit/toast.tsx';
import { useHasRole } from '#web/session/session.ts';
import { GroupTabs } from '#web/shell/group-tabs.tsx';
import { publicPaths, sellerPaths } from '#web/url/paths.ts';
import { useRouteParam } from '#web/url/search-state.ts';
import { providerEndpoints, type SellerProduct } from '../../contract.ts';
import { DeleteProduct } from './delete-product.tsx';
import { nameOf, StatusBadge, statusOf } from './product-status.tsx';
import classes from './offering.module.css';

/** Heading, state and tabs of one product; the tabs are screens of their own. */
export const OfferingLayout = () => {
  const provider = useRouteParam('provider');
  const productId = useRouteParam('product');
  const product = useEndpoint(providerEndpoints.getSellerProduct, { params: { productId } });
  const breadcrumbs = [{ label: 'My products', to: sellerPaths.offerings(provider) }];
  if (product.data === undefined) {
    return <Page title={product.isError ? 'Product' : ' '} breadcrumbs={breadcrumbs}>{product.isError ? <FailedState error={product.error} onRetry={() => { void product.refetch(); }} /> : <LoadingSkeleton shape="tiles" count={4} />}</Page>;
  }
  const base = `/providers/${encodeURIComponent(provider)}/agents/${encodeURIComponent(productId)}`;
  return (
    <Page
      title={nameOf(product.data)} breadcrumbs={breadcrumbs} mark={<ProductMark name={nameOf(product.data)} logo={product.data.logo} category={product.data.category} size={48} />}
      description={<Group gap="sm" mt={2}><CategoryChip category={product.data.category} /><StatusBadge product={product.data} />{product.data.version !== null && <Text c="dimmed">Version {product.data.version}</Text>}</Group>}
      action={<Actions product={product.data} provider={provider} />}
      tabs={<GroupTabs group="offering" label="Product" also={{ Overview: [base], Versions: [`${base}/versions`], Analytics: [`${base}/analytics`] }} />}
    >
      <Notices product={product.data} provider={provider} />
      <Outlet />
    </Page>
  );
};

const READS = [providerEndpoints.getSellerProduct, providerEndpoints.listProducts, providerEndpoints.listVersions] as const;

/** The one thing to do next stands as a button, the rest behind it. */
const Actions = ({ product, provider }: { product: SellerProduct; provider: string }) => {
  const [asking, setAsking] = useState<'unpublish' | 'delete' | null>(null);
  const navigate = useNavigate();
  const mayDelete = useHasRole('admin');
  const params = { productId: product.id };
  const publish = useCall(providerEndpoints.submitProduct, { invalidates: READS, onSuccess: () => { toast.success('It is in the marketplace again'); }, onError: toast.problem });
  const unpublish = useCall(providerEndpoints.unpublishProduct, { invalidates: READS });
  const live = product.version !== null && product.listed;
  return (
    <>
      {live && <LinkButton to={publicPaths.product(product.slug)} variant="default" leftSection={<IconExternalLink size={16} />} visibleFrom="sm">See it</LinkButton>}
      <Menu position="bottom-end">
        <Menu.Target><Button variant="default" rightSection={<IconChevronDown size={16} />}>More</Button></Menu.Target>
        <Menu.Dropdown>
          {live && <Menu.Item component={PlainLink} to={publicPaths.product(product.slug)} leftSection={<IconExternalLink size={16} />}>See it in the marketplace</Menu.Item>}
          {live && <Menu.Item leftSection={<IconEyeOff size={16} />} onClick={() => { setAsking('unpublish'); }}>Unpublish</Menu.Item>}
          {mayDelete && <Menu.Item color="red" leftSection={<IconTrash size={16} />} onClick={() => { setAsking('delete'); }}>Delete</Menu.Item>}
        </Menu.Dropdown>
      </Menu>
      {product.version !== null && !product.listed && !product.has_draft && product.pending_version === null && (
        <Button variant="default" loading={publish.isPending} onClick={() => { publish.mutate({ params }); }}>Publish again</Button>
      )}
      <Work product={product} provider={provider} />
      <ConfirmDialog opened={asking === 'unpublish'} onClose={() => { setAsking(null); }} title={`Take ${nameOf(product)} off the marketplace?`} confirm="Unpublish" onConfirm={async () => unpublish.mutateAsync({ params })}>
        Nobody can find or subscribe to it from now on. {product.subscribers === 0 ? 'It has no subscribers.' : `Its ${product.subscribers} ${product.subscribers === 1 ? 'subscriber keeps' : 'subscribers keep'} using it.`} You can publish it again at any time, without another review.
      </ConfirmDialog>
      <DeleteProduct product={product} opened={asking === 'delete'} onClose={() => { setAsking(null); }} onDeleted={() => { void navigate({ to: sellerPaths.offerings(provider) }); }} />
    </>
  );
};

/** Continue the draft, or begin one. Nothing while a version is in review: it could not be changed. */
const Work = ({ product, provider }: { product: SellerProduct; provider: string }) => {
  const navigate = useNavigate();
  const open = (step: number) => { void navigate({ to: sellerPaths.create(provider), search: { draft: product.id, step: String(step) } as never }); };
  const edit = useCall(providerEndpoints.editProduct, { invalidates: [providerEndpoints.getDraft, ...READS], onSuccess: ({ step }) => { open(step); }, onError: toast.problem });
  // A rejected product says what to do beside the reason, where it is read.
  if (product.pending_version !== null || product.status === 'archived' || (product.rejection_reason !== null && product.has_draft)) return null;
  if (product.has_draft) return <Button leftSection={<IconPencil size={16} />} onClick={() => { open(product.draft_step ?? 1); }}>Continue draft</Button>;
  return <Button leftSection={<IconPencil size={16} />} loading={edit.isPending} onClick={() => { edit.mutate({ params: { productId: product.id } }); }}>Work on a new version</Button>;
};

/** What somebody who opens this product must know before anything else. */
const Notices = ({ product, provider }: { product: SellerProduct; provider: string }) => (
  <>
    {product.rejection_reason !== null && (
      <Notice tone="bad" title={product.version === null ? 'This product was not approved' : 'The new version was not approved'} icon={<IconAlertCircle />}>
        <Text className={classes.reason}>{product.rejection_reason}</Text>
        <Text c="dimmed">{product.version === null ? 'Your draft is back with everything in it.' : `Buyers keep getting version ${product.version}. Your draft is back with everything in it.`}</Text>
        {product.has_draft && <div><LinkButton size="xs" to={`${sellerPaths.create(provider, product.id)}&step=${product.draft_step ?? 1}`}>Fix and resubmit</LinkButton></div>}
      </Notice>
    )}
    {product.pending_version !== null && (
      <Notice tone="wait" title={`Version ${product.pending_version} is in review`} icon={<IconClockHour4 />}>
        <Text c="dimmed">{product.version === null ? statusOf(product).meaning : `Until it is approved buyers get version ${product.version}.`} It cannot be changed meanwhile.</Text>
      </Notice>
    )}
    {product.version !== null && product.has_draft && product.rejection_reason === null && (
      <Notice tone="calm" title={<Group gap="xs">A new version is in the making<Badge color="gray">Draft</Badge></Group>} icon={<IconPencil />}>
        <Text c="dimmed">Buyers get version {product.version} until the draft is submitted and approved.</Text>
      </Notice>
    )}
  </>
);

const Notice = ({ tone, title, icon, children }: { tone: 'bad' | 'wait' | 'calm'; title: ReactNode; icon: ReactNode; children: ReactNode }) => (
  <Alert color={tone === 'bad' ? 'red' : tone === 'wait' ? 'amber' : 'gray'} icon={icon} title={title} className={classes.notice} data-tone={tone}><Stack gap="xs">{children}</Stack></Alert>
);
