/** Seconds in each unit a length of time is written with. */
export const UNIT_SECONDS = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 } as const;
export type DurationUnit = keyof typeof UNIT_SECONDS;

export const DURATION_UNITS: readonly { value: DurationUnit; label: string }[] = [
  { value: 's', label: 'seconds' }, { value: 'm', label: 'minutes' }, { value: 'h', label: 'hours' }, { value: 'd', label: 'days' }, { value: 'w', label: 'weeks' },
];

const isUnit = (text: string): text is DurationUnit => Object.hasOwn(UNIT_SECONDS, text);

/** `30m` as 30 and minutes; null for anything else. */
export const readDuration = (text: string): { amount: number; unit: DurationUnit } | null => {
  const match = /^(\d{1,9})([a-z])$/.exec(text.trim());
  if (match === null) return null;
  const [, amount = '', unit = ''] = match;
  return isUnit(unit) ? { amount: Number(amount), unit } : null;
};

/** A number of seconds in the largest unit that divides it. */
export const fromSeconds = (seconds: number): { amount: number; unit: DurationUnit } => {
  const order: readonly DurationUnit[] = ['w', 'd', 'h', 'm'];
  const unit = order.find((candidate) => seconds > 0 && seconds % UNIT_SECONDS[candidate] === 0) ?? 's';
  return { amount: seconds / UNIT_SECONDS[unit], unit };
};

/** How many seconds one of the schema's own unit is, for numbers stored as `ms`, `s`, `min`, `hours` and so on. */
export const secondsPer = (unit: string): number => {
  const named: Readonly<Record<string, number>> = {
    ms: 0.001, milliseconds: 0.001, s: 1, seconds: 1, sec: 1, min: 60, minutes: 60, m: 60, h: 3_600, hours: 3_600, d: 86_400, days: 86_400, weeks: 604_800,
  };
  return Object.hasOwn(named, unit) ? named[unit] ?? 1 : 1;
};
