import { Alert, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconListCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { ChangeList } from '#web/kit/change-list.tsx';
import { valueWords } from '#web/kit/change-words.ts';
import { formatDate } from '#web/kit/format.ts';
import { Markdown } from '#web/kit/markdown.tsx';
import type { LostSetting } from '#modules/capabilities/changes-contract.ts';
import type { PlanUpdate, UpdateOffer } from '../../updates/contract.ts';
import { flowWords, priceChangeWords } from './update-words.ts';
import classes from './update.module.css';

const Section = ({ title, children }: { title: string; children: ReactNode }) => <section className={classes.section} aria-label={title}><Title order={3}>{title}</Title>{children}</section>;

/** Settings of one's own that do not go along, each with the reason. */
export const LostSettings = ({ lost, title }: { lost: readonly LostSetting[]; title: string }) => (
  <Alert color="amber" icon={<IconAlertTriangle />} title={title} className={classes.warning}>
    <ul className={classes.lost}>{lost.map(({ path, title: name, value, reason }) => <li key={path}><b>{name}</b> <Text span c="dimmed" size="xs">{path}</Text>: {valueWords(value)}. {reason}</li>)}</ul>
  </Alert>
);

/** What a newer version changes for its subscriber, in the order that matters: the seller's words, own settings, what it does, what it costs. */
export const UpdateChanges = ({ offer }: { offer: UpdateOffer }) => {
  const words = flowWords(offer.flow);
  return (
    <>
      <Section title="What the provider says">
        <ul className={classes.notes}>
          {offer.changelogs.map(({ number, changelog, published_at: at }) => (
            <li key={number}>
              <Text size="sm" c="dimmed">Version {number}, <time dateTime={at}>{formatDate(at)}</time></Text>
              {changelog === '' ? <Text c="dimmed">No notes.</Text> : <Markdown breaks>{changelog}</Markdown>}
            </li>
          ))}
        </ul>
        {offer.checks !== null && <Text size="sm" c="dimmed"><IconListCheck size={16} aria-hidden style={{ verticalAlign: '-3px' }} /> Passes {offer.checks.passed} of {offer.checks.total} of its own checks.</Text>}
      </Section>
      {offer.lost.length > 0 && <LostSettings lost={offer.lost} title={`${offer.lost.length === 1 ? 'One of your settings does' : `${offer.lost.length} of your settings do`} not fit the new version`} />}
      <Section title="What it does">
        {words.length === 0 ? <Text c="dimmed">The steps, models and places data goes to stay the same.</Text> : <ul className={classes.plain}>{words.map((text) => <li key={text}>{text}</li>)}</ul>}
      </Section>
      {offer.capabilities.length > 0 && (
        <Section title="What you can do with it">
          <ChangeList label="Capabilities that change" changes={offer.capabilities.map(({ path, title, before, after, effect }) => ({ key: path, name: title, before, after, effect }))} />
        </Section>
      )}
      <Section title="Your plan"><PlanWords plan={offer.plan} /></Section>
    </>
  );
};

const PlanWords = ({ plan }: { plan: PlanUpdate }) => {
  if (plan.kept_because !== null) return <Text>{plan.kept_because}</Text>;
  // Prices stand in words of their own; here is what else the plan says.
  const rest = plan.fields.filter(({ path }) => !path.endsWith('Minor') && !path.startsWith('rateCard.'));
  if (plan.prices.length === 0 && rest.length === 0) return <Text c="dimmed">{plan.after.name} stays as it is.</Text>;
  return (
    <>
      {plan.prices.length > 0 && <ul className={classes.plain}>{plan.prices.map((price) => <li key={price.what}>{price.higher ? <b>{priceChangeWords(price)}</b> : priceChangeWords(price)}</li>)}</ul>}
      {rest.length > 0 && <ChangeList label="What else the plan changes" changes={rest.map(({ path, before, after }) => ({ key: path, name: path.replace('limits.', ''), before, after }))} />}
    </>
  );
};
