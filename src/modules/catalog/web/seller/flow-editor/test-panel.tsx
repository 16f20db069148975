import { ActionIcon, Alert, Button, Group, Text, Textarea, Tooltip, UnstyledButton } from '@mantine/core';
import { IconCheck, IconCircleX, IconPlayerPlay, IconPlayerSkipForward, IconPlayerStop, IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import { formatDuration, formatNumber } from '#web/kit/format.ts';
import { Markdown } from '#web/kit/markdown.tsx';
import { useEditor } from './editor-context.ts';
import { RunDetails } from './run-details.tsx';
import classes from './editor.module.css';

const QUESTION_MAX = 4_000;

/** Asks the draft a question; the answer here, and on the canvas what each step did. */
export const TestPanel = () => {
  const { run, problems } = useEditor();
  const [question, setQuestion] = useState('');
  const wrong = problems.filter(({ severity }) => severity === 'error').length;
  const running = run.state === 'running';
  const ask = () => { if (question.trim() !== '' && !running) void run.ask(question.trim()); };
  return (
    <div className={classes.panelBody}>
      <form onSubmit={(event) => { event.preventDefault(); ask(); }} className={classes.ask}>
        <Textarea
          label="Question" placeholder="What would a customer ask?" autosize minRows={2} maxRows={8} maxLength={QUESTION_MAX} value={question} onChange={(event) => { setQuestion(event.currentTarget.value); }}
          onKeyDown={(event) => { if (event.key === 'Enter' && !event.shiftKey) { event.preventDefault(); ask(); } }}
        />
        <Group justify="space-between" gap="xs">
          <Text size="xs" c="dimmed">Nothing is kept or charged.</Text>
          {running
            ? <Button size="xs" variant="default" leftSection={<IconPlayerStop size={14} />} onClick={run.stop}>Stop</Button>
            : <Button size="xs" type="submit" leftSection={<IconPlayerPlay size={14} />} disabled={question.trim() === ''}>Run</Button>}
        </Group>
      </form>
      {wrong > 0 && run.state === 'none' && <Text size="sm" c="var(--cmp-warn)">{wrong === 1 ? 'One problem keeps' : `${wrong} problems keep`} this flow from running.</Text>}
      {run.problem !== null && (
        <Alert color="red" p="sm" className={classes.alert} title={run.problem.title}>
          {run.problem.detail !== '' && run.problem.detail !== run.problem.title && <Text size="sm">{run.problem.detail}</Text>}
          {run.problem.requestId !== null && <Text size="xs" c="dimmed">Request id {run.problem.requestId}</Text>}
        </Alert>
      )}
      {(run.answer !== '' || running) && (
        <section className={classes.group} aria-label="Answer" aria-busy={running}>
          <h3 className={classes.groupTitle}>Answer</h3>
          {run.answer === '' ? <Text c="dimmed" size="sm">Working on it</Text> : <Markdown>{run.answer}</Markdown>}
        </section>
      )}
      {run.steps.length > 0 && <Steps />}
    </div>
  );
};

const Steps = () => {
  const { run, flow, types, jump, state } = useEditor();
  const nameOf = (id: string) => { const node = flow.nodes.find((candidate) => candidate.id === id); return node?.name || types.get(node?.type ?? '')?.title || id; };
  return (
    <section className={classes.group} aria-label="What each step did">
      <Group justify="space-between" wrap="nowrap">
        <h3 className={classes.groupTitle}>Steps</h3>
        <Group gap={4} wrap="nowrap">
          <Text size="xs" c="dimmed" className="tabular">{[run.durationMs > 0 ? formatDuration(run.durationMs) : '', run.tokens > 0 ? `${formatNumber(run.tokens)} tokens` : ''].filter(Boolean).join(' · ')}</Text>
          <Tooltip label="Show again"><ActionIcon size="sm" aria-label="Show the run again" onClick={run.replay}><IconRefresh size={14} /></ActionIcon></Tooltip>
        </Group>
      </Group>
      <ol className={classes.runSteps}>
        {run.steps.map((step) => {
          const open = state.selection.length === 1 && state.selection[0] === step.node;
          return (
            <li key={step.node}>
              <UnstyledButton className={classes.runStep} data-run={step.status} aria-expanded={open} onClick={() => { jump(step.node); }}>
                {step.status === 'succeeded' ? <IconCheck size={14} aria-label="Done" /> : step.status === 'failed' ? <IconCircleX size={14} aria-label="Failed" /> : <IconPlayerSkipForward size={14} aria-label="Not taken" />}
                <span className={classes.end}>{nameOf(step.node)}</span>
                <span className="tabular">{step.status === 'skipped' ? '' : formatDuration(step.durationMs)}</span>
              </UnstyledButton>
              {(open || step.status === 'failed') && <RunDetails step={step} />}
            </li>
          );
        })}
      </ol>
    </section>
  );
};
