import { Alert, Button, Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import { Fragment, useMemo, useState, type ReactNode } from 'react';
import type { Output } from '#platform/contract/endpoint.ts';
import { useEndpoint, useEndpointPages } from '#web/api/use-endpoint.ts';
import { formatBytes, formatDate, formatNumber } from '#web/kit/format.ts';
import { TextLink } from '#web/kit/link.tsx';
import { RelativeTime } from '#web/kit/relative-time.tsx';
import { EmptyState, FailedState, LoadingSkeleton } from '#web/kit/states.tsx';
import { useRouteParam } from '#web/url/search-state.ts';
import { knowledgeEndpoints, type KnowledgeDocument } from '#modules/knowledge/contract.ts';
import { useTrainingPlace } from '../training-search.ts';
import { counted } from '../words.ts';
import { inWork } from '../use-watched.ts';
import { isOpenable, type DocumentActions } from './document-columns.tsx';
import { DocumentFields } from './document-fields.tsx';
import { DocumentProgress } from './document-state.tsx';
import { joinPieces } from './join-pieces.ts';
import classes from './documents.module.css';

type Piece = Output<typeof knowledgeEndpoints.previewDocument>['data'][number];

/** What is known of a document, and its text as it was read: as pieces, the way answers quote them, or running. */
export const DocumentDrawer = ({ document, sourceName, onReindex, onCancel, onDelete }: { document: KnowledgeDocument; sourceName: string } & Omit<DocumentActions, 'onPreview'>) => (
  <Stack gap="md">
    <Group gap="xs">
      {inWork(document)
        ? <Button size="xs" variant="default" onClick={() => { onCancel(document); }}>Cancel</Button>
        : <Button size="xs" variant="default" onClick={() => { onReindex([document]); }}>{document.state === 'failed' ? 'Try again' : 'Index again'}</Button>}
      {isOpenable(document.url) && <Button size="xs" variant="default" component="a" href={document.url} target="_blank" rel="noopener noreferrer" rightSection={<IconExternalLink size={14} />}>Open the original</Button>}
      <Button size="xs" variant="default" c="var(--cmp-bad)" onClick={() => { onDelete([document]); }}>Delete</Button>
    </Group>
    {inWork(document) && <DocumentProgress row={document} />}
    {document.error !== null && <Alert color="red" title="This document could not be read">{document.error.message}</Alert>}
    {document.warnings.length > 0 && <Alert color="amber" title="Notes">{document.warnings.map((warning) => <div key={warning}>{warning}</div>)}</Alert>}
    {document.duplicate_of !== null && <Duplicate of={document.duplicate_of} />}
    <Facts document={document} sourceName={sourceName} />
    <DocumentFields document={document} />
    <Pieces document={document} />
  </Stack>
);

const Duplicate = ({ of }: { of: string }) => {
  const subscriptionId = useRouteParam('sub');
  const { to } = useTrainingPlace();
  const { data } = useEndpoint(knowledgeEndpoints.getDocument, { params: { subscriptionId, documentId: of } });
  return (
    <Alert color="gray" title="The same text is already there">
      It is searched once, as {data === undefined ? 'another document' : <TextLink to={to('documents', { q: data.title, peek: of })} underline="always">{data.title}</TextLink>}.
    </Alert>
  );
};

const Facts = ({ document, sourceName }: { document: KnowledgeDocument; sourceName: string }) => {
  const facts: readonly [string, ReactNode][] = [
    ['Source', sourceName], ['File', document.file_name], ['Address', document.url ?? document.external_id], ['Size', document.content_type === 'application/octet-stream' ? formatBytes(document.bytes) : `${formatBytes(document.bytes)} · ${document.content_type}`],
    ['Pages', document.pages === null ? null : formatNumber(document.pages)], ['Pieces', document.chunks === 0 ? null : formatNumber(document.chunks)], ['Language', languageName(document.language)],
    ['Author', document.author], ['Written', document.authored_at === null ? null : formatDate(document.authored_at)],
    ['Added', <RelativeTime key="added" value={document.created_at} />], ['Indexed', document.indexed_at === null ? null : <RelativeTime key="indexed" value={document.indexed_at} />],
  ];
  return <dl className={classes.facts}>{facts.map(([name, value]) => (value === null || value === '' ? null : <Fragment key={name}><dt>{name}</dt><dd dir="auto">{value}</dd></Fragment>))}</dl>;
};

const languageName = (code: string | null): string | null => {
  if (code === null) return null;
  try { return new Intl.DisplayNames(undefined, { type: 'language' }).of(code) ?? code; } catch { return code; }
};

const Pieces = ({ document }: { document: KnowledgeDocument }) => {
  const subscriptionId = useRouteParam('sub');
  const [view, setView] = useState('pieces');
  const query = useEndpointPages(knowledgeEndpoints.previewDocument, { params: { subscriptionId, documentId: document.id }, query: { limit: 30 } });
  if (query.isError) return <FailedState error={query.error} onRetry={() => { void query.refetch(); }} />;
  if (query.isPending) return <LoadingSkeleton />;
  if (query.rows.length === 0) {
    if (document.error !== null || document.duplicate_of !== null) return null;
    return <EmptyState heading={3} title="Nothing to show yet">The text appears when the document is indexed.</EmptyState>;
  }
  return (
    <div>
      <Group justify="space-between" mb="xs">
        <Text fw={500}>What was read</Text>
        <SegmentedControl size="xs" aria-label="How the text is shown" value={view} onChange={setView} data={[{ value: 'pieces', label: 'Pieces' }, { value: 'text', label: 'Running text' }]} />
      </Group>
      {view === 'pieces' ? query.rows.map((piece) => <PieceView key={piece.id} piece={piece} />) : <RunningText pieces={query.rows} />}
      {query.hasNextPage && <Button fullWidth variant="default" loading={query.isFetchingNextPage} onClick={() => { void query.fetchNextPage(); }}>Load more</Button>}
    </div>
  );
};

const PieceView = ({ piece: { index, heading, page, tokens, text } }: { piece: Piece }) => (
  <section className={classes.chunk} aria-label={`Piece ${index + 1}`}>
    <Group justify="space-between" gap="xs" mb={4} wrap="nowrap">
      <Text size="xs" c="dimmed" truncate dir="auto">{formatNumber(index + 1)}{heading !== '' && ` · ${heading}`}</Text>
      <Text size="xs" c="dimmed" className={`tabular ${classes.nowrap}`}>{page !== null && `p. ${page} · `}{counted(tokens, ['token', 'tokens'])}</Text>
    </Group>
    <div className={classes.text} dir="auto">{text}</div>
  </section>
);

/** The text without what neighbouring pieces share, with a line where a page begins. */
const RunningText = ({ pieces }: { pieces: readonly Piece[] }) => {
  const texts = useMemo(() => joinPieces(pieces.map(({ text }) => text)), [pieces]);
  return pieces.map(({ id, page }, index) => (
    <Fragment key={id}>
      {page !== null && page !== pieces[index - 1]?.page && <div className={classes.page}>Page {page}</div>}
      <div className={classes.text} dir="auto">{texts[index]}</div>
    </Fragment>
  ));
};
