import { useEffect, useRef, type ReactNode } from 'react';
import { useEndpoint } from '#web/api/use-endpoint.ts';
import { formatNumber } from '#web/kit/format.ts';
import { PlainLink } from '#web/kit/link.tsx';
import { Loaded, LoadingSkeleton } from '#web/kit/states.tsx';
import { useRouteParam } from '#web/url/search-state.ts';
import { knowledgeEndpoints } from '#modules/knowledge/contract.ts';
import { sourceEndpoints } from '#modules/knowledge/sources/contract.ts';
import { pastedEnding } from './add/add-knowledge.tsx';
import { PasteText } from './add/paste-text.tsx';
import { UploadProgress } from './add/upload-progress.tsx';
import { useUploads, type Uploads } from './add/use-uploads.ts';
import { DocumentsPart } from './documents/documents-part.tsx';
import { FailingSources } from './failing-sources.tsx';
import { ImportDialog, PairDialog } from './pairs/pair-dialogs.tsx';
import { PairsPart } from './pairs/pairs-part.tsx';
import { QuestionsPart } from './questions-part.tsx';
import { SettingsPart } from './settings-part.tsx';
import { AddSource } from './sources/source-dialogs.tsx';
import type { KindInfo } from './sources/source-schema.ts';
import { SourcesPart } from './sources/sources-part.tsx';
import { takesDocuments, takesPairs, type Status } from './status.ts';
import { TestPanel } from './test/test-panel.tsx';
import { TrainingHead } from './training-head.tsx';
import { PARTS, useTrainingPlace, type Part } from './training-search.ts';
import { useWatched } from './use-watched.ts';
import classes from './training.module.css';

export interface TrainingProps {
  /** The form of how answers are drawn from the knowledge; null where nothing of it is left to the buyer. */
  settings: ReactNode;
  /** How documents are split now, in a form that can be compared; undefined while it loads. */
  splitting: string | undefined;
  /** Where plans of this product are compared. */
  plansTo: string;
  /** Questions the product proposes to ask. */
  examples: readonly string[];
}

const TITLES: Readonly<Record<Part, string>> = { sources: 'Sources', documents: 'Documents', pairs: 'Questions and answers', questions: 'Unanswered', settings: 'Settings', test: 'Test' };

/** The knowledge of a product: where it comes from, what was learned, how it is searched, and what it answers (RAG-01, 03, 06, 07, 17). */
export const Training = (props: TrainingProps) => {
  const subscriptionId = useRouteParam('sub');
  const query = useWatched(knowledgeEndpoints.status, { params: { subscriptionId } }, ({ documents, engine }) => documents.processing > 0 || engine.switching !== null);
  return <div className={classes.screen}><Loaded query={query} skeleton={<LoadingSkeleton count={6} />}>{(status) => <Parts {...props} subscriptionId={subscriptionId} status={status} />}</Loaded></div>;
};

/** What a dialog for adding changes is looked at by the parts; one that is closed again leaves no trace. */
const Parts = ({ subscriptionId, status, settings, splitting, plansTo, examples }: TrainingProps & { subscriptionId: string; status: Status }) => {
  const { part, to } = useTrainingPlace();
  const uploads = useUploads(subscriptionId);
  const kinds = useEndpoint(sourceEndpoints.listSourceKinds, { params: { subscriptionId } }, { staleMs: 300_000 }).data?.data;
  const offered: Partial<Record<Part, boolean>> = { pairs: takesPairs(status) || status.qa_pairs > 0 };
  const parts = PARTS.filter((name) => offered[name] !== false);
  const shown = parts.includes(part) ? part : 'sources';
  return (
    <>
      <TrainingHead status={status} plansTo={plansTo} />
      <PartNav parts={parts} shown={shown} status={status} />
      <UploadProgress uploads={uploads} />
      {shown !== 'sources' && <FailingSources sources={status.failing_sources} to={to('sources')} />}
      {shown === 'sources' && <SourcesPart status={status} kinds={kinds} uploads={uploads} plansTo={plansTo} />}
      {shown === 'documents' && <DocumentsPart status={status} uploads={uploads} plansTo={plansTo} />}
      {shown === 'pairs' && <PairsPart status={status} />}
      {shown === 'questions' && <QuestionsPart subscriptionId={subscriptionId} />}
      {shown === 'settings' && <SettingsPart status={status} form={settings} splitting={splitting} />}
      {shown === 'test' && <TestPanel empty={status.chunks === 0} examples={examples} />}
      <AddDialogs status={status} kinds={kinds} uploads={uploads} />
    </>
  );
};

const PartNav = ({ parts, shown, status }: { parts: readonly Part[]; shown: Part; status: Status }) => {
  const { to } = useTrainingPlace();
  const row = useRef<HTMLElement>(null);
  // Where the row is longer than the screen, the current part is the one to see.
  useEffect(() => { row.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' }); }, [shown]);
  const counts: Partial<Record<Part, number>> = { documents: status.documents.total, pairs: status.qa_pairs, questions: status.questions_open };
  return (
    <nav ref={row} className={classes.parts} aria-label="Training">
      {parts.map((name) => (
        <PlainLink key={name} to={to(name)} className={classes.part} data-current={shown === name || undefined} aria-current={shown === name ? 'page' : undefined}>
          {TITLES[name]}{(counts[name] ?? 0) > 0 && <span className={classes.count}>{formatNumber(counts[name] ?? 0)}</span>}
        </PlainLink>
      ))}
    </nav>
  );
};

/** The dialogs for adding, opened by the address from whichever part. */
const AddDialogs = ({ status, kinds, uploads }: { status: Status; kinds: readonly KindInfo[] | undefined; uploads: Uploads }) => {
  const { add, setAdd } = useTrainingPlace();
  const close = () => { setAdd(''); };
  const ending = pastedEnding(status);
  if (add === 'text' && takesDocuments(status) && ending !== null) return <PasteText ending={ending} onFile={(file) => { uploads.add([file]); }} onClose={close} />;
  if (add === 'pair' && takesPairs(status)) return <PairDialog pair={null} onClose={close} />;
  if (add === 'import' && takesPairs(status)) return <ImportDialog onClose={close} />;
  const kind = kinds?.find((one) => one.kind === add && one.available);
  return kind === undefined ? null : <AddSource key={kind.kind} kind={kind} onClose={close} />;
};
