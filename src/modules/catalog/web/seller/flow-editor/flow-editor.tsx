import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { authoringEndpoints } from '#modules/flows/authoring/contract.ts';
import { endpointKey, useEndpoint } from '#web/api/use-endpoint.ts';
import { LinkButton } from '#web/kit/link.tsx';
import { Page } from '#web/kit/page.tsx';
import { EmptyState, FailedState, LoadingSkeleton } from '#web/kit/states.tsx';
import { useActingOrganization } from '#web/session/acting-organization.ts';
import { sellerPaths } from '#web/url/paths.ts';
import { useRouteParam } from '#web/url/search-state.ts';
import { flowEditingEndpoints } from '../../../flow-editing-contract.ts';
import { EditorScreen } from './editor-screen.tsx';

const DAY_MS = 24 * 60 * 60 * 1000;

/** The visual editor of a draft's flow: a route of the wizard's second step. */
export const FlowEditor = () => {
  const provider = useRouteParam('provider');
  const productId = useRouteParam('product');
  const input = { params: { productId } };
  // What is open here is newer than what the server has, so nothing is read again while it is.
  const opened = useEndpoint(flowEditingEndpoints.get, input, { staleMs: Infinity });
  const catalogue = useEndpoint(authoringEndpoints.nodeTypes, undefined, { staleMs: DAY_MS });
  const client = useQueryClient();
  const organizationId = useActingOrganization();
  useEffect(() => () => { client.removeQueries({ queryKey: endpointKey(flowEditingEndpoints.get, { params: { productId } }, organizationId) }); }, [client, productId, organizationId]);

  if (opened.data !== undefined && opened.data.flow !== null && catalogue.data !== undefined) {
    return <EditorScreen key={productId} provider={provider} opened={{ ...opened.data, flow: opened.data.flow }} catalogue={catalogue.data} />;
  }
  const wizard = `${sellerPaths.create(provider, productId)}&step=2`;
  const failed = opened.isError ? opened.error : catalogue.isError ? catalogue.error : null;
  return (
    <Page title={opened.data?.name || 'Flow'} breadcrumbs={[{ label: 'My products', to: sellerPaths.offerings(provider) }]}>
      {failed !== null && failed.status === 409 && (
        <EmptyState title="There is no draft to edit" action={<LinkButton to={sellerPaths.offeringTab(provider, productId, 'versions')}>Versions</LinkButton>}>{failed.title}. A submitted version never changes; work on a new one.</EmptyState>
      )}
      {failed !== null && failed.status !== 409 && <FailedState error={failed} onRetry={() => { void opened.refetch(); void catalogue.refetch(); }} />}
      {failed === null && opened.data?.flow === null && (
        <EmptyState title="This draft has no flow yet" action={<LinkButton to={wizard}>Import or choose a template</LinkButton>}>Bring a file or start with a template; then edit it here.</EmptyState>
      )}
      {failed === null && opened.data?.flow !== null && <LoadingSkeleton count={6} />}
    </Page>
  );
};
