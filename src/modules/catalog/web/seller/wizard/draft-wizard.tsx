import { Button, Group } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { ApiProblem } from '#web/api/problem.ts';
import { useEndpoint } from '#web/api/use-endpoint.ts';
import { LinkButton } from '#web/kit/link.tsx';
import { Page } from '#web/kit/page.tsx';
import { FailedState, LoadingSkeleton } from '#web/kit/states.tsx';
import { UnsavedGuard } from '#web/kit/unsaved-guard.tsx';
import { sellerPaths } from '#web/url/paths.ts';
import { useRawSearch, useSetSearch } from '#web/url/search-state.ts';
import { providerEndpoints } from '../../../contract.ts';
import { CapabilitiesStep } from './capabilities-step.tsx';
import { CategoryChoice } from './category-step.tsx';
import type { DraftView } from './draft-saver.ts';
import { Findings } from './finding-list.tsx';
import { FlowStep } from './flow-step.tsx';
import { ListingStep } from './listing-step.tsx';
import { PlansStep } from './plans-step.tsx';
import { SavedMark, StepHead } from './step-frame.tsx';
import { StepRail } from './step-rail.tsx';
import { LAST_STEP, stepNumber, type StepNumber } from './steps.ts';
import { SubmitStep } from './submit-step.tsx';
import { Submitted } from './submitted.tsx';
import { useDraft, type OpenDraft } from './use-draft.ts';
import classes from './wizard.module.css';

/** The wizard over a draft that exists; resumes where it was left. */
export const DraftWizard = ({ provider, productId }: { provider: string; productId: string }) => {
  const query = useEndpoint(providerEndpoints.getDraft, { params: { productId } }, { staleMs: Infinity });
  const navigate = useNavigate();
  if (query.data !== undefined) return <Wizard provider={provider} productId={productId} view={query.data} />;
  const crumbs = [{ label: 'My products', to: sellerPaths.offerings(provider) }];
  // A submitted product has no draft any more: what is left to say is what happens next.
  if (query.error instanceof ApiProblem && query.error.status === 404) return <Submitted provider={provider} productId={productId} />;
  return (
    <Page title="Create a product" breadcrumbs={crumbs}>
      {query.isError
        ? <FailedState error={query.error} onRetry={() => { void query.refetch(); }} />
        : <div className={classes.frame}><LoadingSkeleton count={6} /><LoadingSkeleton shape="form" count={5} /></div>}
      {query.isError && <Button variant="default" onClick={() => { void navigate({ to: sellerPaths.offerings(provider) }); }}>Back to my products</Button>}
    </Page>
  );
};

export interface StepProps {
  productId: string;
  provider: string;
  open: OpenDraft;
  /** Show what is missing also where nothing was typed yet. */
  strict: boolean;
  goTo: (step: StepNumber, options?: { strict?: boolean }) => void;
}

const nameOf = ({ draft }: OpenDraft): string => (typeof draft.listing.name === 'string' && draft.listing.name.trim() !== '' ? draft.listing.name : 'Untitled product');

const Wizard = ({ provider, productId, view }: { provider: string; productId: string; view: DraftView }) => {
  const open = useDraft(productId, view);
  const raw = useRawSearch();
  const setSearch = useSetSearch();
  const reached = view.step;
  const step = stepNumber(raw.step) ?? stepNumber(reached) ?? 1;
  const goTo: StepProps['goTo'] = (next, { strict = false } = {}) => {
    void open.flush();
    setSearch({ step: String(next), check: strict ? '1' : '' }, { push: true });
    window.scrollTo({ top: 0 });
  };
  const { change } = open;
  // The furthest step is remembered, so that "Continue" in the list of products comes back to it.
  useEffect(() => { if (Math.min(step, 5) > reached) change({ step: Math.min(step, 5) }); }, [step, reached, change]);
  const props: StepProps = { productId, provider, open, strict: raw.check === '1', goTo };
  return (
    <Page title={nameOf(open)} breadcrumbs={[{ label: 'My products', to: sellerPaths.offerings(provider) }]}>
      <div className={classes.frame}>
        <StepRail current={step} reached={Math.max(reached, step)} findings={view.findings} onGo={(next) => { goTo(next, { strict: next <= reached && next < step }); }} />
        <div className={classes.body}>
          <StepHead step={step} />
          <StepBody step={step} {...props} />
          <Foot step={step} {...props} />
        </div>
      </div>
      <UnsavedGuard when={open.saving.status === 'failed'} />
    </Page>
  );
};

const StepBody = ({ step, ...props }: StepProps & { step: StepNumber }) => {
  const { open } = props;
  switch (step) {
    case 1: return (
      <>
        <CategoryChoice
          category={open.draft.category} kind={open.draft.subcategory} error={props.strict && open.draft.subcategory === '' ? 'Choose a kind' : undefined}
          onChange={(category, subcategory) => { open.change({ category, subcategory }); }}
        />
        <Findings title="About the category" findings={open.view.findings.filter((finding) => finding.step === 'category' && finding.severity !== 'error')} />
      </>
    );
    case 2: return <FlowStep {...props} />;
    case 3: return <CapabilitiesStep {...props} />;
    case 4: return <PlansStep {...props} />;
    case 5: return <ListingStep {...props} />;
    case 6: return <SubmitStep {...props} />;
  }
};

const Foot = ({ step, open, goTo, provider }: StepProps & { step: StepNumber }) => {
  const back = stepNumber(step - 1);
  const next = stepNumber(step + 1);
  return (
    <div className={classes.foot}>
      <Group gap="sm" wrap="nowrap">
        {back !== null && <Button variant="default" onClick={() => { goTo(back); }}>Back</Button>}
        <SavedMark saving={open.saving} onRetry={() => { void open.flush(); }} />
      </Group>
      <Group gap="sm" wrap="nowrap">
        {step < LAST_STEP && <LinkButton to={sellerPaths.offerings(provider)} variant="subtle" color="gray" visibleFrom="sm">Finish later</LinkButton>}
        {next !== null && <Button onClick={() => { goTo(next); }}>{next === LAST_STEP ? 'Preview' : 'Continue'}</Button>}
      </Group>
    </div>
  );
};
