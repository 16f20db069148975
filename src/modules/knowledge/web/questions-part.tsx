import { Alert, Badge, Button, Drawer, Group, Menu, SegmentedControl, Text } from '@mantine/core';
import { IconDots, IconDownload, IconMessageQuestion, IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import { z } from 'zod';
import { downloadEndpoint } from '#web/api/call-endpoint.ts';
import { useCall, useInvalidate } from '#web/api/use-endpoint.ts';
import { formatNumber } from '#web/kit/format.ts';
import { RelativeTime } from '#web/kit/relative-time.tsx';
import { EmptyState } from '#web/kit/states.tsx';
import type { Column } from '#web/kit/table/column.ts';
import { DataTable } from '#web/kit/table/data-table.tsx';
import { useTableState } from '#web/kit/table/table-state.ts';
import { toast } from '#web/kit/toast.tsx';
import { useSearchState, useSetSearch } from '#web/url/search-state.ts';
import { questionEndpoints, type QuestionState, type UnansweredQuestion } from '#modules/knowledge/questions/contract.ts';
import { QuestionDetail } from './questions/question-detail.tsx';
import { closedWords, languageNames, QUESTIONS_CHANGED, testedWords } from './questions/question-words.ts';
import { useTrainingPlace } from './training-search.ts';
import { useWatched } from './use-watched.ts';
import { counted } from './words.ts';

const Search = z.object({ questions: z.enum(['open', 'answered', 'dismissed']).catch('open'), question: z.uuid().or(z.literal('')).catch('') });
const STATES: readonly { value: QuestionState; label: string }[] = [{ value: 'open', label: 'Open' }, { value: 'answered', label: 'Answered' }, { value: 'dismissed', label: 'Put aside' }];
const EMPTY: Readonly<Record<QuestionState, readonly [title: string, words: string]>> = {
  open: ['No open questions', 'What people ask without getting an answer is gathered here, so that you can add the answer once for everybody.'],
  answered: ['Nothing answered yet', 'Questions move here when a pair or a new document answers them.'],
  dismissed: ['Nothing put aside', 'Questions you do not want to answer wait here. When they are asked again, they stay here.'],
};

/** What people asked without getting an answer, grouped by meaning, with a proposed answer for each (NEW-12). */
export const QuestionsPart = ({ subscriptionId }: { subscriptionId: string }) => {
  const [{ questions: state, question }, set] = useSearchState(Search);
  const setSearch = useSetSearch();
  const { to } = useTrainingPlace();
  const table = useTableState({ prefix: 'asked-' });
  const invalidate = useInvalidate();
  const query = useQuestions(subscriptionId, state, table.cursor);
  const close = () => { set({ question: '' }); };
  return (
    <>
      <Group justify="space-between" gap="sm">
        <SegmentedControl
          size="xs" aria-label="Which questions" data={[...STATES]} value={state}
          onChange={(value) => { setSearch({ questions: value, 'asked-cursor': '' }); }}
        />
        <More subscriptionId={subscriptionId} state={state} some={(query.data?.data.length ?? 0) > 0} />
      </Group>
      <DataTable
        label="Questions" columns={COLUMNS} query={query} rowKey={(row) => row.id} state={table} rowTo={(row) => to('questions', { questions: state, question: row.id })}
        empty={<EmptyState icon={<IconMessageQuestion size={32} />} title={EMPTY[state][0]}>{EMPTY[state][1]}</EmptyState>}
      />
      <Drawer opened={question !== ''} onClose={close} position="right" size="lg" title="Question">
        {question !== '' && <QuestionDetail key={question} subscriptionId={subscriptionId} questionId={question} onDone={() => { void invalidate(...QUESTIONS_CHANGED); }} />}
      </Drawer>
    </>
  );
};

/** Looked at again while a question may be on its way in. */
const useQuestions = (subscriptionId: string, state: QuestionState, cursor: string) =>
  useWatched(questionEndpoints.list, { params: { subscriptionId }, query: { state, ...(cursor === '' ? {} : { cursor }) } }, () => false);

const COLUMNS: readonly Column<UnansweredQuestion>[] = [
  { key: 'question', title: 'Question', primary: true, value: (row) => row.question, render: (row) => <Text fw={500} lineClamp={2} dir="auto">{row.question}</Text> },
  { key: 'asked', title: 'Asked', align: 'end', value: (row) => row.asked, render: (row) => <span className="tabular">{counted(row.asked, ['time', 'times'])}</span> },
  { key: 'languages', title: 'Languages', value: (row) => row.languages.join(' '), render: (row) => languageNames(row.languages) },
  { key: 'last', title: 'Last asked', value: (row) => row.last_asked_at, render: (row) => <RelativeTime value={row.last_asked_at} /> },
  { key: 'proposal', title: 'Proposed answer', render: (row) => <Standing row={row} /> },
];

const Standing = ({ row }: { row: UnansweredQuestion }) => {
  if (row.state !== 'open') return <Text size="sm" c="dimmed">{closedWords(row)}</Text>;
  if (row.test !== null && row.test.answered > 0) return <Badge color="gray">{testedWords(row.test)}</Badge>;
  if (row.proposal === null) return <Text size="sm" c="dimmed">None yet</Text>;
  return row.proposal.answer === '' ? <Text size="sm" c="dimmed">To be written</Text> : <Badge color="green">Draft ready</Badge>;
};

/** What is done with all of them. */
const More = ({ subscriptionId, state, some }: { subscriptionId: string; state: QuestionState; some: boolean }) => {
  const [asking, setAsking] = useState<number | null>(null);
  const retest = useCall(questionEndpoints.retestAll, { invalidates: QUESTIONS_CHANGED, onSuccess: ({ questions }) => { setAsking(questions); }, onError: toast.problem });
  if (!some) return null;
  return (
    <Group gap="xs">
      {asking !== null && <Alert p={6} color="gray" role="status" withCloseButton onClose={() => { setAsking(null); }} closeButtonLabel="Close">{formatNumber(asking)} are asked again; what is answered now leaves this list.</Alert>}
      {state === 'open' && <Button size="xs" variant="default" leftSection={<IconRefresh size={14} />} loading={retest.isPending} onClick={() => { retest.mutate({ params: { subscriptionId } }); }}>Ask all again</Button>}
      <Menu position="bottom-end">
        <Menu.Target><Button size="xs" variant="default" aria-label="More"><IconDots size={16} /></Button></Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconDownload size={16} />} onClick={() => { void downloadEndpoint(questionEndpoints.exportCsv, { params: { subscriptionId }, query: { state } }, { fileName: 'unanswered-questions.csv' }).catch(toast.problem); }}>Export as CSV</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </Group>
  );
};
