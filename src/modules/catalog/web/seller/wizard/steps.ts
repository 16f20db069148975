import type { DraftFinding } from '../../../contract.ts';

/** The steps of the wizard; the sixth is not part of the draft. */
export const STEPS = [
  { number: 1, key: 'category', title: 'Category', description: 'What kind of product it is' },
  { number: 2, key: 'flow', title: 'Import or build', description: 'The flow behind it' },
  { number: 3, key: 'capabilities', title: 'Capabilities', description: 'What buyers can do with it' },
  { number: 4, key: 'plans', title: 'Plans', description: 'What it costs' },
  { number: 5, key: 'listing', title: 'Listing', description: 'How buyers find it' },
  { number: 6, key: 'submit', title: 'Preview and submit', description: 'Try it, then send it to review' },
] as const;
export type Step = (typeof STEPS)[number];
export type StepNumber = Step['number'];

export const LAST_STEP = 6;

/** The step of an address; null for anything that is none. */
export const stepNumber = (value: unknown): StepNumber | null => STEPS.find(({ number }) => String(number) === String(value))?.number ?? null;

export const stepOf = (finding: DraftFinding): Step => STEPS.find(({ key }) => key === finding.step) ?? STEPS[0];

export const errorsOf = (findings: readonly DraftFinding[]): readonly DraftFinding[] => findings.filter(({ severity }) => severity === 'error');

export interface StepStatus {
  /** `ahead`: not reached yet, so nothing is wrong with it. */
  state: 'done' | 'missing' | 'ahead';
  /** What keeps it from being submitted. */
  missing: readonly DraftFinding[];
  /** What deserves a look. */
  notes: readonly DraftFinding[];
}

/** How far a step is; `reached` is the furthest step of the draft. */
export const statusOfStep = (step: Step, findings: readonly DraftFinding[], reached: number): StepStatus => {
  const all = step.key === 'submit' ? [] : findings.filter((finding) => finding.step === step.key);
  const missing = errorsOf(all);
  const state = step.number > reached || step.key === 'submit' ? 'ahead' : missing.length > 0 ? 'missing' : 'done';
  return { state, missing, notes: all.filter(({ severity }) => severity !== 'error') };
};
