import { Badge, Button, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import type { Output } from '#platform/contract/endpoint.ts';
import { useCall } from '#web/api/use-endpoint.ts';
import { CitationChips } from '#web/kit/citations.tsx';
import { formatDuration } from '#web/kit/format.ts';
import { Markdown } from '#web/kit/markdown.tsx';
import { EmptyState, FailedState, LoadingSkeleton } from '#web/kit/states.tsx';
import { useRouteParam } from '#web/url/search-state.ts';
import { knowledgeEndpoints } from '#modules/knowledge/contract.ts';
import classes from './training.module.css';

type Answer = Output<typeof knowledgeEndpoints.answer>;

/** Ask the knowledge a question: the answer with its sources, and beside it every passage that was found. */
export const TestPanel = ({ empty }: { empty: boolean }) => {
  const id = useRouteParam('sub');
  const [question, setQuestion] = useState('');
  const ask = useCall(knowledgeEndpoints.answer);
  if (empty) return <EmptyState icon={<IconSearch size={32} />} title="Nothing to ask yet">Add a document or a pair first. Then try here what your customers will ask.</EmptyState>;
  const text = question.trim();
  return (
    <Stack gap="lg">
      <form onSubmit={(event) => { event.preventDefault(); if (text !== '') ask.mutate({ params: { subscriptionId: id }, body: { query: text } }); }}>
        <Group gap="xs" wrap="nowrap" align="flex-end">
          <TextInput style={{ flex: 1 }} label="Ask a question" placeholder="What is your return policy?" value={question} maxLength={2000} dir="auto" onChange={(event) => { setQuestion(event.currentTarget.value); }} />
          <Button type="submit" loading={ask.isPending} disabled={text === ''}>Test</Button>
        </Group>
      </form>
      {ask.isPending && <LoadingSkeleton count={3} />}
      {ask.isError && <FailedState error={ask.error} onRetry={() => { ask.mutate({ params: { subscriptionId: id }, body: { query: text } }); }} />}
      {ask.data !== undefined && !ask.isPending && <div className={classes.test}><AnswerView answer={ask.data} /><Retrieved answer={ask.data} /></div>}
    </Stack>
  );
};

const AnswerView = ({ answer: { answer, citations, took_ms: took } }: { answer: Answer }) => {
  const [open, setOpen] = useState<number | null>(null);
  const sources = citations.map(({ id, title, snippet, page, url }) => ({ number: id, title, snippet, page, url }));
  return (
    <section className={classes.answer} aria-live="polite">
      <Group justify="space-between"><Title order={2} size="h4">Answer</Title><Text size="xs" c="dimmed">{formatDuration(took)}</Text></Group>
      <Markdown breaks citations={Math.max(0, ...sources.map(({ number }) => number))} onCitation={setOpen}>{answer}</Markdown>
      {sources.length > 0 ? <CitationChips citations={sources} open={open} onOpen={setOpen} /> : <Text size="sm" c="dimmed">No sources.</Text>}
    </section>
  );
};

const Retrieved = ({ answer: { retrieved, citations } }: { answer: Answer }) => (
  <section>
    <Title order={2} size="h4">Found passages</Title>
    <Text size="xs" c="dimmed">With their score in this search; 1.00 is first in every ranking.</Text>
    {retrieved.length === 0 && <Text size="sm" c="dimmed">Nothing was found.</Text>}
    {retrieved.map((hit) => {
      const cited = citations.find(({ chunk_id: chunk }) => chunk === hit.chunk_id);
      return (
        <div key={hit.chunk_id} className={classes.hit}>
          <Group justify="space-between" wrap="nowrap" gap="xs">
            <Text fw={500} truncate dir="auto">{hit.title}{hit.page !== null && `, p. ${hit.page}`}</Text>
            <Group gap={6} wrap="nowrap">{cited !== undefined && <Badge color="gray">cited as {cited.id}</Badge>}<Text size="xs" c="dimmed" className="tabular">{hit.score.toFixed(2)}</Text></Group>
          </Group>
          <Text size="sm" c="dimmed" dir="auto">{hit.snippet}</Text>
        </div>
      );
    })}
  </section>
);
