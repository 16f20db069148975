import { Button, Group, SegmentedControl, Select, SimpleGrid, Stack, Switch, TagsInput, Text, Textarea, TextInput, Title } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { LIMITS, RATES, SUPPORT, TIERS } from '../plan-words.ts';
import type { PlanDraft } from '../plan-draft.ts';
import { CountField, MoneyField } from './number-fields.tsx';

const ORDER = ['label', 'input', 'description', 'error'] as const;

/** All terms of one plan. `errors` by the last parts of a finding's path, such as `limits.messages`. */
export const PlanEditor = ({ plan, errors, onChange, onDone }: {
  plan: PlanDraft; errors: Readonly<Record<string, string>>; onChange: (plan: PlanDraft) => void; onDone: () => void;
}) => {
  const set = (fields: Partial<PlanDraft>) => { onChange({ ...plan, ...fields }); };
  return (
    <Stack gap="xl">
      <Stack gap="md">
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <TextInput label="Name" required withAsterisk={false} value={plan.name} maxLength={60} error={errors.name} data-autofocus onChange={(event) => { set({ name: event.currentTarget.value }); }} />
          <Select label="Tier" description="Sets rate limits and priority." inputWrapperOrder={[...ORDER]} data={[...TIERS]} value={plan.tier} allowDeselect={false} onChange={(value) => { set({ tier: TIERS.find((tier) => tier.value === value)?.value ?? 'custom' }); }} />
        </SimpleGrid>
        <Textarea label="Description" autosize minRows={1} maxRows={4} maxLength={200} value={plan.description} error={errors.description} placeholder="Who it is for, in one line" onChange={(event) => { set({ description: event.currentTarget.value }); }} />
      </Stack>
      <Part title="Price"><Price plan={plan} errors={errors} set={set} /></Part>
      <Part title="Credits per action" description="Taken from the buyer’s credits each time. 0 charges nothing.">
        <SimpleGrid cols={{ base: 2, xs: 4 }}>
          {RATES.map(({ key, label }) => (
            <CountField key={key} label={label} value={plan.rateCard[key]} max={10_000} error={errors[`rateCard.${key}`]} onChange={(value) => { set({ rateCard: { ...plan.rateCard, [key]: value ?? 0 } }); }} />
          ))}
        </SimpleGrid>
      </Part>
      <Part title="Limits" description="Empty means unlimited.">
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          {LIMITS.map(({ key, label, ...rest }) => (
            <CountField
              key={key} optional label={label} unit={'unit' in rest ? rest.unit : undefined} placeholder="Unlimited" value={plan.limits[key]} error={errors[`limits.${key}`]}
              onChange={(value) => { set({ limits: { ...plan.limits, [key]: value } }); }}
            />
          ))}
        </SimpleGrid>
      </Part>
      <Part title="What comes with it">
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <div>
            <Text fw={500} mb={4} component="div" id="plan-runtime">Runtime</Text>
            <SegmentedControl fullWidth aria-labelledby="plan-runtime" value={plan.runtime} data={[{ value: 'shared', label: 'Shared' }, { value: 'dedicated', label: 'Dedicated' }]} onChange={(value) => { set({ runtime: value === 'dedicated' ? 'dedicated' : 'shared' }); }} />
          </div>
          <Select label="Support" data={[...SUPPORT]} value={plan.support} allowDeselect={false} onChange={(value) => { set({ support: SUPPORT.find((support) => support.value === value)?.value ?? 'email' }); }} />
        </SimpleGrid>
        <TagsInput
          label="What it includes" description="Shown as a list on the product page. Press Enter after each." inputWrapperOrder={[...ORDER]} maxTags={20} value={plan.features} error={errors.features}
          onChange={(features) => { set({ features }); }}
        />
      </Part>
      <Group justify="flex-end"><Button onClick={onDone}>Done</Button></Group>
    </Stack>
  );
};

const Part = ({ title, description, children }: { title: string; description?: string; children: ReactNode }) => (
  <Stack gap="sm">
    <div><Title order={3}>{title}</Title>{description !== undefined && <Text c="dimmed">{description}</Text>}</div>
    {children}
  </Stack>
);

const Price = ({ plan, errors, set }: { plan: PlanDraft; errors: Readonly<Record<string, string>>; set: (fields: Partial<PlanDraft>) => void }) => {
  // What to come back to when "contact us" is switched off again.
  const [before, setBefore] = useState({ priceMonthlyMinor: plan.priceMonthlyMinor ?? 29_900, priceYearlyMinor: plan.priceYearlyMinor });
  const contact = plan.priceMonthlyMinor === null;
  return (
    <Stack gap="sm">
      <Switch
        label="Contact us" description="No price is shown; buyers write to you." checked={contact}
        onChange={(event) => {
          if (event.currentTarget.checked) {
            setBefore({ priceMonthlyMinor: plan.priceMonthlyMinor ?? 0, priceYearlyMinor: plan.priceYearlyMinor });
            set({ priceMonthlyMinor: null, priceYearlyMinor: null });
          } else set(before);
        }}
      />
      {!contact && (
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <MoneyField label="Monthly price" currency={plan.currency} value={plan.priceMonthlyMinor} error={errors.priceMonthlyMinor} description="0 for credits only." onChange={(value) => { set({ priceMonthlyMinor: value ?? 0 }); }} />
          <MoneyField label="Yearly price" optional currency={plan.currency} value={plan.priceYearlyMinor} error={errors.priceYearlyMinor} placeholder="Not offered" description="Empty when there is no yearly price." onChange={(value) => { set({ priceYearlyMinor: value }); }} />
        </SimpleGrid>
      )}
    </Stack>
  );
};
