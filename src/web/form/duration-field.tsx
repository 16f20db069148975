import { Group, Input, NativeSelect, NumberInput } from '@mantine/core';
import { useState } from 'react';
import { DURATION_UNITS, fromSeconds, readDuration, secondsPer, UNIT_SECONDS, type DurationUnit } from './duration.ts';

interface DurationFieldProps {
  label: string; description?: string; error?: string; disabled: boolean; required: boolean;
  value: unknown;
  onChange: (value: unknown) => void;
  /** Null: the value is text such as `30m`. Otherwise the unit in which the value is a number. */
  unit: string | null;
}

/** A length of time as a number and a unit. */
export const DurationField = ({ label, description, error, disabled, required, value, onChange, unit }: DurationFieldProps) => {
  const read = unit === null
    ? (typeof value === 'string' ? readDuration(value) : null)
    : (typeof value === 'number' ? fromSeconds(Math.round(value * secondsPer(unit))) : null);
  // Remembers the unit while the number is empty, and what the person chose where several would fit.
  const [chosen, setChosen] = useState<DurationUnit>(read?.unit ?? 'm');
  const shownUnit = unit === null ? read?.unit ?? chosen : chosen;
  const amount = read === null ? '' : (read.amount * UNIT_SECONDS[read.unit]) / UNIT_SECONDS[shownUnit];
  const write = (next: number | null, nextUnit: DurationUnit) => {
    setChosen(nextUnit);
    if (next === null) onChange(undefined);
    else onChange(unit === null ? `${next}${nextUnit}` : (next * UNIT_SECONDS[nextUnit]) / secondsPer(unit));
  };
  return (
    <Input.Wrapper label={label} description={description} error={error} required={required} inputWrapperOrder={['label', 'input', 'description', 'error']} labelElement="div">
      <Group gap={4} wrap="nowrap">
        <NumberInput
          flex={1} aria-label={label} value={amount} disabled={disabled} min={0} allowDecimal={false} hideControls error={error !== undefined}
          onChange={(next) => { write(typeof next === 'number' ? next : null, shownUnit); }}
        />
        <NativeSelect
          aria-label={`Unit of ${label}`} data={[...DURATION_UNITS]} value={shownUnit} disabled={disabled} w={112}
          onChange={(event) => {
            const next = DURATION_UNITS.find((option) => option.value === event.currentTarget.value)?.value ?? 'm';
            write(amount === '' ? null : amount, next);
          }}
        />
      </Group>
    </Input.Wrapper>
  );
};
