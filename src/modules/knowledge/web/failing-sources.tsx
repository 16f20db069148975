import { Alert, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { LinkButton } from '#web/kit/link.tsx';
import { RelativeTime } from '#web/kit/relative-time.tsx';
import { knowledgeEndpoints } from '#modules/knowledge/contract.ts';
import type { FailingSource } from '#modules/knowledge/sources/contract.ts';
import { titleOf, whatToDo } from './sources/source-words.ts';
import { useWatched } from './use-watched.ts';
import classes from './training.module.css';

/** How many are named; the list has the rest. */
const SHOWN = 3;

/** Tells on the pages of a product which sources of its knowledge cannot be read; asks by itself. `to`: where the sources are. */
export const SourcesNotice = ({ subscriptionId, to }: { subscriptionId: string; to: string }) => {
  const { data } = useWatched(knowledgeEndpoints.status, { params: { subscriptionId } }, () => false);
  return data === undefined ? null : <FailingSources sources={data.failing_sources} to={to} />;
};

/** Which sources cannot be read, since when and why; nothing where all is well. */
export const FailingSources = ({ sources, to }: { sources: readonly FailingSource[]; to: string }) => {
  if (sources.length === 0) return null;
  const more = sources.length - SHOWN;
  return (
    <Alert color="red" icon={<IconAlertTriangle />} title={sources.length === 1 ? 'A source of its knowledge cannot be read' : `${sources.length} sources of its knowledge cannot be read`}>
      <div className={classes.failing}>
        <ul className={classes.failures}>
          {sources.slice(0, SHOWN).map((source) => (
            <li key={source.id}>
              <Text><Text span fw={500} dir="auto">{titleOf(source)}</Text> · first failed <RelativeTime value={source.since} />{source.last_sync_at === null ? ', never read' : <>, last read <RelativeTime value={source.last_sync_at} /></>}</Text>
              <Text>{source.error.message} {whatToDo(source.error.code)}</Text>
            </li>
          ))}
          {more > 0 && <li><Text>and {more} more</Text></li>}
        </ul>
        <LinkButton size="xs" variant="default" to={to}>Open sources</LinkButton>
      </div>
    </Alert>
  );
};
