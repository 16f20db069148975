import { Group, Stack, Text } from '@mantine/core';
import { IconRosetteDiscountCheckFilled } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useCall, useEndpoint } from '#web/api/use-endpoint.ts';
import { SchemaForm } from '#web/form/schema-form.tsx';
import { CopyField } from '#web/kit/copy-field.tsx';
import { Page } from '#web/kit/page.tsx';
import { Loaded, LoadingSkeleton } from '#web/kit/states.tsx';
import { toast } from '#web/kit/toast.tsx';
import { refreshSession, useHasRole, useOrganization } from '#web/session/session.ts';
import { identityEndpoints, ProviderProfile } from '../contract.ts';
import classes from './provider.module.css';

/** How the provider presents itself to buyers. */
export const ProviderSettings = () => {
  const organization = useOrganization();
  const client = useQueryClient();
  const mayChange = useHasRole('admin');
  const providerId = organization.provider?.id ?? '';
  const provider = useEndpoint(identityEndpoints.getProvider, { params: { providerId } });
  const update = useCall(identityEndpoints.updateProvider, { invalidates: [identityEndpoints.getProvider] });
  return (
    <Page title="Settings" description="What buyers see about you." narrow>
      <Loaded query={provider} skeleton={<LoadingSkeleton shape="form" count={3} />}>
        {({ name, description, website, verified, id }) => (
          <Stack gap="xl">
            {verified
              ? <Text component="div" className={classes.badge}><IconRosetteDiscountCheckFilled size={18} aria-hidden />Verified provider</Text>
              : <Text c="dimmed">Not verified yet. An operator may verify you when one of your products is approved; buyers then see a badge.</Text>}
            <SchemaForm
              schema={ProviderProfile} initial={{ name, description, website }} disabled={!mayChange} layout="stack"
              onSubmit={async (body) => {
                await update.mutateAsync({ params: { organizationId: organization.id }, body });
                await refreshSession(client);
                toast.success('Saved');
              }}
            />
            {!mayChange && <Text c="dimmed">Only admins and owners can change this.</Text>}
            <Group grow><CopyField label="Provider id" value={id} description="Studio asks for it when it hands a flow over." /></Group>
          </Stack>
        )}
      </Loaded>
    </Page>
  );
};
