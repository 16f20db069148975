import type { z } from 'zod';
import type { SubscriptionState } from '#modules/subscriptions/contract.ts';
import classes from './products.module.css';

const STATES: Readonly<Record<z.infer<typeof SubscriptionState>, { label: string; tone: string }>> = {
  pending: { label: 'Waiting for payment', tone: 'warn' },
  active: { label: 'Active', tone: 'good' },
  suspended: { label: 'Suspended', tone: 'bad' },
  cancelled: { label: 'Cancelled', tone: 'off' },
  expired: { label: 'Expired', tone: 'off' },
};

/** How a product stands, as a dot and a word. What is paid for but not set up yet says so. */
export const StateBadge = ({ state, provisioned = true }: { state: z.infer<typeof SubscriptionState>; provisioned?: boolean }) => {
  const { label, tone } = state === 'active' && !provisioned ? { label: 'Being set up', tone: 'warn' } : STATES[state];
  return <span className={classes.state} data-tone={tone}><span className={classes.dot} aria-hidden />{label}</span>;
};
