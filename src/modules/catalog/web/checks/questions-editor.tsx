import { ActionIcon, Button, FileButton, Group, Modal, Stack, Text, Tooltip } from '@mantine/core';
import { IconPencil, IconPlus, IconTrash, IconUpload } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { z } from 'zod';
import { endpoint } from '#platform/contract/endpoint.ts';
import { asProblem } from '#web/api/problem.ts';
import { uploadEndpoint } from '#web/api/upload.ts';
import { SchemaForm } from '#web/form/schema-form.tsx';
import { EmptyState } from '#web/kit/states.tsx';
import { checkEndpoints, CheckQuestion, QUESTIONS_MAX } from '../../checks/contract.ts';
import { expectationWords } from './check-words.ts';
import classes from './checks.module.css';

/** The upload as a browser calls it: the contract leaves its body open. */
const uploadQuestions = endpoint({ ...checkEndpoints.uploadQuestions, body: z.object({ file: z.instanceof(File) }) });

/** Questions that are listed before somebody asks for all. */
const SHOWN = 5;

/** The questions a product is checked with. `before` sends what is not saved yet, so that an upload does not cross it. */
export const QuestionsEditor = ({ productId, questions, before, onChange }: {
  productId: string; questions: readonly CheckQuestion[]; before: () => Promise<void>; onChange: (questions: CheckQuestion[]) => void;
}) => {
  const [editing, setEditing] = useState<number | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [all, setAll] = useState(false);
  const upload = async (file: File | null) => {
    if (file === null) return;
    setBusy(true);
    setFailure(null);
    try {
      await before();
      onChange((await uploadEndpoint(uploadQuestions, { params: { productId }, body: { file } })).questions);
    } catch (error) {
      const { detail, title } = asProblem(error);
      setFailure(detail === '' ? title : detail);
    } finally { setBusy(false); }
  };
  const keep = (question: CheckQuestion) => {
    onChange(editing === null || editing >= questions.length ? [...questions, question] : questions.map((known, at) => (at === editing ? question : known)));
    setEditing(null);
    setAll(true);
  };
  const full = questions.length >= QUESTIONS_MAX;
  const actions = (
    <Group gap="xs">
      <Button size="xs" variant="default" leftSection={<IconPlus size={14} />} disabled={full} onClick={() => { setEditing(questions.length); }}>Add a question</Button>
      <FileButton accept=".csv,.json,text/csv,application/json" onChange={(file) => { void upload(file); }}>
        {(props) => <Button {...props} size="xs" variant="default" leftSection={<IconUpload size={14} />} loading={busy}>{questions.length === 0 ? 'Upload CSV or JSON' : 'Replace from a file'}</Button>}
      </FileButton>
    </Group>
  );
  return (
    <Stack gap="sm">
      {questions.length === 0
        ? <EmptyState title="No questions yet" heading={3} action={actions}>Write down what your product has to get right. Every version is asked when you submit it; buyers see how many it passed.</EmptyState>
        : (
          <>
            <ol className={classes.editor} aria-label="Questions">
              {(all ? questions : questions.slice(0, SHOWN)).map((question, index) => (
                <li key={`${index} ${question.question}`} className={classes.entry}>
                  <div className={classes.entryHead}>
                    <div className={classes.entryWords}><Text dir="auto">{question.question}</Text><Text size="sm" c="dimmed">{expectationWords(question)}</Text></div>
                    <Group gap={0} wrap="nowrap">
                      <Tooltip label="Edit"><ActionIcon variant="subtle" color="gray" aria-label={`Edit question ${index + 1}`} onClick={() => { setEditing(index); }}><IconPencil size={16} /></ActionIcon></Tooltip>
                      <Tooltip label="Remove"><ActionIcon variant="subtle" color="gray" aria-label={`Remove question ${index + 1}`} onClick={() => { onChange(questions.filter((_, at) => at !== index)); }}><IconTrash size={16} /></ActionIcon></Tooltip>
                    </Group>
                  </div>
                </li>
              ))}
            </ol>
            {questions.length > SHOWN && <div><Button size="compact-sm" variant="subtle" aria-expanded={all} onClick={() => { setAll(!all); }}>{all ? 'Show fewer' : `Show all ${questions.length}`}</Button></div>}
            <Group justify="space-between">{actions}<Text size="sm" c="dimmed" className="tabular">{questions.length} of {QUESTIONS_MAX}</Text></Group>
          </>
        )}
      {failure !== null && <Text size="sm" c="var(--cmp-bad)" role="alert">The file was not taken. {failure}</Text>}
      <Text size="xs" c="dimmed">Columns of a CSV file: question, must_contain, must_not_contain, must_cite, must_refuse, latency_ms_max, must_call_tools. Several phrases in one cell are separated by |.</Text>
      <QuestionDialog key={editing} question={editing === null ? null : questions[editing] ?? null} opened={editing !== null} onClose={() => { setEditing(null); }} onKeep={keep} />
    </Stack>
  );
};

const QuestionDialog = ({ question, opened, onClose, onKeep }: { question: CheckQuestion | null; opened: boolean; onClose: () => void; onKeep: (question: CheckQuestion) => void }) => {
  const initial = useMemo(() => question ?? { question: '', mustContain: [], mustNotContain: [], mustCite: [], mustRefuse: false, latencyMsMax: null, mustCallTools: [] }, [question]);
  return (
    <Modal opened={opened} onClose={onClose} title={question === null ? 'Add a question' : 'Change the question'} size="lg">
      <SchemaForm
        schema={CheckQuestion} initial={initial} layout="plain" actions="button" submitLabel={question === null ? 'Add' : 'Keep'} secondary={<Button variant="default" onClick={onClose}>Cancel</Button>}
        onSubmit={async (value) => { await Promise.resolve(onKeep(value)); }}
      />
    </Modal>
  );
};
