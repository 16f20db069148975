import { Button, Modal, Stack, Text } from '@mantine/core';
import { useMemo, useState } from 'react';
import { z } from 'zod';
import { useCall } from '#web/api/use-endpoint.ts';
import { ApiProblem } from '#web/api/problem.ts';
import { sameValue } from '#web/form/form-values.ts';
import { SchemaForm } from '#web/form/schema-form.tsx';
import { ConfirmDialog } from '#web/kit/confirm-dialog.tsx';
import { LoadingSkeleton } from '#web/kit/states.tsx';
import { toast } from '#web/kit/toast.tsx';
import { useRouteParam } from '#web/url/search-state.ts';
import { knowledgeEndpoints } from '#modules/knowledge/contract.ts';
import { sourceEndpoints, type Source } from '#modules/knowledge/sources/contract.ts';
import { counted, SOURCE_LOOKS } from '../words.ts';
import { asFormProblem, sourceSchema, sourceValues, type KindInfo, type SourceValues } from './source-schema.ts';
import { titleOf } from './source-words.ts';
import { failedTest, TestResult, type Tested } from './test-result.tsx';

/** What a changed source makes old. */
export const SOURCES_CHANGED = [sourceEndpoints.listSources, knowledgeEndpoints.status, knowledgeEndpoints.listDocuments] as const;

/** Adds a source of a kind: its form, a test before it is kept, and reading begins at once. */
export const AddSource = ({ kind, onClose }: { kind: KindInfo; onClose: () => void }) => {
  const subscriptionId = useRouteParam('sub');
  const add = useCall(sourceEndpoints.addSource, { invalidates: SOURCES_CHANGED });
  return (
    <Modal opened onClose={onClose} title={`${kind.kind === 'website' ? 'Add' : 'Connect'} ${SOURCE_LOOKS[kind.kind].phrase ?? kind.title}`} size="lg">
      <SourceForm
        kind={kind} submitLabel="Add and read" onClose={onClose}
        onSave={async (values) => {
          const { name } = await add.mutateAsync({ params: { subscriptionId }, body: { kind: kind.kind, ...values } });
          toast.success(`${name || kind.title} is being read`);
        }}
      />
    </Modal>
  );
};

/** Changes a source. What is secret stays as it is unless it is given again. */
export const EditSource = ({ source, kind, onClose }: { source: Source; kind: KindInfo | undefined; onClose: () => void }) => {
  const subscriptionId = useRouteParam('sub');
  const change = useCall(sourceEndpoints.changeSource, { invalidates: SOURCES_CHANGED });
  return (
    <Modal opened onClose={onClose} title={`Settings of ${titleOf(source)}`} size="lg">
      {kind === undefined ? <LoadingSkeleton shape="form" count={3} /> : (
        <SourceForm
          kind={kind} source={source} submitLabel="Save" onClose={onClose}
          onSave={async ({ name, refresh, config, secrets }) => {
            // Sent only when they changed: other settings mean that everything is read again.
            const settings = sameValue(config, source.config) && Object.keys(secrets).length === 0 ? {} : { config, secrets };
            await change.mutateAsync({ params: { subscriptionId, sourceId: source.id }, body: { name, refresh, ...settings } });
            toast.success('Settings saved');
          }}
        />
      )}
    </Modal>
  );
};

const SourceForm = ({ kind, source, submitLabel, onSave, onClose }: { kind: KindInfo; source?: Source; submitLabel: string; onSave: (values: SourceValues) => Promise<unknown>; onClose: () => void }) => {
  const subscriptionId = useRouteParam('sub');
  const stored = source?.secrets.join(' ') ?? '';
  const schema = useMemo(() => sourceSchema(kind, stored === '' ? [] : stored.split(' ')), [kind, stored]);
  const initial = useMemo(() => (source === undefined ? {} : { ...source.config, name: source.name, refresh: source.refresh }), [source]);
  const [tested, setTested] = useState<Tested | null>(null);
  const test = useCall(sourceEndpoints.testSource);
  const run = async (value: unknown) => {
    const { config, secrets } = sourceValues(kind, value);
    setTested(null);
    try {
      setTested(await test.mutateAsync({ params: { subscriptionId }, body: { kind: kind.kind, config, secrets, source_id: source?.id ?? null } }));
    } catch (error) {
      // What is wrong with single fields stands beside them; anything else is how the test ended.
      if (error instanceof ApiProblem && error.errors.length > 0) throw asFormProblem(error, kind);
      setTested(failedTest(error));
    }
  };
  return (
    <Stack gap="md">
      <Text c="dimmed">{kind.description}{Object.keys(z.record(z.string(), z.unknown()).catch({}).parse(kind.secrets.properties)).length > 0 && ' Secrets are stored encrypted and never shown again.'}</Text>
      <SchemaForm
        schema={schema} initial={initial} layout="plain" actions="button" submitLabel={submitLabel}
        secondary={<Button variant="subtle" color="gray" visibleFrom="sm" onClick={onClose}>Cancel</Button>}
        check={{ label: 'Test connection', run }} below={tested !== null && <TestResult tested={tested} kind={kind.kind} />}
        onSubmit={async (value) => {
          try { await onSave(sourceValues(kind, value)); } catch (error) { throw asFormProblem(error, kind); }
          onClose();
        }}
      />
    </Stack>
  );
};

/** Tries a source with its stored settings and shows what came of it. */
export const TestSource = ({ source, onClose }: { source: Source; onClose: () => void }) => {
  const subscriptionId = useRouteParam('sub');
  const [tested, setTested] = useState<Tested | null>(null);
  const test = useCall(sourceEndpoints.testSource);
  const run = async () => {
    const { kind, config, id } = source;
    if (kind === 'upload' || kind === 'qa' || kind === 'api') return;
    setTested(null);
    try { setTested(await test.mutateAsync({ params: { subscriptionId }, body: { kind, config, source_id: id } })); } catch (error) { setTested(failedTest(error)); }
  };
  return (
    <Modal opened onClose={onClose} title={`Test ${titleOf(source)}`} size="md">
      <Stack gap="md">
        {tested === null ? <Text c="dimmed">The source is asked with its stored settings. Nothing is changed by it.</Text> : <TestResult tested={tested} kind={source.kind} />}
        <Button loading={test.isPending} onClick={() => { void run(); }} style={{ alignSelf: 'flex-end' }} data-autofocus>{tested === null ? 'Test connection' : 'Test again'}</Button>
      </Stack>
    </Modal>
  );
};

/** Removes a source with all that came from it. */
export const RemoveSource = ({ source, onClose }: { source: Source; onClose: () => void }) => {
  const subscriptionId = useRouteParam('sub');
  const remove = useCall(sourceEndpoints.removeSource, { invalidates: SOURCES_CHANGED });
  const { documents: { total }, kind } = source;
  return (
    <ConfirmDialog
      opened onClose={onClose} title={`Remove ${titleOf(source)}?`} confirm="Remove" cancel="Keep it" danger
      onConfirm={async () => { await remove.mutateAsync({ params: { subscriptionId, sourceId: source.id } }); toast.success(`${titleOf(source)} was removed`); }}
    >
      {total === 0 ? 'Nothing was read from it.' : `${counted(total, SOURCE_LOOKS[kind].unit)} ${total === 1 ? 'goes' : 'go'} with it, and answers no longer rest on ${total === 1 ? 'it' : 'them'}.`} This cannot be undone.
    </ConfirmDialog>
  );
};
