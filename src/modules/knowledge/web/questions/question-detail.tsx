import { Alert, Badge, Button, Group, Stack, Text, Title } from '@mantine/core';
import { IconRefresh, IconSparkles } from '@tabler/icons-react';
import { useState } from 'react';
import type { Output } from '#platform/contract/endpoint.ts';
import { useCall, useEndpoint } from '#web/api/use-endpoint.ts';
import { SchemaForm } from '#web/form/schema-form.tsx';
import { TextLink } from '#web/kit/link.tsx';
import { RelativeTime } from '#web/kit/relative-time.tsx';
import { FailedState, Loaded, LoadingSkeleton } from '#web/kit/states.tsx';
import { buyerPaths } from '#web/url/paths.ts';
import { useRouteParam } from '#web/url/search-state.ts';
import { NewQaPair } from '#modules/knowledge/contract.ts';
import { questionEndpoints, type QuestionProposal } from '#modules/knowledge/questions/contract.ts';
import { counted } from '../words.ts';
import { closedWords, languageNames, outcomeWords, QUESTIONS_CHANGED, reasonWords, testedWords } from './question-words.ts';
import classes from './questions.module.css';

type Detail = Output<typeof questionEndpoints.get>;
interface Of { subscriptionId: string; questionId: string }

/** One question: how it was asked, the answer proposed for it, and what became of it. */
export const QuestionDetail = ({ onDone, ...of }: Of & { onDone: () => void }) => {
  const query = useEndpoint(questionEndpoints.get, { params: of });
  return <Loaded query={query} skeleton={<LoadingSkeleton count={4} />}>{(detail) => <Shown key={detail.proposal?.created_at ?? ''} of={of} detail={detail} onDone={onDone} />}</Loaded>;
};

const Shown = ({ of, detail, onDone }: { of: Of; detail: Detail; onDone: () => void }) => (
  <Stack gap="lg">
    <div>
      <Title order={2} size="h3" dir="auto">{detail.question}</Title>
      <Text size="sm" c="dimmed">
        {[`Asked ${counted(detail.asked, ['time', 'times'])}`, languageNames(detail.languages)].filter((part) => part !== '').join(' · ')} · last <RelativeTime value={detail.last_asked_at} />
      </Text>
    </div>
    <Result detail={detail} />
    <Actions of={of} detail={detail} onDone={onDone} />
    {detail.state !== 'answered' && <Answer of={of} detail={detail} onDone={onDone} />}
    <Wordings detail={detail} />
  </Stack>
);

/** What came of the last time it was asked again. */
const Result = ({ detail: { state, test, closed_because, closed_at: closed } }: { detail: Detail }) => (
  <div role="status">
    {state !== 'open' && <Alert color={state === 'answered' ? 'green' : 'gray'} title={closedWords({ closed_because })}>{closed !== null && <RelativeTime value={closed} />}{test !== null && ` · ${testedWords(test)}.`}</Alert>}
    {state === 'open' && test !== null && <Alert color={test.answered === 0 ? 'amber' : 'gray'} title={`${testedWords(test)}.`}>Asked again <RelativeTime value={test.tested_at} />, through the same search and threshold as people’s questions.</Alert>}
  </div>
);

const Actions = ({ of, detail: { state }, onDone }: { of: Of; detail: Detail; onDone: () => void }) => {
  const [undo, setUndo] = useState(false);
  const change = { invalidates: QUESTIONS_CHANGED, onSuccess: onDone };
  const propose = useCall(questionEndpoints.propose, change);
  const retest = useCall(questionEndpoints.retest, change);
  const dismiss = useCall(questionEndpoints.dismiss, { ...change, onSuccess: () => { setUndo(true); onDone(); } });
  const reopen = useCall(questionEndpoints.reopen, { ...change, onSuccess: () => { setUndo(false); onDone(); } });
  const failed = [propose, retest, dismiss, reopen].find(({ isError }) => isError);
  const busy = [propose, retest, dismiss, reopen].some(({ isPending }) => isPending);
  return (
    <Stack gap="xs">
      <Group gap="xs">
        {state === 'open' && <Button size="xs" variant="default" leftSection={<IconSparkles size={14} />} loading={propose.isPending} disabled={busy} onClick={() => { propose.mutate({ params: of }); }}>Propose an answer</Button>}
        {state === 'open' && <Button size="xs" variant="default" leftSection={<IconRefresh size={14} />} loading={retest.isPending} disabled={busy} onClick={() => { retest.mutate({ params: of }); }}>Ask again</Button>}
        {state === 'open' && <Button size="xs" variant="default" disabled={busy} onClick={() => { dismiss.mutate({ params: of }); }}>Put aside</Button>}
        {state !== 'open' && <Button size="xs" variant="default" loading={reopen.isPending} disabled={busy} onClick={() => { reopen.mutate({ params: of }); }}>{undo ? 'Undo' : 'Open again'}</Button>}
      </Group>
      {failed !== undefined && <FailedState error={failed.error} kept="Nothing was changed." />}
    </Stack>
  );
};

