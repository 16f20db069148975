import { Progress, Text } from '@mantine/core';
import { IconFileText, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { callEndpoint } from '#web/api/call-endpoint.ts';
import { useCall, useInvalidate } from '#web/api/use-endpoint.ts';
import { ConfirmDialog } from '#web/kit/confirm-dialog.tsx';
import { LinkButton } from '#web/kit/link.tsx';
import { EmptyState } from '#web/kit/states.tsx';
import { DataTable } from '#web/kit/table/data-table.tsx';
import { useTableState } from '#web/kit/table/table-state.ts';
import { toast } from '#web/kit/toast.tsx';
import { useRouteParam } from '#web/url/search-state.ts';
import { knowledgeEndpoints, type KnowledgeDocument } from '#modules/knowledge/contract.ts';
import { SourceKind, sourceEndpoints, type Source } from '#modules/knowledge/sources/contract.ts';
import { UploadZone } from '../add/add-knowledge.tsx';
import type { Uploads } from '../add/use-uploads.ts';
import { useSources } from '../sources/use-sources.ts';
import { titleOf } from '../sources/source-words.ts';
import { takesDocuments, type Status } from '../status.ts';
import { useTrainingPlace } from '../training-search.ts';
import { inWork, useWatched } from '../use-watched.ts';
import { SOURCE_LOOKS } from '../words.ts';
import { documentColumns } from './document-columns.tsx';
import { DocumentDrawer } from './document-drawer.tsx';
import { allMatching, documentQuery, SELECTED_MAX, STATES } from './document-query.ts';

const CHANGED = [knowledgeEndpoints.listDocuments, knowledgeEndpoints.status, sourceEndpoints.listSources];
/** Documents queued again at once. */
const AT_ONCE = 4;

/** Every document there is, wherever it comes from. */
export const DocumentsPart = ({ status, uploads, plansTo }: { status: Status; uploads: Uploads; plansTo: string }) => {
  const subscriptionId = useRouteParam('sub');
  const { to } = useTrainingPlace();
  const table = useTableState({ filters: ['state', 'source', 'kind'], sort: '-created_at' });
  const asked = documentQuery(table.query);
  const query = useWatched(knowledgeEndpoints.listDocuments, { params: { subscriptionId }, query: { ...asked, limit: 25 } }, ({ data }) => data.some(inWork));
  const sources = (useSources(subscriptionId).data?.data ?? []).filter(({ kind }) => kind !== 'qa');
  const [deleting, setDeleting] = useState<readonly KnowledgeDocument[]>([]);
  const { again, reindex } = useReindex(subscriptionId);
  const cancel = useCall(knowledgeEndpoints.cancelDocument, { invalidates: CHANGED, onError: toast.problem });
  const actions = {
    onReindex: (rows: readonly KnowledgeDocument[]) => { void reindex(rows); },
    onCancel: (row: KnowledgeDocument) => { cancel.mutate({ params: { subscriptionId, documentId: row.id } }); },
    onDelete: setDeleting,
    onPreview: (row: KnowledgeDocument) => { table.setPeek(row.id); },
  };
  const kinds = [...new Set(sources.map(({ kind }) => kind))];
  return (
    <>
      {takesDocuments(status) && <UploadZone compact status={status} uploads={uploads} plansTo={plansTo} />}
      {again !== null && <div role="status"><Text size="sm" c="dimmed">Queuing {again.done} of {again.of}</Text><Progress value={(again.done / again.of) * 100} size={4} radius="xl" aria-label="Queuing documents" /></div>}
      <DataTable
        label="Documents" columns={documentColumns(actions, sources)} query={query} rowKey={(row) => row.id} state={table} search="Search documents"
        filters={[
          { name: 'state', label: 'State', options: STATES },
          ...(sources.length > 1 ? [{ name: 'source', label: 'Source', options: sources.map((source) => ({ value: source.id, label: titleOf(source) })) }] : []),
          ...(kinds.length > 1 ? [{ name: 'kind', label: 'Kind', options: kinds.map((kind) => ({ value: kind, label: SOURCE_LOOKS[kind].title })) }] : []),
        ]}
        bulk={[{ label: 'Index again', run: actions.onReindex }, { label: 'Delete', danger: true, hotkey: 'Delete', run: setDeleting }]}
        matching={{ max: SELECTED_MAX, load: async () => allMatching(subscriptionId, asked) }} exportRows={async () => allMatching(subscriptionId, asked)}
        peek={(row) => <DocumentDrawer key={row.id} document={row} sourceName={nameOf(row, sources)} {...actions} />} peekTitle={(row) => row.title}
        empty={(
          <EmptyState icon={<IconFileText size={32} />} title="No documents yet" action={<LinkButton to={to('sources')} leftSection={<IconPlus size={16} />}>Add knowledge</LinkButton>}>
            Add what your product should answer from: handbooks, price lists, policies, the pages of your site. Answers then quote them with page and passage.
          </EmptyState>
        )}
      />
      <DeleteDialog subscriptionId={subscriptionId} documents={deleting} onClose={() => { setDeleting([]); }} onDeleted={() => { table.setPeek(''); }} />
    </>
  );
};

const nameOf = (row: KnowledgeDocument, sources: readonly Source[]): string => {
  const source = sources.find(({ id }) => id === row.source_id);
  return source === undefined ? SOURCE_LOOKS[row.source].title : titleOf(source);
};

/** Queues documents again, a few at a time; what fails is told once and does not stop the others. */
const useReindex = (subscriptionId: string) => {
  const invalidate = useInvalidate();
  const [again, setAgain] = useState<{ done: number; of: number } | null>(null);
  const reindex = async (rows: readonly KnowledgeDocument[]) => {
    const waiting = rows.filter((row) => !inWork(row));
    if (waiting.length === 0) return;
    let done = 0;
    let failure: unknown = null;
    const work = async () => {
      for (let row = waiting.shift(); row !== undefined; row = waiting.shift()) {
        try { await callEndpoint(knowledgeEndpoints.reindexDocument, { params: { subscriptionId, documentId: row.id } }); } catch (error) { failure = error; }
        done += 1;
        setAgain({ done, of: done + waiting.length });
      }
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, waiting.length) }, work));
    setAgain(null);
    if (failure !== null) toast.problem(failure);
    await invalidate(...CHANGED);
  };
  return { again, reindex };
};

const DeleteDialog = ({ subscriptionId, documents, onClose, onDeleted }: { subscriptionId: string; documents: readonly KnowledgeDocument[]; onClose: () => void; onDeleted: () => void }) => {
  const remove = useCall(knowledgeEndpoints.deleteDocuments, { invalidates: CHANGED });
  const [first] = documents;
  const one = documents.length === 1;
  const fromSource = documents.some(({ source }) => SourceKind.exclude(['upload', 'qa', 'api']).safeParse(source).success);
  return (
    <ConfirmDialog
      opened={documents.length > 0} onClose={onClose} title={`Delete ${one ? 'this document' : `${documents.length} documents`}`} confirm="Delete" danger
      onConfirm={async () => { await remove.mutateAsync({ params: { subscriptionId }, body: { ids: documents.map((row) => row.id) } }); onDeleted(); }}
    >
      Answers will no longer rest on {one ? `“${first?.title ?? ''}”` : 'them'}. {one ? 'The file and its text are removed.' : 'Their files and texts are removed.'} This cannot be undone.
      {fromSource && ' What comes from a source returns with its next reading, if it is still there: remove the source, or narrow it in its settings.'}
    </ConfirmDialog>
  );
};
