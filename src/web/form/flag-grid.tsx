import { Checkbox } from '@mantine/core';
import { isShown } from './form-defaults.ts';
import type { FormNode } from './form-model.ts';
import { useFormSelector, useFormSurroundings, useFormValue, useLock, useOwnLock } from './form-store.ts';
import { pathKey, type Path } from './form-values.ts';
import { Lock } from './lock.tsx';
import classes from './schema-form.module.css';

/** Many yes/no choices of one kind as a compact grid of ticks rather than a wall of switches. */
export const FlagGrid = ({ nodes, parent, columns }: { nodes: readonly FormNode[]; parent: Path; columns?: number }) => (
  <div className={classes.grid} data-columns={columns ?? 2}>
    {nodes.map((node) => <Flag key={node.name} node={node} parent={parent} />)}
  </div>
);

const Flag = ({ node, parent }: { node: FormNode; parent: Path }) => {
  const path = [...parent, node.name];
  const { disabled } = useFormSurroundings();
  const { value, error, set } = useFormValue(path);
  const lock = useLock(path);
  const own = useOwnLock(path);
  const shown = useFormSelector((form) => isShown(node, form.values(), parent));
  if (!shown) return null;
  return (
    <div data-form-path={pathKey(path)}>
      <Checkbox
        checked={value === true}
        label={node.title}
        description={node.description}
        error={error}
        disabled={disabled || lock !== null}
        onChange={(event) => { set(event.currentTarget.checked); }}
      />
      {own !== null && <Lock plan={own} />}
    </div>
  );
};
