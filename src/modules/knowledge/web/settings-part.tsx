import { Button, Group, Text, Title } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { useCall } from '#web/api/use-endpoint.ts';
import { ConfirmDialog } from '#web/kit/confirm-dialog.tsx';
import { toast } from '#web/kit/toast.tsx';
import { useRouteParam } from '#web/url/search-state.ts';
import { knowledgeEndpoints } from '#modules/knowledge/contract.ts';
import { EngineLine } from '#modules/knowledge/engine/web/engine-line.tsx';
import { sourceEndpoints } from '#modules/knowledge/sources/contract.ts';
import { EmbeddingPanel } from './embedding-panel.tsx';
import type { Status } from './status.ts';
import { counted } from './words.ts';
import classes from './training.module.css';

/** How answers are drawn from the knowledge. `form` is the part of the product's configuration that says so; null where its seller left nothing open. */
export const SettingsPart = ({ status, form, splitting }: { status: Status; form: ReactNode; /** How documents are split now, in a form that can be compared; undefined while it loads. */ splitting: string | undefined }) => {
  const subscriptionId = useRouteParam('sub');
  return (
    <div className={classes.settings}>
      <div className={classes.settingsForm}>
        {form ?? <Text c="dimmed">How answers are drawn from your knowledge is set by the provider of this product.</Text>}
      </div>
      <EmbeddingPanel />
      {(status.engine.available || status.engine.kind !== 'builtin') && (
        <section className={classes.panel} aria-labelledby="engine"><Title order={2} size="h3" id="engine">Search engine</Title><EngineLine subscriptionId={subscriptionId} engine={status.engine} /></section>
      )}
      <Reindex status={status} splitting={splitting} />
    </div>
  );
};

const Reindex = ({ status: { documents, qa_pairs: pairs }, splitting }: { status: Status; splitting: string | undefined }) => {
  const subscriptionId = useRouteParam('sub');
  const [asking, setAsking] = useState(false);
  // What is there was split as it stood when the screen opened.
  const [applied, setApplied] = useState(splitting);
  if (applied === undefined && splitting !== undefined) setApplied(splitting);
  const changed = applied !== undefined && applied !== splitting;
  const reindex = useCall(knowledgeEndpoints.reindexAll, { invalidates: [knowledgeEndpoints.status, knowledgeEndpoints.listDocuments, knowledgeEndpoints.listQa, sourceEndpoints.listSources] });
  const count = documents.total + pairs;
  return (
    <section className={classes.panel} aria-labelledby="reindex">
      <Group justify="space-between" gap="md">
        <div>
          <Title order={2} size="h3" id="reindex">Index everything again</Title>
          <Text c="dimmed" maw="42rem">Another way of splitting takes effect as documents are indexed again. What is searchable now stays so until its replacement is ready, and nothing is charged.</Text>
        </div>
        <Button variant={changed ? 'filled' : 'default'} leftSection={<IconRefresh size={16} />} disabled={count === 0} onClick={() => { setAsking(true); }}>Index everything again</Button>
      </Group>
      {changed && count > 0 && <Text size="sm" c="var(--cmp-warn)" role="status">You changed how documents are split. Those that are there keep their pieces until they are indexed again.</Text>}
      <ConfirmDialog
        opened={asking} onClose={() => { setAsking(false); }} title="Index everything again?" confirm="Index again"
        onConfirm={async () => { const { queued } = await reindex.mutateAsync({ params: { subscriptionId } }); setApplied(splitting); toast.success(`${counted(queued, ['document is', 'documents are'])} indexed again`); }}
      >
        {counted(documents.total, ['document', 'documents'])}{pairs > 0 && ` and ${counted(pairs, ['pair', 'pairs'])}`} are read, split and indexed anew, as it is set now. Answers go on meanwhile.
      </ConfirmDialog>
    </section>
  );
};
