import { Button, Text, Title } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { formatNumber } from '#web/kit/format.ts';
import { LinkButton } from '#web/kit/link.tsx';
import { useProductPath, useSubscription } from '#modules/subscriptions/web/subscription-context.ts';
import { useDismissed } from './dismissed.ts';
import classes from './quick-start.module.css';

/** What each step gives, in one line, and the verb that leads there. */
const WORDS: Readonly<Record<string, { why: string; verb: string }>> = {
  provisioned: { why: 'Your own copy, apart from everybody else’s.', verb: '' },
  train: { why: 'It answers from your documents and says where it found it.', verb: 'Add documents' },
  brand: { why: 'Your name, voice and colours.', verb: 'Make it yours' },
  test: { why: 'Ask what your customers ask.', verb: 'Try it' },
  embed: { why: 'On your website, or in your own programs.', verb: 'Go live' },
};

/** The way to going live, checked by what really happened; gone once everything is done or somebody put it away. */
export const QuickStart = () => {
  const { id, checklist } = useSubscription();
  const path = useProductPath();
  const [dismissed, dismiss] = useDismissed(`quick-start:${id}`);
  const done = checklist.filter((item) => item.done).length;
  const next = checklist.find((item) => !item.done);
  if (dismissed || next === undefined) return null;
  return (
    <section className={classes.guide} aria-label="Quick start">
      <header className={classes.head}>
        <Title order={2} size="h3">Quick start</Title>
        <Text c="dimmed" className="tabular">{formatNumber(done)} of {formatNumber(checklist.length)} done</Text>
        <Button size="compact-xs" variant="subtle" color="gray" ms="auto" className={classes.away} onClick={dismiss}>Put away</Button>
      </header>
      <ol className={classes.steps}>
        {checklist.map((item, index) => (
          <li key={item.key} className={classes.step} data-done={item.done || undefined} data-next={item === next || undefined}>
            <span className={classes.number} aria-hidden>{item.done ? <IconCheck size={14} stroke={3} /> : index + 1}</span>
            <span className={classes.words}>
              <span className={classes.title}>{item.title}{item.done && <span className={classes.spoken}>, done</span>}</span>
              <span className={classes.why}>{WORDS[item.key]?.why}</span>
            </span>
            {!item.done && item.page !== '' && <LinkButton size="xs" variant={item === next ? 'filled' : 'default'} to={path(item.page)}>{WORDS[item.key]?.verb ?? 'Open'}</LinkButton>}
          </li>
        ))}
      </ol>
    </section>
  );
};