/** The proposal, to be corrected and accepted; without one, an empty form. */
const Answer = ({ of, detail: { question, proposal, pair_id: pair }, onDone }: { of: Of; detail: Detail; onDone: () => void }) => {
  const accept = useCall(questionEndpoints.accept, { invalidates: QUESTIONS_CHANGED, onSuccess: onDone });
  return (
    <section className={classes.answer} aria-label="Answer">
      <Group gap="xs" mb="xs"><Title order={3} size="h4">Answer</Title>{proposal !== null && <Badge color="gray">{ORIGIN_WORDS[proposal.origin]}</Badge>}</Group>
      {pair !== null && <Text size="sm" c="dimmed" mb="xs">A pair was made of it already. A further one may answer the other wordings.</Text>}
      <SchemaForm
        schema={NewQaPair} layout="plain" actions="button" submitLabel="Accept as a pair" initial={{ question: proposal?.question ?? question.slice(0, 1000), answer: proposal?.answer ?? '' }}
        onSubmit={async (body) => accept.mutateAsync({ params: of, body })}
      />
      {proposal !== null && <RestsOn proposal={proposal} />}
    </section>
  );
};

const ORIGIN_WORDS: Readonly<Record<QuestionProposal['origin'], string>> = { model: 'Draft by the model: check it', quoted: 'Draft from your documents: check it', empty: 'Nothing helps yet: write it' };

const RestsOn = ({ proposal: { passages, answer } }: { proposal: QuestionProposal }) => {
  if (passages.length === 0) return null;
  return (
    <div>
      <Text size="sm" fw={500} mt="md">{answer === '' ? 'What comes nearest' : 'What it rests on'}</Text>
      {passages.map((passage) => (
        <blockquote key={passage.chunk_id} className={classes.passage}>
          <Text size="xs" c="dimmed" dir="auto">{passage.title}{passage.page !== null && `, p. ${passage.page}`}</Text>
          <div dir="auto">{passage.snippet}</div>
        </blockquote>
      ))}
    </div>
  );
};

const WORDINGS_SHOWN = 20;

const Wordings = ({ detail: { wordings } }: { detail: Detail }) => {
  const [all, setAll] = useState(false);
  const conversations = buyerPaths.subscriptionTab(useRouteParam('org'), useRouteParam('sub'), 'conversations');
  const shown = all ? wordings : wordings.slice(0, WORDINGS_SHOWN);
  return (
    <section aria-label="How it was asked">
      <Title order={3} size="h4">How it was asked</Title>
      <ul className={classes.wordings}>
        {shown.map((asked) => (
          <li key={asked.run_id}>
            <div dir="auto">{asked.text}{asked.answered_now !== null && <Badge ml={6} color={asked.answered_now ? 'green' : 'gray'}>{asked.answered_now ? 'answered now' : 'not answered'}</Badge>}</div>
            <Text size="xs" c="dimmed">
              {reasonWords(asked)}, {outcomeWords(asked)} · <RelativeTime value={asked.asked_at} /> · <TextLink to={`${conversations}?peek=${asked.conversation_id}`} underline="always">Conversation</TextLink>
            </Text>
          </li>
        ))}
      </ul>
      {shown.length < wordings.length && <Button size="xs" variant="subtle" color="gray" onClick={() => { setAll(true); }}>Show all {wordings.length}</Button>}
    </section>
  );
};
