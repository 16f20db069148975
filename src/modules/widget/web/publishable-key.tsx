import { Alert, Button, Text } from '@mantine/core';
import { useCall, useEndpoint } from '#web/api/use-endpoint.ts';
import { CopyField } from '#web/kit/copy-field.tsx';
import { TextLink } from '#web/kit/link.tsx';
import { RelativeTime } from '#web/kit/relative-time.tsx';
import { FailedState } from '#web/kit/states.tsx';
import { useHasRole } from '#web/session/session.ts';
import { apiKeyEndpoints } from '#modules/gateway/contract.ts';
import { useProductPath, useSubscription } from '#modules/subscriptions/web/subscription-context.ts';
import { widgetEndpoints } from '#modules/widget/contract.ts';

/** The key that stands in the page: to look at, since it is no secret, and when it was last seen. */
export const PublishableKey = ({ value }: { value: string | null }) => {
  const path = useProductPath();
  if (value === null) return <NoKey />;
  return (
    <div>
      <CopyField label="Publishable key" value={value} description="Not a secret: it may stand in your page’s source. It can only chat, and only on the domains above." />
      <Text size="xs" c="dimmed" mt={6}><TextLink to={path('keys')} size="xs" underline="always">Rotate or revoke it under API keys.</TextLink> A rotated key keeps working for as long as you say, so that you can change your site first.</Text>
    </div>
  );
};

/** Whether a page has used the key. It counts every call with it, also tries and calls from sites that are not allowed. */
export const KeyStatus = ({ value }: { value: string }) => {
  const { id } = useSubscription();
  const { data } = useEndpoint(apiKeyEndpoints.list, { params: { subscriptionId: id } }, { refetchMs: 30_000 });
  const used = data?.data.find(({ publishable_key }) => publishable_key === value)?.last_used_at;
  if (used === undefined) return null;
  return used === null
    ? <Text c="dimmed" role="status">Not seen yet. Once a page with the code is opened, it shows here within a minute or two.</Text>
    : <Text role="status">Seen <RelativeTime value={used} />. <Text span c="dimmed">This counts every page that used the key, also “Try it live”.</Text></Text>;
};

const NoKey = () => {
  const { id } = useSubscription();
  const admin = useHasRole('admin');
  const issue = useCall(apiKeyEndpoints.issue, { invalidates: [apiKeyEndpoints.list, widgetEndpoints.embed] });
  return (
    <Alert color="amber" title="The widget has no key">
      {admin ? 'Without a publishable key no page can use it. The code shows where it will stand.' : 'Ask an owner or admin of the organization to create a publishable key.'}
      {admin && <Button mt="sm" size="xs" display="block" loading={issue.isPending} onClick={() => { issue.mutate({ params: { subscriptionId: id }, body: { name: 'Widget', kind: 'publishable' } }); }}>Create a key</Button>}
      {issue.isError && <FailedState error={issue.error} />}
    </Alert>
  );
};
