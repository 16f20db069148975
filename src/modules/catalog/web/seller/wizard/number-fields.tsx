import { NumberInput } from '@mantine/core';
import { useEffect, useState } from 'react';

interface FieldProps { label: string; description?: string; error?: string; disabled?: boolean; placeholder?: string }

/** A whole number that may be left empty while it is typed; `optional` keeps empty as null. */
export const CountField = ({ value, onChange, unit, optional = false, max = 1_000_000_000, ...rest }: FieldProps & {
  value: number | null; onChange: (value: number | null) => void; unit?: string; optional?: boolean; max?: number;
}) => {
  const [shown, setShown] = useState<number | string>(value ?? '');
  useEffect(() => { setShown((before) => (before === '' && value !== null && !optional ? before : value ?? '')); }, [value, optional]);
  return (
    <NumberInput
      {...rest} value={shown} min={0} max={max} allowDecimal={false} allowNegative={false} thousandSeparator="," hideControls inputWrapperOrder={['label', 'input', 'description', 'error']}
      suffix={unit === undefined ? undefined : ` ${unit}`}
      onChange={(next) => {
        setShown(next);
        if (typeof next === 'number') onChange(next);
        else if (next === '' && optional) onChange(null);
      }}
      onBlur={() => { if (shown === '') setShown(value ?? ''); }}
    />
  );
};

/** An amount of money, entered in the currency and kept in its smallest unit (cents). */
export const MoneyField = ({ value, currency, onChange, optional = false, ...rest }: FieldProps & {
  value: number | null; currency: string; onChange: (minor: number | null) => void; optional?: boolean;
}) => {
  const symbol = new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay: 'narrowSymbol' }).formatToParts(0).find(({ type }) => type === 'currency')?.value ?? '';
  const [shown, setShown] = useState<number | string>(value === null ? '' : value / 100);
  useEffect(() => { setShown((before) => (typeof before === 'number' && Math.round(before * 100) === value ? before : before === '' && value !== null && !optional ? before : value === null ? '' : value / 100)); }, [value, optional]);
  return (
    <NumberInput
      {...rest} value={shown} min={0} max={1_000_000} decimalScale={2} allowNegative={false} thousandSeparator="," hideControls prefix={symbol} inputWrapperOrder={['label', 'input', 'description', 'error']}
      onChange={(next) => {
        setShown(next);
        if (typeof next === 'number') onChange(Math.round(next * 100));
        else if (next === '' && optional) onChange(null);
      }}
      onBlur={() => { if (shown === '') setShown(value === null ? '' : value / 100); }}
    />
  );
};
