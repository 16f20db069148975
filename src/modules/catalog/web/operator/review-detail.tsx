import { Alert, Badge, Button, Checkbox, Group, Kbd, Modal, Stack, Tabs, Text, Textarea } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { IconCheck, IconCircleCheck, IconCircleX, IconX } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { z } from 'zod';
import type { Output } from '#platform/contract/endpoint.ts';
import { asProblem } from '#web/api/problem.ts';
import { useCall, useEndpoint } from '#web/api/use-endpoint.ts';
import { CategoryChip } from '#web/kit/category.tsx';
import { CodeBlock } from '#web/kit/code-block.tsx';
import { ConfirmDialog } from '#web/kit/confirm-dialog.tsx';
import { Page } from '#web/kit/page.tsx';
import { PlanTable } from '#web/kit/plan-table.tsx';
import { ProductMark } from '#web/kit/product-mark.tsx';
import { RelativeTime } from '#web/kit/relative-time.tsx';
import { EmptyState, Loaded } from '#web/kit/states.tsx';
import { toast } from '#web/kit/toast.tsx';
import { operatorPaths } from '#web/url/paths.ts';
import { useRouteParam, useSearchState } from '#web/url/search-state.ts';
import { changesEndpoints } from '../../changes/contract.ts';
import { checkEndpoints } from '../../checks/contract.ts';
import { reviewEndpoints } from '../../contract.ts';
import { ProductChangesView } from '../changes/product-changes.tsx';
import { CheckResults } from '../checks/check-results.tsx';
import { CapabilityList } from '../capability-list.tsx';
import { productOfDraft } from '../seller/listing-draft.ts';
import { planComparison } from '../seller/plan-words.ts';
import { CardPreview, PagePreview } from '../seller/product-preview.tsx';
import { FindingList } from '../seller/wizard/finding-list.tsx';
import { ImportReportView, Verdict } from '../seller/wizard/import-report.tsx';
import { ReviewEngine } from './review-engine.tsx';
import { ReviewSigns } from './review-queue.tsx';
import classes from './review.module.css';

type Review = Output<typeof reviewEndpoints.getReview>;

const TABS = ['listing', 'changes', 'checks', 'capabilities', 'plans', 'flow', 'code', 'findings'] as const;
const Address = z.object({ tab: z.enum(TABS).catch('listing') });

/** Everything there is to judge a version by, and the judgement. */
export const ReviewDetail = () => {
  const review = useEndpoint(reviewEndpoints.getReview, { params: { versionId: useRouteParam('id') } });
  const breadcrumbs = [{ label: 'Reviews', to: operatorPaths.reviews() }];
  if (review.data === undefined) return <Page title={review.isError ? 'Review' : ' '} breadcrumbs={breadcrumbs}><Loaded query={review}>{() => null}</Loaded></Page>;
  const { data } = review;
  return (
    <Page
      title={data.name} breadcrumbs={breadcrumbs} mark={<ProductMark name={data.name} logo={data.listing.logo} category={data.category} size={48} />}
      description={<Group gap="sm" mt={2}><CategoryChip category={data.category} /><Text c="dimmed">Version {data.number} by {data.provider.name}, submitted <RelativeTime value={data.submitted_at} /></Text></Group>}
      action={data.status === 'pending_review' ? <Decision review={data} /> : <Badge size="lg" color={data.status === 'approved' ? 'green' : 'red'}>{data.status === 'approved' ? 'Approved' : 'Rejected'}</Badge>}
    >
      {data.rejection_reason !== null && <Alert color="red" icon={<IconCircleX />} title="Rejected with this reason" className={classes.reason}>{data.rejection_reason}</Alert>}
      <ReviewSigns item={data} />
      <Parts review={data} />
    </Page>
  );
};

