import { Button, Group, Stack } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { z } from 'zod';
import type { Category } from '#modules/capabilities/contract.ts';
import { useCall } from '#web/api/use-endpoint.ts';
import { LinkButton } from '#web/kit/link.tsx';
import { Page } from '#web/kit/page.tsx';
import { FailedState } from '#web/kit/states.tsx';
import { sellerPaths } from '#web/url/paths.ts';
import { useRouteParam, useSearchState } from '#web/url/search-state.ts';
import { providerEndpoints } from '../../../contract.ts';
import { CategoryChoice } from './category-step.tsx';
import { StepRail } from './step-rail.tsx';
import { DraftWizard } from './draft-wizard.tsx';
import { StepHead } from './step-frame.tsx';
import classes from './wizard.module.css';

const Address = z.object({ draft: z.uuid().catch('') });

/** The way from nothing to a submitted product. The draft is made as soon as its category is known. */
export const CreateProduct = () => {
  const provider = useRouteParam('provider');
  const [{ draft }] = useSearchState(Address);
  return draft === '' ? <StartProduct provider={provider} /> : <DraftWizard key={draft} provider={provider} productId={draft} />;
};

const StartProduct = ({ provider }: { provider: string }) => {
  const navigate = useNavigate();
  const [category, setCategory] = useState<Category | null>(null);
  const [kind, setKind] = useState('');
  const [asked, setAsked] = useState(false);
  const create = useCall(providerEndpoints.createProduct, {
    invalidates: [providerEndpoints.listProducts],
    onSuccess: ({ id }) => { void navigate({ to: sellerPaths.create(provider), search: { draft: id, step: '2' } as never, replace: true }); },
  });
  const next = () => {
    setAsked(true);
    if (category !== null && kind !== '') create.mutate({ body: { category, subcategory: kind } });
  };
  return (
    <Page title="Create a product" breadcrumbs={[{ label: 'My products', to: sellerPaths.offerings(provider) }]}>
      <div className={classes.frame}>
        <StepRail current={1} reached={1} findings={[]} />
        <div className={classes.body}>
          <StepHead step={1} />
          <Stack gap="xl">
            <CategoryChoice
              category={category} kind={kind} error={asked && kind === '' && category !== null ? 'Choose a kind' : undefined}
              onChange={(nextCategory, nextKind) => { setCategory(nextCategory); setKind(nextKind); }}
            />
            {create.isError && <FailedState error={create.error} />}
          </Stack>
          <div className={classes.foot}>
            <LinkButton to={sellerPaths.offerings(provider)} variant="default">Cancel</LinkButton>
            <Group gap="sm"><Button onClick={next} loading={create.isPending} disabled={category === null || kind === ''}>Continue</Button></Group>
          </div>
        </div>
      </div>
    </Page>
  );
};
