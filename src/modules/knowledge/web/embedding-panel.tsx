import { Button, Group, NumberInput, Progress, Select, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useCall } from '#web/api/use-endpoint.ts';
import { formatNumber } from '#web/kit/format.ts';
import { Loaded, LoadingSkeleton } from '#web/kit/states.tsx';
import { toast } from '#web/kit/toast.tsx';
import { useHasRole } from '#web/session/session.ts';
import { useRouteParam } from '#web/url/search-state.ts';
import { knowledgeEndpoints } from '#modules/knowledge/contract.ts';
import { embeddingEndpoints, type EmbeddingChoice } from '#modules/knowledge/embedding/contract.ts';
import { readEmbeddingName } from '#modules/models/contract.ts';
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

/** A model and, where it gives several lengths, how long its vectors are. */
interface Picked { id: string; dimensions: number | string }

const Choice = ({ choice: { model, title, dimensions, offline, customizable, choices, changing } }: { choice: EmbeddingChoice }) => {
  const params = { subscriptionId: useRouteParam('sub') };
  const admin = useHasRole('admin');
  const [changed, setChanged] = useState<Picked | null>(null);
  const choose = useCall(embeddingEndpoints.choose, { invalidates: [embeddingEndpoints.get, knowledgeEndpoints.status], onError: toast.problem });
  const serving: Picked = { id: readEmbeddingName(model).model, dimensions };
  const picked = changed ?? serving;
  const own = choices.find(({ id }) => id === picked.id);
  const next = own === undefined || typeof picked.dimensions === 'string' || (picked.id === serving.id && picked.dimensions === dimensions) ? null : { model: picked.id, dimensions: picked.dimensions };
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
      {changing === null && customizable && (choices.length > 1 || (own !== undefined && own.dimensionsMin !== null)) && (
        <Group gap="xs" align="flex-end">
          <Select
            label="Model" w={320} maw="100%" allowDeselect={false} disabled={!admin} value={picked.id} description={admin ? undefined : 'Owners and admins of the organization choose it.'}
            onChange={(id) => { const chosen = choices.find((candidate) => candidate.id === id); if (chosen) setChanged({ id: chosen.id, dimensions: chosen.dimensions }); }}
            data={choices.map(({ id, title: name, dimensions: length }) => ({ value: id, label: `${name} · ${formatNumber(length)} numbers` }))} inputWrapperOrder={['label', 'input', 'description', 'error']}
          />
          {own !== undefined && own.dimensionsMin !== null && (
            <NumberInput label="Numbers in a vector" w={160} min={own.dimensionsMin} max={own.dimensions} allowDecimal={false} disabled={!admin} value={picked.dimensions} onChange={(length) => { setChanged({ id: picked.id, dimensions: length }); }} />
          )}
          {next !== null && <Button loading={choose.isPending} onClick={() => { choose.mutate({ params, body: next }, { onSuccess: () => { setChanged(null); } }); }}>Change and index again</Button>}
        </Group>
      )}
    </>
  );
};
