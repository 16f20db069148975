import { Button, Group, SegmentedControl, Stack, Text, Textarea, Title } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconMessageOff, IconSend } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { callEndpoint } from '#web/api/call-endpoint.ts';
import { useEndpoint, useInvalidate } from '#web/api/use-endpoint.ts';
import { EmptyState, FailedState } from '#web/kit/states.tsx';
import { providerEndpoints, type DraftFinding } from '../../../contract.ts';
import { CardPreview, PagePreview } from '../product-preview.tsx';
import { DraftChat } from './draft-chat.tsx';
import type { StepProps } from './draft-wizard.tsx';
import { FindingList } from './finding-list.tsx';
import { DraftChanges, DraftQuestions } from './next-version.tsx';
import { useDraftProduct } from './listing-step.tsx';
import { errorsOf, statusOfStep, STEPS, stepOf } from './steps.ts';
import classes from './listing.module.css';

/** The last step: what is still missing, how it looks, how it answers, and the way to the reviewers. */
export const SubmitStep = (props: StepProps) => {
  const { open, productId } = props;
  const product = useDraftProduct(props);
  const [shown, setShown] = useState('try');
  return (
    <Stack gap="xl">
      <div className={classes.submit}>
        <Stack gap="md" miw={0}>
          <Group h={30}><Title order={3}>Ready to submit?</Title></Group>
          <Checks {...props} />
          <Submit {...props} />
        </Stack>
        <Stack gap="md" miw={0}>
          <Group justify="space-between" h={30}>
            <Title order={3}>{shown === 'try' ? 'Try it' : 'How it looks'}</Title>
            <SegmentedControl size="xs" value={shown} onChange={setShown} data={[{ value: 'try', label: 'Try' }, { value: 'card', label: 'Card' }]} aria-label="Preview" />
          </Group>
          {shown === 'card' ? <CardPreview product={product} />
            : product.can_try ? <div className={classes.chat}><DraftChat key={productId} product={product} before={open.flush} /></div>
              : <EmptyState icon={<IconMessageOff size={28} stroke={1.5} />} title="Nothing to chat with">Chat is switched off in the capabilities. Buyers reach this product in other ways.</EmptyState>}
        </Stack>
      </div>
      <DraftChanges {...props} />
      <DraftQuestions {...props} />
      <Stack gap="md"><Title order={3}>Your product page</Title><div className={classes.done}><PagePreview product={product} /></div></Stack>
    </Stack>
  );
};

/** Every step with what it lacks; each finding leads to its place. */
const Checks = ({ open, goTo }: StepProps) => {
  const { findings } = open.view;
  const go = (finding: DraftFinding) => { goTo(stepOf(finding).number, { strict: true }); };
  return (
    <div className={classes.checks}>
      {STEPS.filter(({ key }) => key !== 'submit').map((step) => {
        const { missing, notes } = statusOfStep(step, findings, STEPS.length);
        const good = missing.length === 0;
        return (
          <div key={step.key} className={classes.check}>
            <div className={classes.checkMain}>
              <div className={classes.checkHead}>
                {good ? <IconCircleCheck size={18} className={classes.good} aria-label="Complete" /> : <IconAlertTriangle size={18} className={classes.missing} aria-label="Something is missing" />}
                {step.title}
              </div>
              {missing.length + notes.length > 0 && <FindingList findings={[...missing, ...notes]} onGo={go} where={({ path }) => fieldOf(path)} />}
            </div>
            <Button size="compact-xs" variant="subtle" color={good ? 'gray' : undefined} onClick={() => { goTo(step.number, { strict: true }); }}>{good ? 'Edit' : 'Fix'}</Button>
          </div>
        );
      })}
    </div>
  );
};

/** `listing.summary` as `Summary`, `plans.0.name` as `Plan 1`; nothing for places that the message names itself. */
const fieldOf = (path: string): string => {
  const plan = /^plans\.(\d+)/.exec(path)?.[1];
  if (plan !== undefined) return `Plan ${Number(plan) + 1}`;
  const field = /^listing\.([a-zA-Z]+)/.exec(path)?.[1];
  const words: Readonly<Record<string, string>> = { videoUrl: 'Demo video', docsUrl: 'Documentation', slug: 'Address', welcomeMessage: 'Welcome message', suggestedPrompts: 'Suggested questions' };
  return field === undefined ? '' : words[field] ?? field.charAt(0).toUpperCase() + field.slice(1);
};

const Submit = ({ open, productId }: StepProps) => {
  const client = useQueryClient();
  const invalidate = useInvalidate();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const product = useEndpoint(providerEndpoints.getSellerProduct, { params: { productId } });
  const left = errorsOf(open.view.findings).length;
  const again = product.data !== undefined && product.data.version !== null;
  const submit = async () => {
    setBusy(true);
    setFailure(null);
    try {
      await open.flush();
      await callEndpoint(providerEndpoints.submitProduct, { params: { productId } });
      // The draft has become a version: what is cached of it is gone, and the page says what happens next.
      await client.resetQueries({ predicate: ({ queryKey }) => queryKey[0] === `${providerEndpoints.getDraft.method} ${providerEndpoints.getDraft.path}` });
      await invalidate(providerEndpoints.getSellerProduct, providerEndpoints.listProducts, providerEndpoints.listVersions);
      window.scrollTo({ top: 0 });
    } catch (error) {
      setFailure(error);
      await invalidate(providerEndpoints.getDraft);
    } finally { setBusy(false); }
  };
  return (
    <Stack gap="sm">
      <Textarea
        label={again ? 'What is new' : 'A note for the reviewers'} description={again ? 'Shown in the list of versions, to buyers too.' : 'Shown as the description of the first version.'} inputWrapperOrder={['label', 'input', 'description', 'error']}
        autosize minRows={2} maxRows={8} maxLength={2000} value={open.draft.changelog} onChange={(event) => { open.change({ changelog: event.currentTarget.value }); }}
      />
      {failure !== null && <FailedState error={failure} kept="Your draft is kept as it is." />}
      <Group gap="sm">
        <Button leftSection={<IconSend size={16} />} disabled={left > 0} loading={busy} onClick={() => { void submit(); }}>Submit for review</Button>
        {left > 0 && <Text c="dimmed">{left} {left === 1 ? 'thing is' : 'things are'} missing.</Text>}
      </Group>
    </Stack>
  );
};