const Parts = ({ review }: { review: Review }) => {
  const [{ tab }, setAddress] = useSearchState(Address);
  const product = productOfDraft({
    productId: review.product_id, listing: review.listing, plans: review.plans, capabilities: review.capabilities, subcategory: review.capabilities.subcategory[review.category] ?? '',
    parameters: review.report.parameters.filter(({ exposed }) => exposed), provider: review.provider, version: review.number, changelog: review.changelog,
  });
  const { columns, rows } = planComparison(review.plans, review.capabilities);
  const exposed = review.report.parameters.filter((parameter) => parameter.exposed).map(({ name }) => name);
  const titles: Readonly<Record<(typeof TABS)[number], string>> = {
    listing: 'Listing', changes: 'Changes', checks: `Checks${review.checks === null ? '' : ` ${review.checks.passed}/${review.checks.total}`}`, capabilities: 'Capabilities', plans: 'Plans', flow: 'Flow', code: `Code${review.code.length > 0 ? ` ${review.code.length}` : ''}`, findings: `Findings${review.findings.length > 0 ? ` ${review.findings.length}` : ''}`,
  };
  const panels: Readonly<Record<(typeof TABS)[number], ReactNode>> = {
    listing: (
      <div className={classes.columns}>
        <div className={classes.frame}><PagePreview product={product} /></div>
        <Stack gap="md"><Text fw={600}>In the marketplace</Text><CardPreview product={product} />{review.changelog !== '' && <div><Text fw={600}>Note of the seller</Text><Text className={classes.lines}>{review.changelog}</Text></div>}</Stack>
      </div>
    ),
    changes: <Changes versionId={review.version_id} />,
    checks: <Checks versionId={review.version_id} />,
    capabilities: <CapabilityList product={product} />,
    plans: <PlanTable plans={columns} rows={rows} />,
    flow: <Stack gap="lg"><ReviewEngine engine={review.capabilities.runtime.engine} /><div className={classes.frame}><Verdict report={review.report} /></div><ImportReportView report={review.report} exposed={exposed} /></Stack>,
    code: <Code review={review} />,
    findings: review.findings.length === 0
      ? <EmptyState icon={<IconCircleCheck size={32} stroke={1.5} />} title="The declaration and the flow agree">Nothing is promised that the flow cannot deliver.</EmptyState>
      : <div className={classes.frame}><FindingList findings={review.findings} where={({ step }) => step} /></div>,
  };
  return (
    <Tabs value={tab} onChange={(value) => { setAddress(Address.parse({ tab: value })); }} keepMounted={false}>
      <Tabs.List mb="lg" className={classes.tabs}>{TABS.map((key) => <Tabs.Tab key={key} value={key}>{titles[key]}</Tabs.Tab>)}</Tabs.List>
      {TABS.map((key) => <Tabs.Panel key={key} value={key}>{panels[key]}</Tabs.Panel>)}
    </Tabs>
  );
};

/** What this version changes against the one buyers have. */
const Changes = ({ versionId }: { versionId: string }) => {
  const changes = useEndpoint(changesEndpoints.getReviewChanges, { params: { versionId } });
  return (
    <Loaded query={changes}>
      {(data) => (data.changes === null
        ? <EmptyState title="The first version">There is no version before it to compare with.</EmptyState>
        : <Stack gap="md"><Text c="dimmed">Version {data.changes.to} against version {data.changes.from}.</Text><ProductChangesView changes={data.changes} /></Stack>)}
    </Loaded>
  );
};

/** While questions are being asked the answers are looked at again this often, in milliseconds. */
const CHECKING_POLL_MS = 3_000;

/** How it did in its seller's own checks, the answers that failed first. */
const Checks = ({ versionId }: { versionId: string }) => {
  const [checking, setChecking] = useState(false);
  const checks = useEndpoint(checkEndpoints.getReviewChecks, { params: { versionId } }, { refetchMs: checking ? CHECKING_POLL_MS : false });
  const state = checks.data?.score?.state;
  const now = state === 'waiting' || state === 'running';
  if (now !== checking) setChecking(now);
  return <Loaded query={checks}>{(data) => <CheckResults checks={data} nothing="The seller wrote no questions for this product." />}</Loaded>;
};

