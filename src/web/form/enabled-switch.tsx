import { Switch } from '@mantine/core';
import type { ObjectNode } from './form-model.ts';
import { useFormSurroundings, useFormValue } from './form-store.ts';
import type { Path } from './form-values.ts';

/** The `enabled` of an object, in its heading. */
export const EnabledSwitch = ({ node, path }: { node: ObjectNode; path: Path }) => {
  const { disabled } = useFormSurroundings();
  const flag = node.children.find((child) => child.name === 'enabled');
  const { value, set } = useFormValue([...path, 'enabled']);
  return (
    <Switch
      checked={value === true}
      disabled={disabled}
      aria-label={flag === undefined || flag.title === 'Enabled' ? `${node.title} enabled` : flag.title}
      onChange={(event) => { set(event.currentTarget.checked); }}
    />
  );
};
