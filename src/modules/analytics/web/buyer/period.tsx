import { SegmentedControl } from '@mantine/core';
import { z } from 'zod';
import { useSearchState } from '#web/url/search-state.ts';

const PERIODS = ['7', '30', '90'] as const;
const Search = z.object({ days: z.enum(PERIODS).catch('30') });

/** The period a screen shows, in days; kept in the address. */
export const usePeriod = (): { days: number; name: string; set: (days: string) => void } => {
  const [{ days }, set] = useSearchState(Search);
  return { days: Number(days), name: `previous ${days} days`, set: (next) => { set({ days: Search.parse({ days: next }).days }, { push: true }); } };
};

/** Chooses the period. */
export const PeriodSwitch = () => {
  const { days, set } = usePeriod();
  return <SegmentedControl size="xs" aria-label="Period" value={String(days)} onChange={set} data={PERIODS.map((value) => ({ value, label: `${value} days` }))} />;
};
