import { Button, Modal, Stack, Text } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useEndpoint, useEndpointPages } from '#web/api/use-endpoint.ts';
import { OpenDocument } from '#web/kit/citations.tsx';
import { EmptyState, FailedState, LoadingSkeleton } from '#web/kit/states.tsx';
import { knowledgeEndpoints } from '#modules/knowledge/contract.ts';
import classes from './cited-document.module.css';

interface Cited { documentId: string; chunkId: string | null; title: string }

/** Lets the citations inside open their documents. */
export const CitedDocuments = ({ subscriptionId, children }: { subscriptionId: string; children: ReactNode }) => {
  const [cited, setCited] = useState<Cited | null>(null);
  return (
    <OpenDocument value={setCited}>
      {children}
      <Modal opened={cited !== null} onClose={() => { setCited(null); }} title={cited?.title} size="lg">
        {cited !== null && <Document key={cited.documentId} subscriptionId={subscriptionId} cited={cited} />}
      </Modal>
    </OpenDocument>
  );
};

/** The document as it is now; one that is gone is told in words, since its answers are still there. */
const Document = ({ subscriptionId, cited: { documentId, chunkId } }: { subscriptionId: string; cited: Cited }) => {
  const params = { subscriptionId, documentId };
  const document = useEndpoint(knowledgeEndpoints.getDocument, { params }, { staleMs: 0 });
  const pieces = useEndpointPages(knowledgeEndpoints.previewDocument, { params, query: { limit: 30 } }, { enabled: document.isSuccess });
  if (document.isError && document.error.status === 404) return <EmptyState heading={3} title="This document is no longer there">It was deleted. What it said when it was cited is kept with the answer.</EmptyState>;
  if (document.isError || pieces.isError) return <FailedState error={document.error ?? pieces.error} onRetry={() => { void document.refetch(); void pieces.refetch(); }} />;
  if (pieces.isPending) return <LoadingSkeleton count={4} />;
  if (pieces.rows.length === 0) return <EmptyState heading={3} title="Nothing to show yet">The text appears when the document is indexed.</EmptyState>;
  return (
    <Stack gap="sm">
      {chunkId !== null && !pieces.rows.some(({ id }) => id === chunkId) && !pieces.hasNextPage && <Text size="sm" c="dimmed">The passage that was cited is not in this text as it stands now.</Text>}
      {pieces.rows.map((piece) => (
        <section key={piece.id} className={classes.piece} data-cited={piece.id === chunkId || undefined} aria-label={piece.id === chunkId ? 'The cited passage' : `Piece ${piece.index + 1}`}>
          {piece.page !== null && <Text size="xs" c="dimmed">Page {piece.page}</Text>}
          <div dir="auto">{piece.text}</div>
        </section>
      ))}
      {pieces.hasNextPage && <Button variant="default" loading={pieces.isFetchingNextPage} onClick={() => { void pieces.fetchNextPage(); }}>Load more</Button>}
    </Stack>
  );
};
