import { Collapse, Text, UnstyledButton } from '@mantine/core';
import { IconChevronRight } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { EnabledSwitch } from './enabled-switch.tsx';
import type { ObjectNode } from './form-model.ts';
import { useFormSelector, useFormSurroundings, useLock, useOwnLock } from './form-store.ts';
import { getAt, pathKey, type Path } from './form-values.ts';
import { Lock } from './lock.tsx';
import classes from './schema-form.module.css';

/** A nested object: a heading that folds its fields away, open while it holds something wrong. */
export const NestedObject = ({ node, path }: { node: ObjectNode; path: Path }) => {
  const { Nodes } = useFormSurroundings();
  const lock = useLock(path);
  const own = useOwnLock(path);
  const prefix = pathKey(path);
  const wrong = useFormSelector((form) => Object.keys(form.errors()).some((key) => key === prefix || key.startsWith(`${prefix}.`)));
  const problem = useFormSelector((form) => form.errors()[prefix]);
  const on = useFormSelector((form) => !node.switchable || getAt(form.values(), [...path, 'enabled']) === true);
  const [open, setOpen] = useState(node.children.length <= 6 && !node.hint.advanced);
  const children = node.switchable ? node.children.filter((child) => child.name !== 'enabled') : node.children;
  const expanded = on && (open || wrong) && children.length > 0;
  const canFold = on && children.length > 0;
  return (
    <div className={classes.nested} data-form-path={prefix} role="group" aria-label={node.title}>
      <div className={classes.nestedHead}>
        <FoldButton canFold={canFold} expanded={expanded} onToggle={() => { setOpen(!open); }}>
          <Text fw={500} component="div">{node.title}</Text>
          {node.description !== '' && <Text c="dimmed" size="xs">{node.description}</Text>}
        </FoldButton>
        {own !== null ? <Lock plan={own} /> : lock !== null ? null : node.switchable ? <EnabledSwitch node={node} path={path} /> : null}
      </div>
      {problem !== undefined && <Text c="var(--cmp-bad)" role="alert">{problem}</Text>}
      <Collapse expanded={expanded}>
        <div className={classes.nestedBody}><Nodes nodes={children} parent={path} root={node} /></div>
      </Collapse>
    </div>
  );
};

const FoldButton = ({ canFold, expanded, onToggle, children }: { canFold: boolean; expanded: boolean; onToggle: () => void; children: ReactNode }) =>
  canFold ? (
    <UnstyledButton type="button" className={classes.fold} aria-expanded={expanded} onClick={onToggle}>
      <IconChevronRight size={16} className={classes.chevron} data-open={expanded || undefined} aria-hidden />
      <div>{children}</div>
    </UnstyledButton>
  ) : <div className={classes.fold}><div>{children}</div></div>;
