import { Button, Group, NumberInput, SegmentedControl, Select, Stack, Text, TextInput, UnstyledButton } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { z } from 'zod';
import { callEndpoint } from '#web/api/call-endpoint.ts';
import { isAbort } from '#web/api/problem.ts';
import { EmptyState, FailedState, LoadingSkeleton } from '#web/kit/states.tsx';
import { useRouteParam, useSearchState } from '#web/url/search-state.ts';
import { knowledgeEndpoints } from '#modules/knowledge/contract.ts';
import type { SearchFilters } from '#modules/knowledge/filter-contract.ts';
import { NarrowFields, useOffered } from './narrow-fields.tsx';
import { filtersOf, Narrowing } from './narrowing.ts';
import { OutcomeView } from './outcome-view.tsx';
import { keepTried, METHOD_WORDS, METHODS, useTestHistory, type Method, type Outcome, type TestMode, type Tried } from './test-history.ts';
import classes from './test.module.css';

const Search = Narrowing.extend({
  question: z.string().max(2000).catch(''), mode: z.enum(['answer', 'search', 'compare']).catch('answer'),
  method: z.enum(METHODS).or(z.literal('')).catch(''), top: z.coerce.number().int().min(1).max(50).optional().catch(undefined),
});
const MODES: readonly { value: TestMode; label: string }[] = [{ value: 'answer', label: 'Answer' }, { value: 'search', label: 'Search only' }, { value: 'compare', label: 'Compare methods' }];

/** Ask the knowledge a question: the answer with its sources, and beside it every passage that was found and how. */
export const TestPanel = ({ empty, examples }: { empty: boolean; examples: readonly string[] }) => {
  const subscriptionId = useRouteParam('sub');
  const [{ question, mode, method, top, ...narrowing }, set] = useSearchState(Search);
  const offered = useOffered();
  const [text, setText] = useState(question);
  const history = useTestHistory(subscriptionId);
  const { shown, show, busy, failure, run } = useTrial(subscriptionId);
  if (empty) return <EmptyState icon={<IconSearch size={32} />} title="Nothing to ask yet">Add a document, a website or a pair first. Then try here what your customers will ask.</EmptyState>;
  const ask = (asked: string) => {
    if (asked.trim() === '') return;
    set({ question: asked.trim() });
    void run(asked.trim(), { mode, method: method === '' ? null : method, top, filters: filtersOf(narrowing, offered) });
  };
  return (
    <Stack gap="lg" miw={0}>
      <div>
        <form onSubmit={(event) => { event.preventDefault(); ask(text); }}>
          <Group gap="xs" wrap="nowrap" align="flex-end">
            <TextInput style={{ flex: 1 }} label="Ask a question" placeholder="What is your return policy?" value={text} maxLength={2000} dir="auto" onChange={(event) => { setText(event.currentTarget.value); }} />
            <Button type="submit" loading={busy} disabled={text.trim() === ''}>Test</Button>
          </Group>
          <Group gap="xs" mt="xs" align="flex-end">
            <SegmentedControl size="xs" aria-label="How it is tried" data={[...MODES]} value={mode} onChange={(value) => { set({ mode: MODES.find((one) => one.value === value)?.value ?? 'answer' }); }} />
            {mode === 'search' && (
              <Select
                size="xs" w={170} aria-label="Method" data={[{ value: '', label: 'As in the settings' }, ...METHODS.map((value) => ({ value, label: METHOD_WORDS[value] }))]} allowDeselect={false}
                value={method} onChange={(value) => { set({ method: METHODS.find((one) => one === value) ?? '' }); }}
              />
            )}
            {mode !== 'answer' && <NumberInput size="xs" w={110} aria-label="Results" placeholder="Results" min={1} max={50} allowDecimal={false} value={top ?? ''} onChange={(value) => { set({ top: typeof value === 'number' ? value : undefined }); }} />}
          </Group>
          {mode !== 'answer' && (offered.bySource || offered.byDate || offered.byMetadata) && <NarrowFields value={narrowing} offered={offered} onChange={(patch) => { set(patch); }} />}
        </form>
        {history.length > 0 && <History history={history} current={shown} onPick={(tried) => { setText(tried.question); set({ question: tried.question, mode: tried.mode }); show(tried); }} />}
      </div>
      {examples.length > 0 && shown === null && !busy && <Examples examples={examples} onPick={(example) => { setText(example); ask(example); }} />}
      {busy && <LoadingSkeleton count={3} />}
      {failure !== null && !busy && <FailedState error={failure} onRetry={() => { ask(text); }} />}
      {shown !== null && !busy && failure === null && <OutcomeView key={shown.key} tried={shown} />}
    </Stack>
  );
};

interface How { mode: TestMode; method: Method | null; top: number | undefined; filters: SearchFilters | undefined }

/** One trial at a time; a newer one ends the one before. */
const useTrial = (subscriptionId: string) => {
  const [shown, show] = useState<Tried | null>(null);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const running = useRef<AbortController | null>(null);
  const run = async (question: string, how: How) => {
    running.current?.abort();
    const abort = new AbortController();
    running.current = abort;
    setBusy(true);
    setFailure(null);
    try {
      const outcome = await tryQuestion(subscriptionId, question, how, abort.signal);
      if (running.current === abort) show(keepTried(subscriptionId, outcome));
    } catch (error) {
      if (!isAbort(error) && running.current === abort) setFailure(error);
    } finally {
      if (running.current === abort) setBusy(false);
    }
  };
  return { shown, show: (tried: Tried) => { running.current?.abort(); setBusy(false); setFailure(null); show(tried); }, busy, failure, run };
};

const tryQuestion = async (subscriptionId: string, question: string, { mode, method, top, filters }: How, signal: AbortSignal): Promise<Outcome> => {
  const params = { subscriptionId };
  const search = async (by: Method | null) => callEndpoint(knowledgeEndpoints.search, { params, body: { query: question, ...(by === null ? {} : { method: by }), ...(top === undefined ? {} : { top_k: top }), ...(filters === undefined ? {} : { filters }) } }, { signal });
  if (mode === 'answer') return { mode, question, answer: await callEndpoint(knowledgeEndpoints.answer, { params, body: { query: question } }, { signal }) };
  if (mode === 'search') return { mode, question, method, found: await search(method) };
  return { mode, question, columns: await Promise.all(METHODS.map(async (by) => ({ method: by, found: await search(by) }))) };
};

const Examples = ({ examples, onPick }: { examples: readonly string[]; onPick: (example: string) => void }) => (
  <div>
    <Text size="xs" c="dimmed" mb={6}>For example</Text>
    <Group gap="xs">{examples.map((example) => <Button key={example} size="xs" variant="default" onClick={() => { onPick(example); }}><span dir="auto">{example}</span></Button>)}</Group>
  </div>
);

const MODE_WORDS: Readonly<Record<TestMode, string>> = { answer: 'Answer', search: 'Search', compare: 'Compared' };

const History = ({ history, current, onPick }: { history: readonly Tried[]; current: Tried | null; onPick: (tried: Tried) => void }) => (
  <nav className={classes.history} aria-label="Asked before">
    {history.map((tried) => (
      <UnstyledButton key={tried.key} className={classes.entry} data-current={tried === current || undefined} aria-current={tried === current ? 'true' : undefined} onClick={() => { onPick(tried); }}>
        <span className={classes.question} dir="auto">{tried.question}</span>
        <span className={classes.mode}>{MODE_WORDS[tried.mode]}</span>
      </UnstyledButton>
    ))}
  </nav>
);
