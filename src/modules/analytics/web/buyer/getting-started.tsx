import { Button, Text, Title } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useEndpoint } from '#web/api/use-endpoint.ts';
import { formatNumber } from '#web/kit/format.ts';
import { LinkButton } from '#web/kit/link.tsx';
import { buyerPaths, publicPaths } from '#web/url/paths.ts';
import { useRouteParam } from '#web/url/search-state.ts';
import { subscriptionEndpoints, type SubscriptionCard } from '#modules/subscriptions/contract.ts';
import { useDismissed } from './dismissed.ts';
import classes from './quick-start.module.css';

interface Step { key: string; title: string; why: string; verb: string; to: string; done: boolean }

/** The steps after subscribing, when there is a product to take them with; its own checklist says which are done. */
const AFTER: Readonly<Record<string, { title: string; why: string; verb: string }>> = {
  train: { title: 'Train it on your documents', why: 'It answers from them and says where it found it.', verb: 'Train' },
  brand: { title: 'Give it your name and look', why: 'Persona, colours and a welcome of your own.', verb: 'Brand' },
  test: { title: 'Test it', why: 'Ask what your customers ask.', verb: 'Test' },
  embed: { title: 'Put it to work', why: 'On your website, or in your own programs.', verb: 'Go live' },
};

/**
 * From nothing to a product that works, for organizations that are new: what is done is read from what happened, and the
 * guide leaves by itself once the first product has gone the whole way.
 */
export const GettingStarted = ({ products }: { products: readonly SubscriptionCard[] }) => {
  const organization = useRouteParam('org');
  const [dismissed, dismiss] = useDismissed(`getting-started:${organization}`);
  const first = products.filter(({ state }) => state === 'active' || state === 'pending').at(-1);
  const { data } = useEndpoint(subscriptionEndpoints.get, { params: { subscriptionId: first?.id ?? organization } }, { enabled: first !== undefined && !dismissed });
  if (dismissed || (first !== undefined && data === undefined)) return null;
  const after = data?.checklist.filter(({ key }) => AFTER[key] !== undefined).map(({ key, done, page }) => ({ key, done, page })) ?? Object.keys(AFTER).map((key) => ({ key, done: false, page: '' }));
  const steps: readonly Step[] = [
    { key: 'find', title: 'Find a product', why: 'Agents, apps, assistants and automations. Try any of them first.', verb: 'Browse', to: publicPaths.marketplace(), done: first !== undefined },
    { key: 'subscribe', title: 'Subscribe', why: 'With credits or a card; it is yours within seconds.', verb: 'Choose one', to: publicPaths.marketplace(), done: first?.state === 'active' },
    ...after.flatMap(({ key, done, page }) => {
      const words = AFTER[key];
      return words === undefined ? [] : [{ key, ...words, done, to: first === undefined ? '' : page === '' ? buyerPaths.subscription(organization, first.id) : buyerPaths.subscriptionTab(organization, first.id, page) }];
    }),
  ];
  const next = steps.find(({ done }) => !done);
  if (next === undefined) return null;
  return (
    <section className={classes.guide} aria-label="Getting started">
      <header className={classes.head}>
        <Title order={2} size="h3">Getting started</Title>
        <Text c="dimmed" className="tabular">{formatNumber(steps.filter(({ done }) => done).length)} of {formatNumber(steps.length)}{first === undefined ? '' : ` · ${first.name}`}</Text>
        <Button size="compact-xs" variant="subtle" color="gray" ms="auto" className={classes.away} onClick={dismiss}>Put away</Button>
      </header>
      <ol className={classes.columns}>
        {steps.map((step, index) => (
          <li key={step.key} className={classes.tile} data-done={step.done || undefined} data-next={step === next || undefined}>
            <span className={classes.number} aria-hidden>{step.done ? <IconCheck size={14} stroke={3} /> : index + 1}</span>
            <span className={classes.words}>
              <span className={classes.title}>{step.title}{step.done && <span className={classes.spoken}>, done</span>}</span>
              <span className={classes.why}>{step.why}</span>
            </span>
            {!step.done && step.to !== '' && <LinkButton size="xs" variant={step === next ? 'filled' : 'default'} to={step.to} className={classes.go}>{step.verb}</LinkButton>}
          </li>
        ))}
      </ol>
    </section>
  );
};
