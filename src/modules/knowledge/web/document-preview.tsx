import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useEndpointPages } from '#web/api/use-endpoint.ts';
import { formatBytes, formatNumber } from '#web/kit/format.ts';
import { EmptyState, FailedState, LoadingSkeleton } from '#web/kit/states.tsx';
import { useRouteParam } from '#web/url/search-state.ts';
import { knowledgeEndpoints, type KnowledgeDocument } from '#modules/knowledge/contract.ts';
import classes from './training.module.css';

/** What was read from a document, piece by piece, as answers quote it. */
export const DocumentPreview = ({ document }: { document: KnowledgeDocument }) => {
  const id = useRouteParam('sub');
  const query = useEndpointPages(knowledgeEndpoints.previewDocument, { params: { subscriptionId: id, documentId: document.id }, query: { limit: 30 } });
  const facts = [
    document.file_name, formatBytes(document.bytes), document.pages === null ? null : `${formatNumber(document.pages)} pages`,
    `${formatNumber(document.chunks)} pieces`, document.language, document.author,
  ].filter((fact): fact is string => fact !== null);
  return (
    <Stack gap="md">
      <Text c="dimmed" size="sm" dir="auto">{facts.join(' · ')}</Text>
      {document.error !== null && <Alert color="red" title="This document could not be read">{document.error.message}</Alert>}
      {document.warnings.length > 0 && <Alert color="amber" title="Notes">{document.warnings.map((warning) => <div key={warning}>{warning}</div>)}</Alert>}
      {query.isError && <FailedState error={query.error} onRetry={() => { void query.refetch(); }} />}
      {query.isPending && <LoadingSkeleton />}
      {!query.isPending && !query.isError && query.rows.length === 0 && document.error === null && <EmptyState heading={3} title="Nothing to show yet">The text appears when the document is indexed.</EmptyState>}
      <div>
        {query.rows.map((chunk) => (
          <section key={chunk.id} className={classes.chunk} aria-label={`Piece ${chunk.index + 1}`}>
            <Group justify="space-between" gap="xs" mb={4} wrap="nowrap">
              <Text size="xs" c="dimmed" truncate dir="auto">{chunk.heading}</Text>
              <Text size="xs" c="dimmed" className="tabular" style={{ whiteSpace: 'nowrap' }}>{chunk.page !== null && `p. ${chunk.page} · `}{formatNumber(chunk.tokens)} tokens</Text>
            </Group>
            <div className={classes.text} dir="auto">{chunk.text}</div>
          </section>
        ))}
      </div>
      {query.hasNextPage && <Button variant="default" loading={query.isFetchingNextPage} onClick={() => { void query.fetchNextPage(); }}>Load more</Button>}
    </Stack>
  );
};
