import type { ProductCapabilities } from '#modules/capabilities/contract.ts';
import { formatMoney } from '#web/kit/format.ts';
import type { PlanColumn, PlanRow } from '#web/kit/plan-table.tsx';
import type { PlanTerms } from '../../contract.ts';
import { planColumn, planRows } from '../plan-rows.ts';
import type { PlanDraft } from './plan-draft.ts';

type Plan = PlanDraft | PlanTerms;

export const TIERS = [
  { value: 'starter', label: 'Starter' }, { value: 'pro', label: 'Professional' }, { value: 'enterprise', label: 'Enterprise' }, { value: 'custom', label: 'Custom' },
] as const;
export const SUPPORT = [
  { value: 'community', label: 'Community' }, { value: 'email', label: 'E-mail' }, { value: 'priority', label: 'Priority' }, { value: '24x7', label: 'Around the clock' },
] as const;
export const LIMITS = [
  { key: 'messages', label: 'Messages a month' }, { key: 'tokens', label: 'Tokens a month' }, { key: 'apiCalls', label: 'API calls a month' }, { key: 'users', label: 'Users' },
  { key: 'documents', label: 'Documents' }, { key: 'storageMB', label: 'Storage', unit: 'MB' }, { key: 'requestsPerMinute', label: 'Requests a minute' }, { key: 'concurrency', label: 'Requests at the same time' },
] as const satisfies readonly { key: keyof PlanDraft['limits']; label: string; unit?: string }[];
export const RATES = [
  { key: 'message', label: 'Message' }, { key: 'document', label: 'Document' }, { key: 'image', label: 'Image' }, { key: 'voice', label: 'Voice' },
] as const satisfies readonly { key: keyof PlanDraft['rateCard']; label: string }[];

export const supportLabel = (support: Plan['support']): string => SUPPORT.find(({ value }) => value === support)?.label ?? support;
export const tierLabel = (tier: Plan['tier']): string => TIERS.find(({ value }) => value === tier)?.label ?? tier;

/** `$29 / month`, `Free`, `Contact us`. */
export const priceWords = (plan: Plan): { price: string; period: string; second: string } => {
  const { priceMonthlyMinor: monthly, priceYearlyMinor: yearly, currency } = plan;
  if (monthly === null) return { price: 'Contact us', period: '', second: '' };
  return {
    price: monthly === 0 ? 'Free' : formatMoney(monthly, currency, { short: true }), period: monthly === 0 ? '' : '/ month',
    second: monthly === 0 ? 'Paid with credits only' : yearly === null ? '' : `or ${formatMoney(yearly, currency, { short: true })} a year`,
  };
};

/** Plans as the columns and rows of the comparison that buyers see. */
export const planComparison = (plans: readonly Plan[], capabilities: ProductCapabilities): { columns: readonly PlanColumn[]; rows: readonly PlanRow[] } => {
  const offered = plans.map((plan, index) => ({ id: String(index), position: index, terms: { ...plan, key: plan.key ?? '', name: plan.name === '' ? 'Untitled' : plan.name } }));
  return { columns: offered.map((plan) => planColumn(plan, capabilities.category)), rows: planRows(offered, capabilities) };
};
