import { ActionIcon, Badge, Button, Group, Modal, Text, Tooltip } from '@mantine/core';
import { IconDownload, IconVersions } from '@tabler/icons-react';
import { useState } from 'react';
import type { Output } from '#platform/contract/endpoint.ts';
import { downloadEndpoint } from '#web/api/call-endpoint.ts';
import { useCall, useEndpoint } from '#web/api/use-endpoint.ts';
import { EmptyState, Loaded } from '#web/kit/states.tsx';
import { RelativeTime } from '#web/kit/relative-time.tsx';
import { toast } from '#web/kit/toast.tsx';
import { useRouteParam } from '#web/url/search-state.ts';
import { changesEndpoints } from '../../changes/contract.ts';
import { checkEndpoints } from '../../checks/contract.ts';
import { providerEndpoints } from '../../contract.ts';
import { ProductChangesView } from '../changes/product-changes.tsx';
import { CheckResults } from '../checks/check-results.tsx';
import { CheckBadge } from '../checks/check-score.tsx';
import classes from './offering.module.css';

const STATUS = { pending_review: { label: 'In review', color: 'amber' }, approved: { label: 'Approved', color: 'green' }, rejected: { label: 'Rejected', color: 'red' } } as const;

type Version = Output<typeof providerEndpoints.listVersions>['data'][number];
type Open = { version: Version; what: 'changes' | 'checks' } | null;

/** While questions are being asked the list looks again this often, in milliseconds. */
const CHECKING_POLL_MS = 3_000;
const isChecking = ({ checks }: Version): boolean => checks?.state === 'waiting' || checks?.state === 'running';

/** Every version that was submitted, newest first: what became of it, what it changed, how it did in its checks. */
export const OfferingVersions = () => {
  const productId = useRouteParam('product');
  const [checking, setChecking] = useState(false);
  const versions = useEndpoint(providerEndpoints.listVersions, { params: { productId } }, { refetchMs: checking ? CHECKING_POLL_MS : false });
  const [open, setOpen] = useState<Open>(null);
  const now = versions.data?.data.some(isChecking) ?? false;
  if (now !== checking) setChecking(now);
  return (
    <Loaded query={versions}>
      {({ data }) => (data.length === 0
        ? <EmptyState icon={<IconVersions size={32} stroke={1.5} />} title="No version yet">Each time you submit the product, a version is made. Subscriptions stay on the version they were sold until their buyer moves on.</EmptyState>
        : (
          <>
            <ol className={classes.versions}>
              {data.map((version) => <Line key={version.id} version={version} before={data.find((other) => other.number < version.number && other.status === 'approved') ?? null} onOpen={(what) => { setOpen({ version, what }); }} />)}
            </ol>
            <Modal opened={open?.what === 'changes'} onClose={() => { setOpen(null); }} title={`What version ${open?.version.number ?? ''} changed`} size="56rem">{open?.what === 'changes' && <Changes productId={productId} version={open.version} before={data.find((other) => other.number < open.version.number && other.status === 'approved')?.number ?? null} />}</Modal>
            <Modal opened={open?.what === 'checks'} onClose={() => { setOpen(null); }} title={`Checks of version ${open?.version.number ?? ''}`} size="48rem">{open?.what === 'checks' && <Checks productId={productId} versionId={open.version.id} />}</Modal>
          </>
        ))}
    </Loaded>
  );
};

const Line = ({ version, before, onOpen }: { version: Version; before: Version | null; onOpen: (what: 'changes' | 'checks') => void }) => {
  const productId = useRouteParam('product');
  const download = () => { downloadEndpoint(providerEndpoints.downloadFlow, { params: { productId }, query: { version: version.number } }).catch((error: unknown) => { toast.problem(error); }); };
  return (
    <li className={classes.version}>
      <div className={classes.versionMain}>
        <Group gap="xs">
          <Text fw={600}>Version {version.number}</Text>
          {version.active ? <Badge color="green">On sale</Badge> : <Badge color={STATUS[version.status].color}>{STATUS[version.status].label}</Badge>}
          <CheckBadge score={version.checks} before={before?.checks ?? null} />
        </Group>
        <Text className={classes.changelog} c={version.changelog === '' ? 'dimmed' : undefined}>{version.changelog === '' ? 'No note.' : version.changelog}</Text>
        {version.rejection_reason !== null && <Text className={classes.versionReason}>{version.rejection_reason}</Text>}
        <Group gap="xs" mt={4}>
          {before !== null && <Button size="compact-xs" variant="default" onClick={() => { onOpen('changes'); }}>What changed</Button>}
          {version.checks !== null && <Button size="compact-xs" variant="default" onClick={() => { onOpen('checks'); }}>Checks</Button>}
          {version.has_file && <Tooltip label="Download the flow’s file"><ActionIcon size="sm" variant="subtle" color="gray" aria-label={`Download the flow of version ${version.number}`} onClick={download}><IconDownload size={16} /></ActionIcon></Tooltip>}
        </Group>
      </div>
      <Text size="xs" c="dimmed" ta="end" component="div">
        <div>Submitted <RelativeTime value={version.submitted_at} /></div>
        {version.reviewed_at !== null && <div>{version.status === 'rejected' ? 'Rejected' : 'Approved'} <RelativeTime value={version.reviewed_at} /></div>}
      </Text>
    </li>
  );
};

const Changes = ({ productId, version, before }: { productId: string; version: Version; before: number | null }) => {
  const changes = useEndpoint(changesEndpoints.compareVersions, { params: { productId }, query: { from: before ?? version.number, to: version.number } });
  return <Loaded query={changes}>{(data) => (data.changes === null ? <EmptyState title="Nothing to compare with" heading={3} /> : <ProductChangesView changes={data.changes} />)}</Loaded>;
};

const Checks = ({ productId, versionId }: { productId: string; versionId: string }) => {
  const params = { productId, versionId };
  const [checking, setChecking] = useState(false);
  const checks = useEndpoint(checkEndpoints.getChecks, { params }, { refetchMs: checking ? CHECKING_POLL_MS : false });
  const state = checks.data?.score?.state;
  const now = state === 'waiting' || state === 'running';
  if (now !== checking) setChecking(now);
  const repeat = useCall(checkEndpoints.repeatChecks, { invalidates: [checkEndpoints.getChecks, providerEndpoints.listVersions], onError: toast.problem });
  return (
    <Loaded query={checks}>
      {(data) => <CheckResults checks={data} nothing="This version was submitted without questions." action={now ? undefined : <Button size="xs" variant="default" loading={repeat.isPending} onClick={() => { repeat.mutate({ params }); }}>Check again</Button>} />}
    </Loaded>
  );
};
