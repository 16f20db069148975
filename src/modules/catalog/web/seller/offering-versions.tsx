import { Badge, Group, Text } from '@mantine/core';
import { IconVersions } from '@tabler/icons-react';
import { useEndpoint } from '#web/api/use-endpoint.ts';
import { EmptyState, Loaded } from '#web/kit/states.tsx';
import { RelativeTime } from '#web/kit/relative-time.tsx';
import { useRouteParam } from '#web/url/search-state.ts';
import { providerEndpoints } from '../../contract.ts';
import classes from './offering.module.css';

const STATUS = { pending_review: { label: 'In review', color: 'amber' }, approved: { label: 'Approved', color: 'green' }, rejected: { label: 'Rejected', color: 'red' } } as const;

/** Every version that was submitted, newest first, with what became of it. */
export const OfferingVersions = () => {
  const versions = useEndpoint(providerEndpoints.listVersions, { params: { productId: useRouteParam('product') } });
  return (
    <Loaded query={versions}>
      {({ data }) => (data.length === 0
        ? <EmptyState icon={<IconVersions size={32} stroke={1.5} />} title="No version yet">Each time you submit the product, a version is made. Subscriptions stay on the version they were sold until their buyer moves on.</EmptyState>
        : (
          <ol className={classes.versions}>
            {data.map((version) => (
              <li key={version.id} className={classes.version}>
                <div className={classes.versionMain}>
                  <Group gap="xs">
                    <Text fw={600}>Version {version.number}</Text>
                    {version.active ? <Badge color="green">On sale</Badge> : <Badge color={STATUS[version.status].color}>{STATUS[version.status].label}</Badge>}
                  </Group>
                  <Text className={classes.changelog} c={version.changelog === '' ? 'dimmed' : undefined}>{version.changelog === '' ? 'No note.' : version.changelog}</Text>
                  {version.rejection_reason !== null && <Text className={classes.versionReason}>{version.rejection_reason}</Text>}
                </div>
                <Text size="xs" c="dimmed" ta="end" component="div">
                  <div>Submitted <RelativeTime value={version.submitted_at} /></div>
                  {version.reviewed_at !== null && <div>{version.status === 'rejected' ? 'Rejected' : 'Approved'} <RelativeTime value={version.reviewed_at} /></div>}
                </Text>
              </li>
            ))}
          </ol>
        ))}
    </Loaded>
  );
};
