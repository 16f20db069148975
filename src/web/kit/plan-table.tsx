import { Badge, Button, SegmentedControl, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconCheck, IconMinus } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { formatMoney } from './format.ts';
import classes from './plan-table.module.css';

export interface PlanColumn {
  id: string;
  name: string;
  /** Prices in minor units; null is "contact us", undefined is not offered. */
  monthly?: number | null;
  yearly?: number | null;
  currency: string;
  /** One line under the price, such as `2 credits per message`. */
  note?: string;
  highlighted?: boolean;
}
/** A line of the comparison; `values` by plan id: text, a number, included or not. */
export interface PlanRow { label: string; hint?: string; values: Readonly<Record<string, string | number | boolean | null>> }

type Period = 'monthly' | 'yearly';

interface PlanTableProps {
  plans: readonly PlanColumn[];
  rows: readonly PlanRow[];
  /** The plan one has. */
  current?: string;
  /** Another button per plan than the default one. */
  action?: (plan: PlanColumn, period: Period) => ReactNode;
  onChoose?: (plan: PlanColumn, period: Period) => void;
  chooseLabel?: string;
}

/** Plans beside each other, from the same data that enforces them. A card each on phones. */
export const PlanTable = (props: PlanTableProps) => {
  const { plans } = props;
  const both = plans.some((plan) => typeof plan.monthly === 'number') && plans.some((plan) => typeof plan.yearly === 'number');
  const [period, setPeriod] = useState<Period>(plans.some((plan) => plan.monthly !== undefined) ? 'monthly' : 'yearly');
  const narrow = useMediaQuery('(max-width: 47.99em)', undefined, { getInitialValueInEffect: false });
  return (
    <div className={classes.outer}>
      {both && (
        <SegmentedControl
          value={period} onChange={(next) => { setPeriod(next === 'yearly' ? 'yearly' : 'monthly'); }} aria-label="Billing period"
          data={[{ value: 'monthly', label: 'Monthly' }, { value: 'yearly', label: 'Yearly' }]} className={classes.period}
        />
      )}
      {narrow ? <Cards {...props} period={period} /> : <Columns {...props} period={period} />}
    </div>
  );
};

const Columns = (props: PlanTableProps & { period: Period }) => {
  const { plans, rows } = props;
  return (
    <div className={classes.scroll} tabIndex={0} role="region" aria-label="Plans compared">
      <table className={classes.table}>
        <thead>
          <tr>
            <td />
            {plans.map((plan) => <th key={plan.id} scope="col" data-highlighted={plan.highlighted || undefined}><PlanHead {...props} plan={plan} /></th>)}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.label}>
              <th scope="row"><RowLabel row={row} /></th>
              {plans.map((plan) => <td key={plan.id}><Value value={row.values[plan.id] ?? null} /></td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
};

const Cards = (props: PlanTableProps & { period: Period }) => (
  <div className={classes.cards} role="region" aria-label="Plans compared">
    {props.plans.map((plan) => (
      <section key={plan.id} className={classes.card} data-highlighted={plan.highlighted || undefined} aria-label={plan.name}>
        <PlanHead {...props} plan={plan} />
        <dl className={classes.facts}>
          {props.rows.map((row) => (
            <div key={row.label}>
              <dt><RowLabel row={row} /></dt>
              <dd><Value value={row.values[plan.id] ?? null} /></dd>
            </div>
          ))}
        </dl>
      </section>
    ))}
  </div>
);

/** Name, price and button of one plan. */
const PlanHead = ({ plan, period, current, action, onChoose, chooseLabel = 'Choose' }: Omit<PlanTableProps, 'plans' | 'rows'> & { plan: PlanColumn; period: Period }) => (
  <>
    <div className={classes.name}><Text size="md" fw={600} component="span">{plan.name}</Text>{plan.id === current && <Badge color="gray">Current</Badge>}</div>
    <Price plan={plan} period={period} />
    {plan.note !== undefined && <Text size="xs" c="dimmed">{plan.note}</Text>}
    <div className={classes.choose}>
      {action?.(plan, period) ?? (onChoose !== undefined && (
        <Button fullWidth variant={plan.highlighted ? 'filled' : 'default'} disabled={plan.id === current} onClick={() => { onChoose(plan, period); }}>
          {plan.id === current ? 'Your plan' : chooseLabel}
        </Button>
      ))}
    </div>
  </>
);

const RowLabel = ({ row }: { row: PlanRow }) => <>{row.label}{row.hint !== undefined && <Text size="xs" c="dimmed">{row.hint}</Text>}</>;

const Price = ({ plan, period }: { plan: PlanColumn; period: Period }) => {
  const price = plan[period] === undefined ? plan.monthly ?? plan.yearly : plan[period];
  if (price === null || price === undefined) return <div className={classes.price}>Contact us</div>;
  if (price === 0) return <div className={classes.price}>Free</div>;
  const shown = plan[period] === undefined ? (plan.monthly === undefined ? 'yearly' : 'monthly') : period;
  return <div className={classes.price}>{formatMoney(price, plan.currency, { short: true })}<span> / {shown === 'yearly' ? 'year' : 'month'}</span></div>;
};

const Value = ({ value }: { value: string | number | boolean | null }) => {
  if (value === true) return <IconCheck size={18} className={classes.yes} aria-label="Included" />;
  if (value === false || value === null) return <IconMinus size={18} className={classes.no} aria-label="Not included" />;
  return <>{typeof value === 'number' ? value.toLocaleString() : value}</>;
};
