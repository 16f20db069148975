import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { identityEndpoints, ProviderProfile } from '#modules/identity/contract.ts';
import { useCall } from '#web/api/use-endpoint.ts';
import { SchemaForm } from '#web/form/schema-form.tsx';
import { Page } from '#web/kit/page.tsx';
import { sellerPaths } from '#web/url/paths.ts';
import { refreshSession, useOrganization } from './session.ts';

/** The first step of selling: how the organization presents itself to buyers. */
export const BecomeProvider = () => {
  const organization = useOrganization();
  const client = useQueryClient();
  const navigate = useNavigate();
  const become = useCall(identityEndpoints.becomeProvider);
  return (
    <Page title="Start selling" description="Buyers see this on every product you list. You can change it later." narrow>
      <SchemaForm
        schema={ProviderProfile} initial={{ name: organization.name }} actions="button" layout="plain" submitLabel="Create provider profile"
        onSubmit={async (body) => {
          const provider = await become.mutateAsync({ params: { organizationId: organization.id }, body });
          await refreshSession(client);
          await navigate({ to: sellerPaths.dashboard(provider.id), ignoreBlocker: true });
        }}
      />
    </Page>
  );
};
