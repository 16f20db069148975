import { Badge, Group, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { CitationChips } from '#web/kit/citations.tsx';
import { formatDuration } from '#web/kit/format.ts';
import { Markdown } from '#web/kit/markdown.tsx';
import { shownCitation } from '#web/kit/chat/answer-deltas.ts';
import { useRouteParam } from '#web/url/search-state.ts';
import { CitedDocuments } from '../cited-document.tsx';
import { counted } from '../words.ts';
import { Note, Passages } from './passages.tsx';
import { METHOD_WORDS, type Answer, type Hit, type Tried } from './test-history.ts';
import classes from './test.module.css';

/** What came of a question, each way of trying it in its own shape. */
export const OutcomeView = ({ tried }: { tried: Tried }) => {
  const subscriptionId = useRouteParam('sub');
  switch (tried.mode) {
    case 'answer': return (
      <CitedDocuments subscriptionId={subscriptionId}>
        <div className={classes.answered}><AnswerView answer={tried.answer} /><Retrieved answer={tried.answer} /></div>
      </CitedDocuments>
    );
    case 'search': return (
      <section aria-label="Found passages">
        <Heading title={tried.method === null ? 'Found passages' : `Found by ${METHOD_WORDS[tried.method].toLowerCase()}`} detail={`${counted(tried.found.data.length, ['passage', 'passages'])} in ${formatDuration(tried.found.took_ms)}`} />
        <Passages hits={tried.found.data} label="Found passages" />
      </section>
    );
    case 'compare': return (
      <div className={classes.compared}>
        {tried.columns.map(({ method, found }) => (
          <section key={method} aria-label={METHOD_WORDS[method]}>
            <Heading title={METHOD_WORDS[method]} detail={formatDuration(found.took_ms)} />
            <Passages hits={found.data} label={METHOD_WORDS[method]} notes={(hit) => <AlsoFound hit={hit} others={tried.columns.filter((other) => other.method !== method)} />} />
          </section>
        ))}
      </div>
    );
  }
};

/** Where the other ways of searching have the same passage. */
const AlsoFound = ({ hit, others }: { hit: Hit; others: readonly { method: keyof typeof METHOD_WORDS; found: { data: readonly Hit[] } }[] }) => others.map(({ method, found }) => {
  const rank = found.data.findIndex(({ chunk_id: chunk }) => chunk === hit.chunk_id);
  return rank < 0 ? null : <Note key={method}>{METHOD_WORDS[method]}: {rank + 1}</Note>;
});

const Heading = ({ title, detail }: { title: string; detail: string }) => (
  <Group justify="space-between" gap="xs" mb={6} wrap="nowrap"><Title order={2} size="h4">{title}</Title><Text size="xs" c="dimmed" className="tabular" style={{ whiteSpace: 'nowrap' }}>{detail}</Text></Group>
);

const OUTCOMES: Readonly<Record<Answer['outcome'], readonly [words: string, color: string]>> = {
  answered: ['Answered from the knowledge', 'green'], refused: ['Not answered', 'amber'], general: ['Answered from general knowledge', 'amber'], 'handed-over': ['Handed over to a person', 'amber'],
};

const whyGap = ({ gap, strict }: Answer): string => {
  if (gap === null) return '';
  const missing = gap === 'nothing-found' ? 'No passage was found.' : 'What was found is not sure enough to answer from.';
  return `${missing} ${strict ? 'In strict mode nothing else is used.' : 'What it says then is part of the settings.'}`;
};

/** How the question ended, and how sure that was: the bar, and on it the mark from where on it counts as an answer. */
const Verdict = ({ answer }: { answer: Answer }) => {
  const [words, color] = OUTCOMES[answer.outcome];
  const percent = (share: number) => `${Math.round(Math.min(1, Math.max(0, share)) * 100)}%`;
  return (
    <div className={classes.verdict}>
      <Group gap="xs" justify="space-between">
        <Badge color={color}>{words}</Badge>
        <span className={classes.score}>
          <Text span size="xs" c="dimmed">Confidence</Text>
          <span className={classes.gauge} role="meter" aria-label="Confidence" aria-valuemin={0} aria-valuemax={1} aria-valuenow={answer.confidence} aria-valuetext={`${answer.confidence.toFixed(2)}, an answer from ${answer.threshold.toFixed(2)} on`}>
            <span style={{ width: percent(answer.confidence) }} /><i style={{ insetInlineStart: percent(answer.threshold) }} />
          </span>
          <Text span size="xs" className="tabular">{answer.confidence.toFixed(2)}</Text>
        </span>
      </Group>
      {answer.gap !== null && <Text size="sm" c="dimmed">{whyGap(answer)}</Text>}
    </div>
  );
};

const AnswerView = ({ answer: whole }: { answer: Answer }) => {
  const { answer, citations, took_ms: took } = whole;
  const [open, setOpen] = useState<number | null>(null);
  const sources = citations.map(shownCitation);
  return (
    <section className={classes.answer} aria-live="polite" aria-label="Answer">
      <Heading title="Answer" detail={formatDuration(took)} />
      <Verdict answer={whole} />
      <Markdown breaks citations={Math.max(0, ...sources.map(({ number }) => number))} onCitation={setOpen}>{answer}</Markdown>
      {sources.length > 0 ? <CitationChips citations={sources} open={open} onOpen={setOpen} /> : <Text size="sm" c="dimmed">No sources.</Text>}
    </section>
  );
};

const Retrieved = ({ answer: { retrieved, citations } }: { answer: Answer }) => (
  <section aria-label="Found passages">
    <Heading title="Found passages" detail={counted(retrieved.length, ['passage', 'passages'])} />
    <Passages
      hits={retrieved} label="Found passages"
      notes={(hit) => { const cited = citations.find(({ chunk_id: chunk }) => chunk === hit.chunk_id); return cited === undefined ? null : <Note>cited as {cited.id}</Note>; }}
    />
  </section>
);
