import { useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { z } from 'zod';
import { useCall } from '#web/api/use-endpoint.ts';
import { SchemaForm } from '#web/form/schema-form.tsx';
import { CopyField } from '#web/kit/copy-field.tsx';
import { Page } from '#web/kit/page.tsx';
import { toast } from '#web/kit/toast.tsx';
import { refreshSession, useHasRole, useOrganization } from '#web/session/session.ts';
import { identityEndpoints } from '#modules/identity/contract.ts';
import { Projects } from './projects.tsx';

const Name = z.strictObject({ name: z.string().trim().min(2).max(80).meta({ title: 'Organization name', description: 'Your team sees it, and sellers you buy from.' }) });

/** The organization itself: its name and its projects. */
export const OrganizationSettings = () => {
  const { id, name } = useOrganization();
  const admin = useHasRole('admin');
  const client = useQueryClient();
  const update = useCall(identityEndpoints.updateOrganization);
  const initial = useMemo(() => ({ name }), [name]);
  return (
    <Page title="Settings" description={admin ? 'Your organization and its projects.' : 'Owners and admins can change these.'} narrow>
      <SchemaForm
        schema={Name} initial={initial} layout="stack" disabled={!admin}
        onSubmit={async (body) => {
          await update.mutateAsync({ params: { organizationId: id }, body });
          await refreshSession(client);
          toast.success('Saved');
        }}
      />
      <Projects />
      <CopyField label="Organization id" value={id} description="Asked for by some API calls." />
    </Page>
  );
};
