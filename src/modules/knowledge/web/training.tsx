import { Text } from '@mantine/core';
import { z } from 'zod';
import { formatBytes, formatNumber } from '#web/kit/format.ts';
import { PlainLink, TextLink } from '#web/kit/link.tsx';
import { RelativeTime } from '#web/kit/relative-time.tsx';
import { Loaded } from '#web/kit/states.tsx';
import { UsageBar } from '#web/kit/usage-bar.tsx';
import { buyerPaths } from '#web/url/paths.ts';
import { useRouteParam, useSearchState } from '#web/url/search-state.ts';
import { knowledgeEndpoints } from '#modules/knowledge/contract.ts';
import { EngineLine } from '#modules/knowledge/engine/web/engine-line.tsx';
import { DocumentsPart } from './documents-part.tsx';
import { PairsPart } from './pairs-part.tsx';
import { takesDocuments, type Status } from './status.ts';
import { TestPanel } from './test-panel.tsx';
import { useWatched } from './use-watched.ts';
import classes from './training.module.css';

const PARTS = ['documents', 'pairs', 'test'] as const;
const TITLES = { documents: 'Documents', pairs: 'Questions and answers', test: 'Test' } as const;
const Search = z.object({ part: z.enum(PARTS).catch('documents') });

/** The knowledge of a product: what it learned, what is being read, and what it answers (RAG-01, 03, 06, 07, 17). */
export const Training = () => {
  const id = useRouteParam('sub');
  const query = useWatched(knowledgeEndpoints.status, { params: { subscriptionId: id } }, ({ documents, engine }) => documents.processing > 0 || engine.switching !== null);
  return <div className={classes.screen}><Loaded query={query}>{(status) => <Parts id={id} status={status} />}</Loaded></div>;
};

const Parts = ({ id, status }: { id: string; status: Status }) => {
  const organization = useRouteParam('org');
  const [{ part }] = useSearchState(Search);
  const path = (tab: string) => buyerPaths.subscriptionTab(organization, id, tab);
  const offered = { documents: takesDocuments(status) || status.documents.total > 0, pairs: status.limits.qa_pairs > 0 || status.qa_pairs > 0, test: true };
  const parts = PARTS.filter((name) => offered[name]);
  const shown = parts.includes(part) ? part : parts[0] ?? 'test';
  return (
    <>
      <StatusLine status={status} settings={path('knowledge')} />
      <EngineLine subscriptionId={id} engine={status.engine} />
      <nav className={classes.parts} aria-label="Training">
        {parts.map((name) => (
          <PlainLink key={name} to={`${path('training')}?part=${name}`} className={classes.part} data-current={shown === name || undefined} aria-current={shown === name ? 'page' : undefined}>{TITLES[name]}</PlainLink>
        ))}
      </nav>
      {shown === 'documents' && <DocumentsPart status={status} />}
      {shown === 'pairs' && <PairsPart status={status} />}
      {shown === 'test' && <TestPanel empty={status.chunks === 0} />}
    </>
  );
};

const StatusLine = ({ status, settings }: { status: Status; settings: string }) => {
  const { documents, limits } = status;
  return (
    <>
      <Text c="dimmed" role="status">
        {formatNumber(documents.indexed)} {documents.indexed === 1 ? 'document' : 'documents'} indexed
        {documents.processing > 0 && <> · {formatNumber(documents.processing)} in work</>}
        {documents.failed > 0 && <> · <span className={classes.failed}>{formatNumber(documents.failed)} failed</span></>}
        {' '}· {formatNumber(status.chunks)} pieces of text
        {status.last_indexed_at !== null && <> · last updated <RelativeTime value={status.last_indexed_at} /></>}
        {' '}· <TextLink to={settings} underline="always">Knowledge settings</TextLink>
      </Text>
      {status.embedding.offline && (
        <Text size="xs" c="dimmed">Search compares words, in any language. With a model provider connected it also compares meaning.</Text>
      )}
      <div className={classes.bars}>
        <UsageBar label="Documents" used={documents.total} limit={limits.documents} />
        <UsageBar label="Storage" used={status.bytes} limit={limits.bytes} format={formatBytes} />
        <UsageBar label="Pieces of text" used={status.chunks} limit={limits.chunks} />
        {limits.qa_pairs > 0 && <UsageBar label="Pairs" used={status.qa_pairs} limit={limits.qa_pairs} />}
      </div>
    </>
  );
};
