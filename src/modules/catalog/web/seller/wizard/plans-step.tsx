import { ActionIcon, Badge, Button, Drawer, Group, Menu, Select, Stack, Text, Title } from '@mantine/core';
import { IconCheck, IconCopy, IconChevronLeft, IconChevronRight, IconDots, IconPlus, IconReceipt2, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import type { ProductCapabilities } from '#modules/capabilities/contract.ts';
import { words } from '#web/form/form-model.ts';
import { formatCredits, formatNumber } from '#web/kit/format.ts';
import { PlanTable } from '#web/kit/plan-table.tsx';
import { EmptyState } from '#web/kit/states.tsx';
import type { DraftFinding } from '../../../contract.ts';
import { blankPlan, copyOfPlan, moved, readPlans, usualPlans, type PlanDraft } from '../plan-draft.ts';
import { LIMITS, planComparison, priceWords, supportLabel, tierLabel } from '../plan-words.ts';
import type { StepProps } from './draft-wizard.tsx';
import { Findings } from './finding-list.tsx';
import { PlanEditor } from './plan-editor.tsx';
import classes from './plans.module.css';

const PLANS_MAX = 6;

/** What is wrong with one plan, by the part of it. */
const errorsOfPlan = (findings: readonly DraftFinding[], index: number): Record<string, string> => {
  const prefix = `plans.${index}.`;
  return Object.fromEntries(findings.filter(({ path, severity }) => severity === 'error' && path.startsWith(prefix)).map(({ path, message }) => [path.slice(prefix.length), message]));
};

/** The fourth step: plans as cards, each edited in a drawer, compared below as buyers will see them. */
export const PlansStep = ({ open }: StepProps) => {
  const plans = readPlans(open.draft.plans);
  const [edited, setEdited] = useState<number | null>(null);
  const save = (next: readonly PlanDraft[]) => { open.change({ plans: [...next] }); };
  const currency = plans[0]?.currency ?? 'USD';
  const findings = open.view.findings.filter(({ step }) => step === 'plans');
  const general = findings.filter(({ path }) => path === 'plans' && plans.length > 0);
  const current = edited === null ? undefined : plans[edited];
  if (plans.length === 0) {
    return (
      <EmptyState
        icon={<IconReceipt2 size={32} stroke={1.5} />} title="No plan yet"
        action={<Group gap="xs"><Button onClick={() => { save(usualPlans()); }}>Use the usual four</Button><Button variant="default" onClick={() => { save([blankPlan('USD')]); setEdited(0); }}>Add one plan</Button></Group>}
      >
        Credits for trying, then Starter at $29, Professional at $99 and Enterprise at $299 a month. Change, add or remove whatever you like.
      </EmptyState>
    );
  }
  return (
    <>
      <Findings title="About your plans" findings={general} />
      <Group justify="space-between" align="flex-end">
        <Select
          label="Currency of all plans" w={200} data={[{ value: 'USD', label: 'US dollar' }, { value: 'EUR', label: 'Euro' }, { value: 'GBP', label: 'Pound sterling' }]} value={currency} allowDeselect={false}
          onChange={(value) => { const next = (['USD', 'EUR', 'GBP'] as const).find((code) => code === value); if (next !== undefined) save(plans.map((plan) => ({ ...plan, currency: next }))); }}
        />
        <Button variant="default" leftSection={<IconPlus size={16} />} disabled={plans.length >= PLANS_MAX} onClick={() => { save([...plans, blankPlan(currency)]); setEdited(plans.length); }}>Add a plan</Button>
      </Group>
      <div className={classes.plans}>
        {plans.map((plan, index) => (
          <PlanCard
            key={`${plan.key ?? ''} ${index}`} plan={plan} first={index === 0} last={index === plans.length - 1} full={plans.length >= PLANS_MAX} problems={Object.entries(errorsOfPlan(findings, index)).map(([field, message]) => `${words(field.split('.').at(-1) ?? field).replace(/ minor$/, '')}: ${message}`)}
            onEdit={() => { setEdited(index); }} onCopy={() => { save([...plans.slice(0, index + 1), copyOfPlan(plan), ...plans.slice(index + 1)]); }}
            onMove={(by) => { save(moved(plans, index, index + by)); }} onRemove={() => { save(plans.filter((_, at) => at !== index)); }}
          />
        ))}
      </div>
      <Stack gap="sm">
        <div><Title order={3}>How buyers compare them</Title><Text c="dimmed">The same table stands on your product page.</Text></div>
        <Comparison plans={plans} capabilities={open.view.capabilities} />
      </Stack>
      <Drawer opened={current !== undefined} onClose={() => { setEdited(null); }} position="right" size="lg" classNames={{ title: classes.drawerTitle }} title={current === undefined || current.name === '' ? 'Plan' : current.name}>
        {current !== undefined && edited !== null && (
          <PlanEditor key={edited} plan={current} errors={errorsOfPlan(findings, edited)} onDone={() => { setEdited(null); }} onChange={(next) => { save(plans.map((plan, at) => (at === edited ? next : plan))); }} />
        )}
      </Drawer>
    </>
  );
};

const Comparison = ({ plans, capabilities }: { plans: readonly PlanDraft[]; capabilities: ProductCapabilities }) => {
  const { columns, rows } = planComparison(plans, capabilities);
  return <PlanTable plans={columns} rows={rows} />;
};

/** `1,000 messages a month`, `1 user`, `500 MB of storage`. */
const limitWords = (key: keyof PlanDraft['limits'], label: string, value: number): string => {
  if (key === 'storageMB') return `${formatNumber(value)} MB of storage`;
  const words = label.charAt(0).toLowerCase() + label.slice(1);
  return `${formatNumber(value)} ${value === 1 ? words.replace(/^(api call|[a-z]+?)s\b/i, '$1') : words.replace(/^aPI/, 'API')}`;
};

const PlanCard = ({ plan, problems, first, last, full, onEdit, onCopy, onMove, onRemove }: {
  plan: PlanDraft; problems: readonly string[]; first: boolean; last: boolean; full: boolean;
  onEdit: () => void; onCopy: () => void; onMove: (by: number) => void; onRemove: () => void;
}) => {
  const { price, period, second } = priceWords(plan);
  const name = plan.name === '' ? 'Untitled plan' : plan.name;
  const lines = [
    plan.rateCard.message === 0 ? 'Messages cost no credits' : `${formatCredits(plan.rateCard.message)} a message`,
    ...LIMITS.flatMap(({ key, label }) => (plan.limits[key] === null ? [] : [limitWords(key, label, plan.limits[key])])),
    plan.runtime === 'dedicated' ? 'Dedicated runtime' : 'Shared runtime', `${supportLabel(plan.support)} support`,
  ];
  return (
    <section className={classes.plan} data-wrong={problems.length > 0 || undefined} aria-label={name}>
      <div className={classes.planHead}>
        <div><Text fw={600}>{name}</Text>{plan.description !== '' && <Text size="xs" c="dimmed">{plan.description}</Text>}</div>
        <Group gap={4} wrap="nowrap">
          {plan.tier !== 'custom' && tierLabel(plan.tier) !== name && <Badge color="gray" miw="max-content">{tierLabel(plan.tier)}</Badge>}
          <Menu position="bottom-end">
            <Menu.Target><ActionIcon aria-label={`More about ${name}`}><IconDots size={16} /></ActionIcon></Menu.Target>
            <Menu.Dropdown>
              <Menu.Item leftSection={<IconCopy size={16} />} disabled={full} onClick={onCopy}>Duplicate</Menu.Item>
              <Menu.Item leftSection={<IconChevronLeft size={16} />} disabled={first} onClick={() => { onMove(-1); }}>Move forward</Menu.Item>
              <Menu.Item leftSection={<IconChevronRight size={16} />} disabled={last} onClick={() => { onMove(1); }}>Move back</Menu.Item>
              <Menu.Divider />
              <Menu.Item leftSection={<IconTrash size={16} />} color="red" onClick={onRemove}>Remove</Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </Group>
      </div>
      <div><div className={classes.price}>{price} <span>{period}</span></div><Text size="xs" c="dimmed">{second || '\u00a0'}</Text></div>
      <ul className={classes.list}>{lines.map((line) => <li key={line}><IconCheck size={16} aria-hidden /><Text span>{line}</Text></li>)}</ul>
      {problems.map((problem) => <Text key={problem} size="xs" c="var(--cmp-bad)" role="alert">{problem}</Text>)}
      <Button variant="default" size="xs" onClick={onEdit}>Edit plan</Button>
    </section>
  );
};
