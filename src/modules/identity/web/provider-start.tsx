import { Text, Title } from '@mantine/core';
import { IconChartBar, IconFileImport, IconListCheck, IconShieldCheck } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useCall } from '#web/api/use-endpoint.ts';
import { SchemaForm } from '#web/form/schema-form.tsx';
import { LinkButton } from '#web/kit/link.tsx';
import { Page } from '#web/kit/page.tsx';
import { EmptyState } from '#web/kit/states.tsx';
import { refreshSession, useHasRole, useOrganization } from '#web/session/session.ts';
import { sellerPaths } from '#web/url/paths.ts';
import { identityEndpoints, ProviderProfile } from '../contract.ts';
import classes from './provider.module.css';

const STEPS = [
  { icon: IconFileImport, title: 'Bring a flow', text: 'Import one from Langflow, or start with a template that runs at once.' },
  { icon: IconListCheck, title: 'Say what buyers can do', text: 'One declaration drives their screens, what the API accepts and what is charged.' },
  { icon: IconShieldCheck, title: 'Submit for review', text: 'An operator looks at it. You hear what to change, or it is listed.' },
  { icon: IconChartBar, title: 'Sell and see', text: 'Each buyer gets an isolated copy. You see orders, use and revenue, never their content.' },
] as const;

/** The way from buying to selling: what it takes, and how the organization presents itself. */
export const StartSelling = () => {
  const organization = useOrganization();
  const mayStart = useHasRole('admin');
  const client = useQueryClient();
  const navigate = useNavigate();
  const become = useCall(identityEndpoints.becomeProvider);
  if (organization.provider !== null) {
    return (
      <Page title="Start selling" narrow>
        <EmptyState title={`${organization.name} already sells as ${organization.provider.name}`} action={<LinkButton to={sellerPaths.dashboard(organization.provider.id)}>Open the dashboard</LinkButton>} />
      </Page>
    );
  }
  return (
    <Page title="Start selling" description="Turn a flow into a product that other organizations subscribe to.">
      <div className={classes.columns}>
        <ol className={classes.steps}>
          {STEPS.map(({ icon: StepIcon, title, text }) => (
            <li key={title}><span className={classes.icon} aria-hidden><StepIcon size={20} stroke={1.75} /></span><div><Text fw={600}>{title}</Text><Text c="dimmed">{text}</Text></div></li>
          ))}
        </ol>
        <section className={classes.panel} aria-label="Provider profile">
          <div><Title order={2}>Your provider profile</Title><Text c="dimmed">Buyers see it on every product you list. You can change it later.</Text></div>
          {mayStart ? (
            <SchemaForm
              schema={ProviderProfile} initial={{ name: organization.name }} actions="button" layout="plain" submitLabel="Start selling"
              onSubmit={async (body) => {
                const provider = await become.mutateAsync({ params: { organizationId: organization.id }, body });
                await refreshSession(client);
                await navigate({ to: sellerPaths.dashboard(provider.id), ignoreBlocker: true });
              }}
            />
          ) : <EmptyState title="Ask an admin of your organization">Only admins and owners of {organization.name} can create its provider profile.</EmptyState>}
        </section>
      </div>
    </Page>
  );
};
