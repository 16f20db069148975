import { Button, Group, Kbd, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useFormSelector, useFormSurroundings } from './form-store.ts';
import classes from './schema-form.module.css';

/** Save and discard: a bar at the bottom that is only there while something is unsaved, or plain buttons at the end. */
export const SaveBar = ({ mode, saving, label, secondary }: { mode: 'bar' | 'button'; saving: boolean; label: string; secondary?: ReactNode }) => {
  const { store } = useFormSurroundings();
  const dirty = useFormSelector((form) => form.isDirty());
  const wrong = useFormSelector((form) => Object.keys(form.errors()).filter((path) => path !== '').length);
  if (mode === 'button') {
    return (
      <Group justify="flex-end" gap="xs">
        {secondary}
        <Button type="submit" loading={saving}>{label}</Button>
      </Group>
    );
  }
  if (!dirty && !saving) return null;
  return (
    <div className={classes.bar}>
      <Text fw={500} c={wrong > 0 ? 'var(--cmp-bad)' : undefined} role="status">
        {wrong > 0 ? `${wrong} ${wrong === 1 ? 'field needs' : 'fields need'} attention` : 'Unsaved changes'}
      </Text>
      <Group gap="xs" wrap="nowrap">
        {secondary}
        <Button variant="default" onClick={() => { store.reset(); }} disabled={saving}>Discard</Button>
        <Button type="submit" loading={saving} rightSection={<Kbd size="xs" visibleFrom="sm" className={classes.key}>Ctrl S</Kbd>}>{label}</Button>
      </Group>
    </div>
  );
};
