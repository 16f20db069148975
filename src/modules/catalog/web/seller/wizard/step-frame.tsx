import { Button, Group, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconLoader2 } from '@tabler/icons-react';
import type { SaveState } from './draft-saver.ts';
import { STEPS, type StepNumber } from './steps.ts';
import classes from './wizard.module.css';

const QUESTIONS: Readonly<Record<StepNumber, { title: string; description: string }>> = {
  1: { title: 'What are you creating?', description: 'Choose what fits best. Buyers find your product under it.' },
  2: { title: 'Import or build', description: 'Bring a flow you already have, or start with a template and refine it later.' },
  3: { title: 'What can buyers do with it?', description: 'This one declaration drives the buyer’s screens, what the API accepts and what runs.' },
  4: { title: 'What does it cost?', description: 'Plans are compared on your product page and enforced exactly as they are written here.' },
  5: { title: 'How do buyers find it?', description: 'The listing in the marketplace. Saved as you type.' },
  6: { title: 'Try it, then submit', description: 'Nothing is kept or charged while you try. An operator reviews what you submit.' },
};

export const StepHead = ({ step }: { step: StepNumber }) => (
  <div className={classes.stepHead}>
    <Text size="xs" c="dimmed" className="tabular">Step {step} of {STEPS.length}</Text>
    <Title order={2}>{QUESTIONS[step].title}</Title>
    <Text c="dimmed">{QUESTIONS[step].description}</Text>
  </div>
);

/** Whether everything is kept, said quietly; a failure with a way to try again. */
export const SavedMark = ({ saving, onRetry }: { saving: SaveState; onRetry: () => void }) => {
  if (saving.status === 'failed') {
    return (
      <Group gap="xs" role="alert">
        <span className={classes.saved} data-state="failed"><IconAlertTriangle size={14} aria-hidden />Not saved: {saving.problem?.title}</span>
        <Button size="compact-xs" variant="default" onClick={onRetry}>Try again</Button>
      </Group>
    );
  }
  const saved = saving.status === 'saved';
  return (
    <span className={classes.saved} role="status">
      {saved ? <IconCheck size={14} aria-hidden /> : <IconLoader2 size={14} aria-hidden />}{saved ? 'Saved' : 'Saving'}
    </span>
  );
};
