import { Text, UnstyledButton } from '@mantine/core';
import { IconCheck, IconExclamationMark } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import type { DraftFinding } from '../../../contract.ts';
import { errorsOf, statusOfStep, STEPS, type StepNumber } from './steps.ts';
import classes from './wizard.module.css';

/** The steps beside the work: where one is, what is done, what each still lacks. */
export const StepRail = ({ current, reached, findings, onGo }: {
  current: StepNumber; reached: number; findings: readonly DraftFinding[]; onGo?: (step: StepNumber) => void;
}) => {
  const left = errorsOf(findings).length;
  const rail = useRef<HTMLOListElement>(null);
  // On a phone the steps stand in one line that scrolls sideways.
  useEffect(() => {
    const item = rail.current?.children[current - 1];
    if (rail.current !== null && item instanceof HTMLElement) rail.current.scrollLeft = item.offsetLeft - rail.current.offsetLeft - 16;
  }, [current]);
  return (
    <nav className={classes.railBox} aria-label="Steps">
      <ol className={classes.rail} ref={rail}>
        {STEPS.map((step) => {
          const { state, missing } = statusOfStep(step, findings, reached);
          const note = state === 'missing' ? `${missing.length} ${missing.length === 1 ? 'thing' : 'things'} missing` : step.description;
          return (
            <li key={step.key}>
              <UnstyledButton
                className={classes.step} data-current={step.number === current || undefined} aria-current={step.number === current ? 'step' : undefined}
                disabled={onGo === undefined} onClick={() => { onGo?.(step.number); }}
              >
                <span className={classes.number} data-state={step.number === current ? undefined : state}>
                  {step.number === current || state === 'ahead' ? step.number : state === 'done' ? <IconCheck size={14} aria-label="Done" /> : <IconExclamationMark size={14} aria-label="Something is missing" />}
                </span>
                <span>
                  {step.title}
                  <span className={classes.stepNote} data-missing={state === 'missing' || undefined}>{note}</span>
                </span>
              </UnstyledButton>
            </li>
          );
        })}
      </ol>
      {onGo !== undefined && (
        <Text size="xs" c="dimmed" className={classes.railFoot} role="status">
          {left === 0 ? 'Everything is there. You can submit.' : `${left} ${left === 1 ? 'thing' : 'things'} left before you can submit.`}
        </Text>
      )}
    </nav>
  );
};
