import { Alert, Code, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconEqual } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { LeafChange } from '#platform/contract/leaf-change.ts';
import { ChangeList } from '#web/kit/change-list.tsx';
import { valueWords } from '#web/kit/change-words.ts';
import { formatMoney } from '#web/kit/format.ts';
import { EmptyState } from '#web/kit/states.tsx';
import type { ProductChanges } from '../../changes/contract.ts';
import { titled } from '../price-words.ts';
import { LIMITS, RATES } from '../seller/plan-words.ts';
import classes from './changes.module.css';

/** Everything two versions of a product differ in, for whoever may see the flow. */
export const ProductChangesView = ({ changes }: { changes: ProductChanges }) => {
  const { flow, capabilities, plans, listing, lostSettings } = changes;
  const flowSame = [flow.steps.added, flow.steps.removed, flow.steps.changed, flow.wires.added, flow.wires.removed, flow.requires.added, flow.requires.removed, flow.parameters.added, flow.parameters.removed, flow.parameters.changed].every((list) => list.length === 0);
  const plansSame = plans.added.length + plans.removed.length + plans.changed.length === 0;
  if (flowSame && plansSame && capabilities.length === 0 && listing.length === 0) {
    return <EmptyState icon={<IconEqual size={28} stroke={1.5} />} title="Nothing differs" heading={3}>Flow, capabilities, plans and listing say the same in both.</EmptyState>;
  }
  return (
    <div className={classes.sections}>
      {lostSettings.length > 0 && (
        <Alert color="amber" icon={<IconAlertTriangle />} title="Subscribers have set values that are no longer offered" className={classes.warning}>
          {lostSettings.map(({ name, title, subscriptions }) => <div key={name}>{title}: set in {subscriptions} {subscriptions === 1 ? 'subscription' : 'subscriptions'}</div>)}
          Who takes on this version is told which of their settings go.
        </Alert>
      )}
      {!flowSame && <FlowChanges flow={flow} />}
      {capabilities.length > 0 && (
        <Section title="Capabilities">
          <ChangeList label="Capabilities that differ" changes={capabilities.map(({ path, title, before, after, effect }) => ({ key: path, name: title, before, after, effect }))} />
        </Section>
      )}
      {!plansSame && <PlanChangesView plans={plans} />}
      {listing.length > 0 && <Section title="Listing"><ChangeList label="Words of the listing that differ" changes={rowsOf(listing)} /></Section>}
    </div>
  );
};

const Section = ({ title, children }: { title: string; children: ReactNode }) => <section className={classes.section} aria-label={title}><Title order={3}>{title}</Title>{children}</section>;

const rowsOf = (fields: readonly LeafChange[]) => fields.map(({ path, before, after }) => ({ key: path, name: <Code>{path === '' ? 'value' : path.replace(/^config\./, '')}</Code>, before, after }));

/** Names that came or went. */
export const Names = ({ label, names, effect }: { label: string; names: readonly string[]; effect: 'added' | 'removed' }) => (names.length === 0 ? null : (
  <div>
    <Text size="sm" c="dimmed" mb={4}>{label}</Text>
    <ul className={classes.names}>{names.map((name, index) => <li key={`${name} ${index}`} className={classes.word} data-effect={effect}>{name}</li>)}</ul>
  </div>
));

const FlowChanges = ({ flow }: { flow: ProductChanges['flow'] }) => {
  const wire = ({ from, fromPort, to, toPort }: ProductChanges['flow']['wires']['added'][number]) => `${from} (${fromPort}) → ${to} (${toPort})`;
  const step = ({ name, type }: { name: string; type: string }) => `${name} · ${type}`;
  return (
    <Section title="Flow">
      <Names label="Steps added" effect="added" names={flow.steps.added.map(step)} />
      <Names label="Steps removed" effect="removed" names={flow.steps.removed.map(step)} />
      {flow.steps.changed.length > 0 && (
        <ul className={classes.steps} aria-label="Steps changed">
          {flow.steps.changed.map(({ id, name, type, fields, omitted }) => (
            <li key={id}>
              <details className={classes.step} open={flow.steps.changed.length <= 3}>
                <summary><Text span fw={500}>{name}</Text><Text span c="dimmed" size="sm">{type}, {fields.length + omitted} {fields.length + omitted === 1 ? 'setting' : 'settings'} changed</Text></summary>
                <ChangeList label={`Settings of ${name}`} changes={rowsOf(fields)} />
                {omitted > 0 && <Text size="sm" c="dimmed" mt={4}>And {omitted} more.</Text>}
              </details>
            </li>
          ))}
        </ul>
      )}
      <Names label="Connections between steps, new" effect="added" names={flow.wires.added.map(wire)} />
      <Names label="Connections between steps, gone" effect="removed" names={flow.wires.removed.map(wire)} />
      <Names label="Parameters, new" effect="added" names={flow.parameters.added.map(({ title }) => title)} />
      <Names label="Parameters, gone" effect="removed" names={flow.parameters.removed.map(({ title }) => title)} />
      {flow.parameters.changed.map(({ name, title, fields }) => (
        <div key={name}><Text size="sm" c="dimmed" mb={4}>Parameter {title}</Text><ChangeList label={`Parameter ${title}`} changes={rowsOf(fields)} /></div>
      ))}
      <Names label="Needs now" effect="added" names={flow.requires.added} />
      <Names label="Needs no longer" effect="removed" names={flow.requires.removed} />
      {flow.omitted > 0 && <Text c="dimmed">{flow.omitted} further differences are not listed.</Text>}
    </Section>
  );
};

/** The field of a plan in the words of the plan editor. */
const planWords = (path: string): string => {
  const fixed: Readonly<Record<string, string>> = { priceMonthlyMinor: 'Monthly price', priceYearlyMinor: 'Yearly price', features: 'What it includes' };
  const [group, field] = path.split('.');
  const own = group === 'limits' ? LIMITS.find(({ key }) => key === field)?.label : group === 'rateCard' ? RATES.find(({ key }) => key === field)?.label : undefined;
  return own === undefined ? fixed[path] ?? titled(path) : group === 'rateCard' ? `Credits: ${own}` : own;
};

const PlanChangesView = ({ plans }: { plans: ProductChanges['plans'] }) => (
  <Section title="Plans">
    <Names label="Plans added" effect="added" names={plans.added.map(({ name }) => name)} />
    <Names label="Plans removed" effect="removed" names={plans.removed.map(({ name }) => name)} />
    {plans.changed.map(({ key, name, currency, fields }) => (
      <div key={key}>
        <Text fw={500} mb={4}>{name}</Text>
        <ChangeList
          label={`Plan ${name}`} changes={fields.map(({ path, before, after }) => ({ key: path, name: planWords(path), before, after }))}
          words={(value, path) => (path.endsWith('Minor') && typeof value === 'number' ? formatMoney(value, currency) : valueWords(value))}
        />
      </div>
    ))}
  </Section>
);
