import { Alert, Button, Group, Modal, Text } from '@mantine/core';
import { useState } from 'react';
import type { z } from 'zod';
import type { Output } from '#platform/contract/endpoint.ts';
import { uploadEndpoint } from '#web/api/upload.ts';
import { useCall, useInvalidate } from '#web/api/use-endpoint.ts';
import { SchemaForm } from '#web/form/schema-form.tsx';
import { FileDrop } from '#web/kit/file-drop.tsx';
import { formatNumber } from '#web/kit/format.ts';
import { FailedState } from '#web/kit/states.tsx';
import { useRouteParam } from '#web/url/search-state.ts';
import { knowledgeEndpoints, NewQaPair, type QaPair } from '#modules/knowledge/contract.ts';
import { sourceEndpoints } from '#modules/knowledge/sources/contract.ts';

export type Pair = z.infer<typeof QaPair>;
/** What a changed pair makes old. */
export const PAIRS_CHANGED = [knowledgeEndpoints.listQa, knowledgeEndpoints.status, sourceEndpoints.listSources] as const;
const IMPORT_BYTES_MAX = 10 * 1024 * 1024;

/** Writes a pair, or changes one. */
export const PairDialog = ({ pair, onClose }: { pair: Pair | null; onClose: () => void }) => {
  const id = useRouteParam('sub');
  const add = useCall(knowledgeEndpoints.addQa, { invalidates: PAIRS_CHANGED });
  const update = useCall(knowledgeEndpoints.updateQa, { invalidates: PAIRS_CHANGED });
  return (
    <Modal opened onClose={onClose} title={pair === null ? 'Add a pair' : 'Edit pair'} size="lg">
      <SchemaForm
        schema={NewQaPair} layout="plain" actions="button" submitLabel={pair === null ? 'Add' : 'Save'} initial={pair === null ? {} : { question: pair.question, answer: pair.answer }}
        secondary={<Button variant="default" onClick={onClose}>Cancel</Button>}
        onSubmit={async (body) => {
          if (pair === null) await add.mutateAsync({ params: { subscriptionId: id }, body });
          else await update.mutateAsync({ params: { subscriptionId: id, documentId: pair.id }, body });
          onClose();
        }}
      />
    </Modal>
  );
};

type Report = Output<typeof knowledgeEndpoints.importQa>;

/** Takes pairs from a file; rows that do not fit are named, the others are added. */
export const ImportDialog = ({ onClose }: { onClose: () => void }) => {
  const id = useRouteParam('sub');
  const invalidate = useInvalidate();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const [report, setReport] = useState<Report | null>(null);
  const take = async ([file]: File[]) => {
    if (file === undefined) return;
    setBusy(true);
    setFailure(null);
    setReport(null);
    try {
      const body = new FormData();
      body.append('file', file, file.name);
      setReport(await uploadEndpoint(knowledgeEndpoints.importQa, { params: { subscriptionId: id }, body } as never));
      await invalidate(...PAIRS_CHANGED);
    } catch (error) { setFailure(error); } finally { setBusy(false); }
  };
  return (
    <Modal opened onClose={onClose} title="Import pairs" size="lg">
      <Text c="dimmed" mb="md">A CSV file whose first row names the columns question and answer, or JSON like <code>{'[{"question": "…", "answer": "…"}]'}</code>. What you export here fits.</Text>
      <FileDrop accept={['.csv', '.json']} bytesMax={IMPORT_BYTES_MAX} onFiles={(files) => { void take(files); }} loading={busy} />
      {failure !== null && <FailedState error={failure} />}
      {report !== null && (
        <Alert mt="md" color={report.errors.length === 0 ? 'green' : 'amber'} title={`${formatNumber(report.added)} ${report.added === 1 ? 'pair' : 'pairs'} added`} role="status">
          {report.errors.map(({ row, message }) => <div key={`${row} ${message}`}>Row {row}: {message}</div>)}
        </Alert>
      )}
      <Group justify="flex-end" mt="md"><Button variant="default" onClick={onClose}>{report === null ? 'Cancel' : 'Done'}</Button></Group>
    </Modal>
  );
};