/** The code a file carries, as text: nothing here runs it. */
const Code = ({ review }: { review: Review }) => (review.code.length === 0
  ? <EmptyState title="No code of its own">The flow uses only steps that come with this installation.</EmptyState>
  : (
    <Stack gap="md">
      <Text c="dimmed">Written by the author of the flow. It is kept as data and never run; the step it belongs to is not supported here.</Text>
      {review.code.map(({ node, source }) => <div key={`${node} ${source.length}`} className={classes.code}><CodeBlock label={node} code={source} /></div>)}
    </Stack>
  ));

const Decision = ({ review }: { review: Review }) => {
  const [asking, setAsking] = useState<'approve' | 'reject' | null>(null);
  const [verify, setVerify] = useState(false);
  const navigate = useNavigate();
  const params = { versionId: review.version_id };
  const reads = [reviewEndpoints.listQueue, reviewEndpoints.getReview];
  const approve = useCall(reviewEndpoints.approve, { invalidates: reads });
  const done = (message: string) => { toast.success(message); void navigate({ to: operatorPaths.reviews() }); };
  useHotkeys([['a', () => { setAsking('approve'); }], ['r', () => { setAsking('reject'); }]]);
  return (
    <>
      <Button variant="default" leftSection={<IconX size={16} />} rightSection={<Kbd size="xs">R</Kbd>} onClick={() => { setAsking('reject'); }}>Reject</Button>
      <Button leftSection={<IconCheck size={16} />} rightSection={<Kbd size="xs" className={classes.key}>A</Kbd>} onClick={() => { setAsking('approve'); }}>Approve</Button>
      <ConfirmDialog
        opened={asking === 'approve'} onClose={() => { setAsking(null); }} title={`Approve version ${review.number} of ${review.name}?`} confirm="Approve and list"
        onConfirm={async () => { await approve.mutateAsync({ params, body: { verify_provider: verify } }); done(`${review.name} is in the marketplace`); }}
      >
        <Stack gap="sm">
          <span>{review.first ? 'It appears in the marketplace at once, and buyers can subscribe.' : 'New subscriptions get this version. Running ones stay on theirs until their buyer moves on.'}</span>
          {!review.provider.verified && <Checkbox label={`Mark ${review.provider.name} as verified`} description="Buyers see the badge on every product of this provider." checked={verify} onChange={(event) => { setVerify(event.currentTarget.checked); }} />}
        </Stack>
      </ConfirmDialog>
      <Reject review={review} opened={asking === 'reject'} onClose={() => { setAsking(null); }} onDone={() => { done(`${review.provider.name} was told what to change`); }} />
    </>
  );
};

const REASON_MIN = 10;

const Reject = ({ review, opened, onClose, onDone }: { review: Review; opened: boolean; onClose: () => void; onDone: () => void }) => {
  const [reason, setReason] = useState('');
  const [asked, setAsked] = useState(false);
  const reject = useCall(reviewEndpoints.reject, { invalidates: [reviewEndpoints.listQueue, reviewEndpoints.getReview], onSuccess: onDone });
  const short = reason.trim().length < REASON_MIN;
  const send = () => {
    setAsked(true);
    if (!short && !reject.isPending) reject.mutate({ params: { versionId: review.version_id }, body: { reason: reason.trim() } });
  };
  const problem = reject.isError ? asProblem(reject.error) : null;
  return (
    <Modal opened={opened} onClose={onClose} title={`Reject version ${review.number} of ${review.name}`} size="md">
      <form onSubmit={(event) => { event.preventDefault(); send(); }}>
        <Stack gap="md">
          <Text>{review.first ? 'The product is not listed.' : 'The version on sale stays.'} The seller reads this reason and gets the draft back.</Text>
          <Textarea
            label="What the seller should change" autosize minRows={4} maxRows={12} maxLength={2000} data-autofocus value={reason} error={asked && short ? `Write at least ${REASON_MIN} characters` : problem?.message}
            onChange={(event) => { setReason(event.currentTarget.value); }} onKeyDown={(event) => { if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) { event.preventDefault(); send(); } }}
          />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>Cancel</Button>
            <Button type="submit" color="red" loading={reject.isPending}>Reject</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
};
