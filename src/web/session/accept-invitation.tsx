import { Button, Group } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { identityEndpoints } from '#modules/identity/contract.ts';
import { useCall } from '#web/api/use-endpoint.ts';
import { LinkButton } from '#web/kit/link.tsx';
import { FailedState } from '#web/kit/states.tsx';
import { buyerPaths, publicPaths } from '#web/url/paths.ts';
import { useRouteParam } from '#web/url/search-state.ts';
import { AuthFrame } from './auth-frame.tsx';
import { refreshSession, useSession } from './session.ts';

/** Joining an organization by the link of an invitation: sign in or register first, then one click. */
export const AcceptInvitation = () => {
  const invitationId = useRouteParam('invitation');
  const { user, known } = useSession();
  const client = useQueryClient();
  const navigate = useNavigate();
  const accept = useCall(identityEndpoints.acceptInvitation, {
    onSuccess: ({ organization_id }) => {
      void refreshSession(client).then(() => navigate({ to: buyerPaths.home(organization_id) }));
    },
  });
  const here = `/accept-invitation/${encodeURIComponent(invitationId)}`;
  if (!known) return null;
  if (user === null) {
    return (
      <AuthFrame title="You are invited" description="Sign in with the e-mail address the invitation was sent to, or create an account with it.">
        <Group grow>
          <LinkButton to={publicPaths.register(here)} variant="default">Create account</LinkButton>
          <LinkButton to={publicPaths.login(here)}>Sign in</LinkButton>
        </Group>
      </AuthFrame>
    );
  }
  return (
    <AuthFrame title="You are invited" description={`You will join as ${user.email}.`}>
      {accept.isError && <FailedState error={accept.error} />}
      <Button fullWidth mt={accept.isError ? 'md' : 0} loading={accept.isPending} onClick={() => { accept.mutate({ params: { invitationId } }); }}>Accept invitation</Button>
    </AuthFrame>
  );
};
