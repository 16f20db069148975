import { NumberInput } from '@mantine/core';
import { useState } from 'react';

interface FieldProps { label: string; description?: string; error?: string; disabled?: boolean; placeholder?: string }

/** What is typed stands as it is until the field is left; then the kept value stands again. */
const useTyped = (kept: number | '') => {
  const [typed, setTyped] = useState<number | string | null>(null);
  return { shown: typed ?? kept, setTyped, onBlur: () => { setTyped(null); } };
};

/** A whole number that may be left empty while it is typed; `optional` keeps empty as null. */
export const CountField = ({ value, onChange, unit, optional = false, max = 1_000_000_000, ...rest }: FieldProps & {
  value: number | null; onChange: (value: number | null) => void; unit?: string; optional?: boolean; max?: number;
}) => {
  const { shown, setTyped, onBlur } = useTyped(value ?? '');
  return (
    <NumberInput
      {...rest} value={shown} min={0} max={max} allowDecimal={false} allowNegative={false} thousandSeparator="," hideControls inputWrapperOrder={['label', 'input', 'description', 'error']}
      suffix={unit === undefined ? undefined : ` ${unit}`} onBlur={onBlur}
      onChange={(next) => {
        setTyped(next);
        if (typeof next === 'number') onChange(next);
        else if (next === '' && optional) onChange(null);
      }}
    />
  );
};

/** An amount of money, entered in the currency and kept in its smallest unit (cents). */
export const MoneyField = ({ value, currency, onChange, optional = false, ...rest }: FieldProps & {
  value: number | null; currency: string; onChange: (minor: number | null) => void; optional?: boolean;
}) => {
  const symbol = new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay: 'narrowSymbol' }).formatToParts(0).find(({ type }) => type === 'currency')?.value ?? '';
  const { shown, setTyped, onBlur } = useTyped(value === null ? '' : value / 100);
  return (
    <NumberInput
      {...rest} value={shown} min={0} max={1_000_000} decimalScale={2} allowNegative={false} thousandSeparator="," hideControls prefix={symbol} inputWrapperOrder={['label', 'input', 'description', 'error']} onBlur={onBlur}
      onChange={(next) => {
        setTyped(next);
        if (typeof next === 'number') onChange(Math.round(next * 100));
        else if (next === '' && optional) onChange(null);
      }}
    />
  );
};
