import { Group, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { CitationChips } from '#web/kit/citations.tsx';
import { formatDuration } from '#web/kit/format.ts';
import { Markdown } from '#web/kit/markdown.tsx';
import { shownCitation } from '#web/kit/chat/answer-deltas.ts';
import { counted } from '../words.ts';
import { Note, Passages } from './passages.tsx';
import { METHOD_WORDS, type Answer, type Hit, type Tried } from './test-history.ts';
import classes from './test.module.css';

/** What came of a question, each way of trying it in its own shape. */
export const OutcomeView = ({ tried }: { tried: Tried }) => {
  switch (tried.mode) {
    case 'answer': return <div className={classes.answered}><AnswerView answer={tried.answer} /><Retrieved answer={tried.answer} /></div>;
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

const AnswerView = ({ answer: { answer, citations, took_ms: took } }: { answer: Answer }) => {
  const [open, setOpen] = useState<number | null>(null);
  const sources = citations.map(shownCitation);
  return (
    <section className={classes.answer} aria-live="polite" aria-label="Answer">
      <Heading title="Answer" detail={formatDuration(took)} />
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
