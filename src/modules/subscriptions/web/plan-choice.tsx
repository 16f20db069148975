import '@mantine/core/styles/RadioCard.layer.css';
import '@mantine/core/styles/RadioIndicator.layer.css';
import { Radio, SegmentedControl, Text } from '@mantine/core';
import { formatCredits, formatMoney, formatNumber } from '#web/kit/format.ts';
import type { Plan, ProductDetail } from '#modules/catalog/contract.ts';
import { unitWord, unitsWord } from '#modules/catalog/web/price-words.ts';
import { yearlySaving } from '#modules/catalog/web/plan-rows.ts';
import { costOf } from './subscribe-state.ts';
import classes from './subscribe.module.css';

/** The plans as large choices, with what each costs and includes. */
export const PlanChoice = ({ plans, category, chosen, cycle, onChoose }: {
  plans: readonly Plan[]; category: ProductDetail['category']; chosen: Plan; cycle: 'monthly' | 'yearly'; onChoose: (id: string, cycle: 'monthly' | 'yearly') => void;
}) => {
  const saving = Math.max(0, ...plans.map((plan) => yearlySaving(plan) ?? 0));
  const yearly = plans.some(({ terms }) => terms.priceYearlyMinor !== null);
  return (
    <div>
      <div className={classes.planHead}>
        <Text fw={500} aria-hidden>Plan</Text>
        {yearly && (
          <SegmentedControl
            size="xs" aria-label="Billing period" value={cycle} onChange={(next) => { onChoose(chosen.id, next === 'yearly' ? 'yearly' : 'monthly'); }}
            data={[{ value: 'monthly', label: 'Monthly' }, { value: 'yearly', label: saving > 0 ? `Yearly, −${saving}%` : 'Yearly' }]}
          />
        )}
      </div>
      <Radio.Group label="Plan" labelProps={{ className: classes.unseen }} value={chosen.id} onChange={(id) => { onChoose(id, cycle); }}>
        <div className={classes.plans}>
          {plans.map((plan) => (
            <Radio.Card key={plan.id} value={plan.id} className={classes.plan} aria-label={`${plan.terms.name}, ${priceOf(plan, cycle)}`}>
              <Radio.Indicator size="xs" />
              <span className={classes.planWords}><b>{plan.terms.name}</b><small>{includes(plan, category)}</small></span>
              <span className={classes.planPrice}>{priceOf(plan, cycle)}</span>
            </Radio.Card>
          ))}
        </div>
      </Radio.Group>
    </div>
  );
};

/** `$29 a month`, `Free`. */
export const priceOf = (plan: Plan, cycle: 'monthly' | 'yearly'): string => {
  const cost = costOf(plan, cycle);
  if (cost.minor === null) return 'Contact us';
  if (cost.minor === 0) return 'Free';
  return `${formatMoney(cost.minor, plan.terms.currency, { short: true })} a ${cost.cycle === 'yearly' ? 'year' : 'month'}`;
};

const includes = ({ terms: { rateCard, limits } }: Plan, category: ProductDetail['category']): string => {
  const perUse = rateCard.message > 0 ? `${formatCredits(rateCard.message)} per ${unitWord(category)}` : null;
  const quota = limits.messages === null ? null : `${formatNumber(limits.messages)} ${unitsWord(category)} a month`;
  return [quota, perUse].filter((part) => part !== null).join(', ') || `Unlimited ${unitsWord(category)}`;
};
