import { SegmentedControl } from '@mantine/core';
import { z } from 'zod';
import { useSearchState } from '#web/url/search-state.ts';

const Address = z.object({ days: z.enum(['7', '30', '90']).catch('30') });
const CHOICES = [{ value: '7', label: '7 days' }, { value: '30', label: '30 days' }, { value: '90', label: '90 days' }] as const;

/** The days a page looks back, kept in its address. */
export const usePeriod = (): { days: number; label: string } => {
  const [{ days }] = useSearchState(Address);
  return { days: Number(days), label: `${days} days before` };
};

export const PeriodSwitch = () => {
  const [{ days }, set] = useSearchState(Address);
  return <SegmentedControl size="xs" aria-label="Period" data={[...CHOICES]} value={days} onChange={(value) => { set(Address.parse({ days: value }), { push: true }); }} />;
};

/** `2026-11-20` as `Nov 20`. */
export const shortDay = (day: string): string => new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric', timeZone: 'UTC' }).format(new Date(`${day}T00:00:00Z`));
