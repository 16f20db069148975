import { Alert, Button, Group, Skeleton, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { callEndpoint } from '#web/api/call-endpoint.ts';
import { asProblem, isAbort } from '#web/api/problem.ts';
import { useEndpoint } from '#web/api/use-endpoint.ts';
import { CitationChips } from '#web/kit/citations.tsx';
import { formatDuration } from '#web/kit/format.ts';
import { Markdown } from '#web/kit/markdown.tsx';
import { Loaded } from '#web/kit/states.tsx';
import { updateEndpoints, type TrialAnswer } from '../../updates/contract.ts';
import classes from './update.module.css';

type Trial = { state: 'waiting' } | { state: 'asking' } | { state: 'failed'; message: string } | { state: 'done'; current: TrialAnswer; offered: TrialAnswer };
interface Asked { question: string; trial: Trial }

interface Offered { subscriptionId: string; versionId: string; current: number; offered: number }

/** One's own questions put to both versions, answers side by side. Nothing is charged or kept. */
export const TrialPanel = (offer: Offered) => {
  const questions = useEndpoint(updateEndpoints.listTrialQuestions, { params: { subscriptionId: offer.subscriptionId } }, { staleMs: Infinity });
  return (
    <section className={classes.section} aria-label="Try it first">
      <div><Title order={3}>Try it first</Title><Text c="dimmed">Both versions answer with your documents and settings. It costs nothing, nothing is kept, and no step of it sends anything to other systems. Only a product on its provider’s own server may act there.</Text></div>
      <Loaded query={questions}>{({ data, remaining }) => <Trials offer={offer} questions={data} remaining={remaining} />}</Loaded>
    </section>
  );
};

const Trials = ({ offer, questions, remaining }: { offer: Offered; questions: readonly string[]; remaining: number }) => {
  const [asked, setAsked] = useState<readonly Asked[]>(() => questions.map((question) => ({ question, trial: { state: 'waiting' } })));
  const [own, setOwn] = useState('');
  const [left, setLeft] = useState(remaining);
  const [busy, setBusy] = useState(false);
  const abort = useRef<AbortController | null>(null);
  useEffect(() => () => { abort.current?.abort(); }, []);

  const set = (question: string, trial: Trial) => { setAsked((before) => before.map((entry) => (entry.question === question ? { question, trial } : entry))); };
  /** One after the other: each answer is worth reading while the next is made. */
  const ask = async (list: readonly string[]) => {
    abort.current = new AbortController();
    setBusy(true);
    for (const question of list) {
      set(question, { state: 'asking' });
      try {
        const answer = await callEndpoint(updateEndpoints.tryOffer, { params: { subscriptionId: offer.subscriptionId }, body: { version_id: offer.versionId, question } }, { signal: abort.current.signal });
        setLeft(answer.remaining);
        set(question, { state: 'done', current: answer.current, offered: answer.offered });
      } catch (error) {
        if (isAbort(error)) { set(question, { state: 'waiting' }); break; }
        const problem = asProblem(error);
        set(question, { state: 'failed', message: problem.detail === '' ? problem.title : problem.detail });
        if (problem.status === 429 || problem.status === 409) break;
      }
    }
    setBusy(false);
  };
  const add = () => {
    const question = own.trim();
    if (question === '') return;
    setOwn('');
    setAsked((before) => [{ question, trial: { state: 'asking' } }, ...before.filter((entry) => entry.question !== question)]);
    void ask([question]);
  };
  const open = asked.filter(({ trial }) => trial.state !== 'done').map(({ question }) => question);
  return (
    <Stack gap="sm">
      <form onSubmit={(event) => { event.preventDefault(); add(); }}>
        <Group gap="xs" align="flex-end" wrap="nowrap">
          <TextInput label="A question of your own" style={{ flex: 1 }} value={own} maxLength={4000} dir="auto" disabled={left === 0} onChange={(event) => { setOwn(event.currentTarget.value); }} />
          <Button type="submit" variant="default" disabled={busy || own.trim() === '' || left === 0}>Ask both</Button>
        </Group>
      </form>
      <Group gap="sm">
        {open.length > 0 && !busy && <Button variant="default" leftSection={<IconPlayerPlay size={16} />} disabled={left === 0} onClick={() => { void ask(open); }}>{open.length === asked.length ? `Ask both your last ${open.length === 1 ? 'question' : `${open.length} questions`}` : `Ask the other ${open.length}`}</Button>}
        {busy && <Button variant="default" onClick={() => { abort.current?.abort(); }}>Stop</Button>}
        <Text size="sm" c="dimmed" className="tabular">{left === 0 ? 'No try-outs are left today.' : `${left} left today`}</Text>
      </Group>
      {asked.length === 0 && <Text c="dimmed">Nobody has asked anything yet. Write a question to compare.</Text>}
      <ul className={classes.trials} aria-live="polite">{asked.map((entry) => <TrialRow key={entry.question} entry={entry} offer={offer} busy={busy} onAsk={() => { void ask([entry.question]); }} />)}</ul>
    </Stack>
  );
};

const TrialRow = ({ entry: { question, trial }, offer, busy, onAsk }: { entry: Asked; offer: Offered; busy: boolean; onAsk: () => void }) => (
  <li className={classes.trial}>
    <div className={classes.trialQuestion}>
      <span dir="auto">{question}</span>
      {(trial.state === 'waiting' || trial.state === 'failed') && <Button size="compact-xs" variant="default" disabled={busy} onClick={onAsk}>{trial.state === 'failed' ? 'Ask again' : 'Ask'}</Button>}
    </div>
    {trial.state === 'failed' && <Alert color="red" role="alert" title="It could not be asked" radius={0}>{trial.message}</Alert>}
    {trial.state === 'asking' && <div className={classes.trialAnswers} role="status" aria-label="Asking both versions"><div className={classes.answer}><Skeleton h={12} /><Skeleton h={12} w="70%" /></div><div className={classes.answer}><Skeleton h={12} /><Skeleton h={12} w="60%" /></div></div>}
    {trial.state === 'done' && <div className={classes.trialAnswers}><Answer title={`Version ${offer.current}, yours`} answer={trial.current} /><Answer title={`Version ${offer.offered}`} answer={trial.offered} /></div>}
  </li>
);

const Answer = ({ title, answer }: { title: string; answer: TrialAnswer }) => {
  const [open, setOpen] = useState<number | null>(null);
  const citations = answer.citations.map(({ id, title: document, snippet, page, url }) => ({ number: id, title: document, snippet, page, url }));
  return (
    <div className={classes.answer} role="group" aria-label={title}>
      <div className={classes.answerHead}><span>{title}</span><span className="tabular">{formatDuration(answer.latency_ms)}</span></div>
      {answer.error !== null && <Text size="sm" c="var(--cmp-bad)">{answer.error}</Text>}
      {answer.answer !== '' && <Markdown breaks citations={Math.max(0, ...citations.map(({ number }) => number))} onCitation={setOpen}>{answer.answer}</Markdown>}
      {citations.length > 0 && <CitationChips citations={citations} open={open} onOpen={setOpen} />}
    </div>
  );
};
