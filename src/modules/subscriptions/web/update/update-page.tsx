import { Alert, Badge, Button, Checkbox, Group, Menu, Text, Title } from '@mantine/core';
import { IconArrowBackUp, IconCircleCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { useCall, useEndpoint } from '#web/api/use-endpoint.ts';
import { ConfirmDialog } from '#web/kit/confirm-dialog.tsx';
import { formatDate } from '#web/kit/format.ts';
import { RelativeTime } from '#web/kit/relative-time.tsx';
import { EmptyState, FailedState, Loaded } from '#web/kit/states.tsx';
import { toast } from '#web/kit/toast.tsx';
import { useHasRole } from '#web/session/session.ts';
import { subscriptionEndpoints } from '../../contract.ts';
import { updateEndpoints, type UpdateOffer, type UpdateState } from '../../updates/contract.ts';
import { useSubscription } from '../subscription-context.ts';
import { TrialPanel } from './trial-panel.tsx';
import { LostSettings, UpdateChanges } from './update-changes.tsx';
import { decisionWords } from './update-words.ts';
import classes from './update.module.css';

/** Everything that another version of the product changes. */
const CHANGED = [updateEndpoints.get, subscriptionEndpoints.get, subscriptionEndpoints.list, subscriptionEndpoints.getConfiguration, subscriptionEndpoints.getEntitlements] as const;

/** The newer version that is offered, what it would change, a try-out, and the decision; and the way back. */
export const UpdatePage = () => {
  const { id: subscriptionId } = useSubscription();
  const state = useEndpoint(updateEndpoints.get, { params: { subscriptionId } });
  return <Loaded query={state}>{(data) => <State state={data} subscriptionId={subscriptionId} />}</Loaded>;
};

const State = ({ state, subscriptionId }: { state: UpdateState; subscriptionId: string }) => (
  <div className={classes.page}>
    {state.way_back !== null && <WayBack back={state.way_back} version={state.version} subscriptionId={subscriptionId} />}
    {state.offer === null
      ? <EmptyState icon={<IconCircleCheck size={32} stroke={1.5} />} title={`Version ${state.version} is the newest`}>When the provider publishes another one, it is offered here. Nothing changes before you say so.</EmptyState>
      : <Offer key={state.offer.version_id} offer={state.offer} state={state} subscriptionId={subscriptionId} />}
    {state.history.length > 0 && (
      <section className={classes.section} aria-label="History">
        <Title order={3}>History</Title>
        <ol className={classes.history}>{state.history.map((entry) => <li key={entry.at}><span>{decisionWords(entry)}</span><Text span size="sm" c="dimmed">{entry.by}, <RelativeTime value={entry.at} /></Text></li>)}</ol>
      </section>
    )}
  </div>
);

const Offer = ({ offer, state, subscriptionId }: { offer: UpdateOffer; state: UpdateState; subscriptionId: string }) => (
  <>
    <header>
      <Group gap="sm"><Title order={2}>Version {offer.number} is offered</Title>{offer.postponed_until !== null && <Badge color="gray">Put off until {formatDate(offer.postponed_until)}</Badge>}</Group>
      <Text c="dimmed">You use version {state.version} until you accept. Your documents, keys, widgets and history stay in any case.</Text>
    </header>
    <UpdateChanges offer={offer} />
    <TrialPanel subscriptionId={subscriptionId} versionId={offer.version_id} current={state.version} offered={offer.number} />
    <Decision offer={offer} state={state} subscriptionId={subscriptionId} />
  </>
);

const settingsWords = ({ kept, lost }: UpdateOffer): string => {
  if (kept.length + lost.length === 0) return 'You have not changed any setting, so there is nothing to take along.';
  if (lost.length === 0) return `${kept.length === 1 ? 'Your setting goes' : `All ${kept.length} of your settings go`} along.`;
  if (kept.length === 0) return `${lost.length === 1 ? 'Your setting does' : `None of your ${lost.length} settings`} ${lost.length === 1 ? 'not go along' : 'goes along'}.`;
  return `Of your ${kept.length + lost.length} settings ${kept.length} ${kept.length === 1 ? 'goes' : 'go'} along and ${lost.length} ${lost.length === 1 ? 'does' : 'do'} not.`;
};

const DAY_MS = 86_400_000;
const LATER = [{ label: 'In a week', days: 7 }, { label: 'In a month', days: 30 }, { label: 'In three months', days: 90 }] as const;

const Decision = ({ offer, state, subscriptionId }: { offer: UpdateOffer; state: UpdateState; subscriptionId: string }) => {
  const admin = useHasRole('admin');
  const [consent, setConsent] = useState(false);
  const params = { subscriptionId };
  const accept = useCall(updateEndpoints.accept, { invalidates: CHANGED, onSuccess: () => { toast.success(`You use version ${offer.number} now`); window.scrollTo({ top: 0 }); } });
  const postpone = useCall(updateEndpoints.postpone, { invalidates: CHANGED, onSuccess: () => { toast.success('You are asked again later'); }, onError: toast.problem });
  return (
    <section className={classes.decision} aria-label="Decide">
      <Text>{settingsWords(offer)} For 30 days one click takes you back to version {state.version}, exactly as it is now.</Text>
      {offer.plan.higher && <Checkbox label="I accept the higher price" description="Without it nothing changes." checked={consent} disabled={!admin} onChange={(event) => { setConsent(event.currentTarget.checked); }} />}
      {accept.isError && <FailedState error={accept.error} kept="Nothing was changed." />}
      {!admin && <Text c="dimmed">An admin of your organization decides about updates.</Text>}
      <Group gap="sm">
        <Button disabled={!admin || (offer.plan.higher && !consent)} loading={accept.isPending} onClick={() => { accept.mutate({ params, body: { version_id: offer.version_id, accept_price: consent, revision: state.revision } }); }}>Use version {offer.number}</Button>
        <Menu position="bottom-start">
          <Menu.Target><Button variant="default" disabled={!admin} loading={postpone.isPending}>Ask me later</Button></Menu.Target>
          <Menu.Dropdown>{LATER.map(({ label, days }) => <Menu.Item key={days} onClick={() => { postpone.mutate({ params, body: { version_id: offer.version_id, until: new Date(Date.now() + days * DAY_MS).toISOString() } }); }}>{label}</Menu.Item>)}</Menu.Dropdown>
        </Menu>
      </Group>
    </section>
  );
};

const WayBack = ({ back, version, subscriptionId }: { back: NonNullable<UpdateState['way_back']>; version: number; subscriptionId: string }) => {
  const admin = useHasRole('admin');
  const [asking, setAsking] = useState(false);
  const rollBack = useCall(updateEndpoints.rollBack, { invalidates: CHANGED });
  return (
    <>
      <Alert color="gray" icon={<IconArrowBackUp />} title={`You came from version ${back.version}`}>
        <Group justify="space-between" gap="sm">
          <Text>Until {formatDate(back.until)} you can go back to it, exactly as it was.</Text>
          <Button size="xs" variant="default" disabled={!admin} onClick={() => { setAsking(true); }}>Go back to version {back.version}</Button>
        </Group>
      </Alert>
      {back.lost.length > 0 && <LostSettings lost={back.lost} title="Settings that did not fit this version" />}
      <ConfirmDialog
        opened={asking} onClose={() => { setAsking(false); }} title={`Go back to version ${back.version}?`} confirm="Go back"
        onConfirm={async () => { await rollBack.mutateAsync({ params: { subscriptionId } }); toast.success(`You use version ${back.version} again`); }}
      >
        Flow, capabilities, plan terms and configuration are again what they were before version {version}. What you configured since then is replaced; documents, keys and history stay. Answers that are being given finish first.
      </ConfirmDialog>
    </>
  );
};
