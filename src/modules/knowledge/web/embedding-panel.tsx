import { Button, Group, Progress, Select, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useCall } from '#web/api/use-endpoint.ts';
import { formatNumber } from '#web/kit/format.ts';
import { Loaded, LoadingSkeleton } from '#web/kit/states.tsx';
import { toast } from '#web/kit/toast.tsx';
import { useHasRole } from '#web/session/session.ts';
import { useRouteParam } from '#web/url/search-state.ts';
import { knowledgeEndpoints } from '#modules/knowledge/contract.ts';
import { embeddingEndpoints, type EmbeddingChoice } from '#modules/knowledge/embedding/contract.ts';
import { useWatched } from './use-watched.ts';
import classes from './training.module.css';

/** Which model compares meaning, and for admins the change to another, which goes on in the background. */
export const EmbeddingPanel = () => {
  const subscriptionId = useRouteParam('sub');
  const query = useWatched(embeddingEndpoints.get, { params: { subscriptionId } }, ({ changing }) => changing !== null);
  return (
    <section className={classes.panel} aria-labelledby="embedding">
      <Title order={2} size="h3" id="embedding">Embedding model</Title>
      <Loaded query={query} skeleton={<LoadingSkeleton count={1} />}>{(choice) => <Choice choice={choice} />}</Loaded>
    </section>
  );
};

const Choice = ({ choice: { model, title, offline, customizable, choices, changing } }: { choice: EmbeddingChoice }) => {
  const params = { subscriptionId: useRouteParam('sub') };
  const admin = useHasRole('admin');
  const [picked, setPicked] = useState<string | null>(null);
  const choose = useCall(embeddingEndpoints.choose, { invalidates: [embeddingEndpoints.get, knowledgeEndpoints.status], onError: toast.problem });
  const next = picked !== null && picked !== model ? picked : null;
  return (
    <>
      <Text c="dimmed">{offline ? `${title} compares words, in any language. With a model provider connected, meaning is compared too.` : `${title} compares the meaning of questions and passages.`}</Text>
      {changing !== null && (
        <div role="status">
          <Group justify="space-between" gap="xs" mb={4}>
            <Text size="sm">Changing to {changing.title}: {formatNumber(changing.done)} of {formatNumber(changing.total)} pieces. The model before answers meanwhile.</Text>
            {admin && <Button size="compact-sm" variant="default" loading={choose.isPending} onClick={() => { choose.mutate({ params, body: { model } }); }}>Keep {title}</Button>}
          </Group>
          <Progress value={changing.total === 0 ? 100 : (changing.done / changing.total) * 100} size={4} radius="xl" aria-label={`Changing to ${changing.title}`} />
        </div>
      )}
      {changing === null && !customizable && <Text size="xs" c="dimmed">The model is the seller’s choice, or a larger plan lets you choose another.</Text>}
      {changing === null && customizable && choices.length > 1 && (
        <Group gap="xs" align="flex-end">
          <Select
            label="Model" w={320} maw="100%" allowDeselect={false} disabled={!admin} value={picked ?? model} onChange={setPicked} description={admin ? undefined : 'Owners and admins of the organization choose it.'}
            data={choices.map(({ id, title: name, dimensions }) => ({ value: id, label: `${name} · ${formatNumber(dimensions)} numbers` }))} inputWrapperOrder={['label', 'input', 'description', 'error']}
          />
          {next !== null && <Button loading={choose.isPending} onClick={() => { choose.mutate({ params, body: { model: next } }, { onSuccess: () => { setPicked(null); } }); }}>Change and index again</Button>}
        </Group>
      )}
    </>
  );
};
