import { Collapse, Text, Title } from '@mantine/core';
import { useId } from 'react';
import { EnabledSwitch } from './enabled-switch.tsx';
import { isShown } from './form-defaults.ts';
import { FormNodes } from './form-nodes.tsx';
import type { Section } from './form-outline.ts';
import { useFormSelector, useLock } from './form-store.ts';
import { getAt, pathKey } from './form-values.ts';
import { Lock } from './lock.tsx';
import { sectionAnchor } from './section-index.tsx';
import classes from './schema-form.module.css';

/** One framed block: heading, switch, fields. */
export const FormSection = ({ section, plain, heading }: { section: Section; plain: boolean; heading: 2 | 3 }) => {
  const shown = useFormSelector((form) => section.object === null || isShown(section.object, form.values(), section.path.slice(0, -1)));
  const name = useId();
  const lock = useLock(section.path);
  const own = useFormSelector((form) => (section.object === null ? undefined : form.errors()[pathKey(section.path)]));
  const switchable = section.object?.switchable === true;
  const on = useFormSelector((form) => !switchable || getAt(form.values(), [...section.path, 'enabled']) === true);
  if (!shown) return null;
  // What another plan has is named, not spread out as fields nobody can use.
  const open = on && lock === null;
  const nodes = switchable ? section.nodes.filter((node) => node.name !== 'enabled') : section.nodes;
  return (
    <div
      role="group"
      id={sectionAnchor(section.id)}
      data-section={section.id}
      data-form-path={section.object === null ? undefined : pathKey(section.path)}
      aria-labelledby={section.title === '' ? undefined : name}
      className={plain ? classes.plain : classes.section}
    >
      {section.title !== '' && (
        <header className={classes.sectionHead} data-closed={!open || nodes.length === 0 || undefined}>
          <div>
            <Title order={heading} size="h3" id={name}>{section.title}</Title>
            {section.description !== '' && <Text c="dimmed">{section.description}</Text>}
          </div>
          {lock !== null ? <Lock plan={lock} /> : section.object !== null && switchable ? <EnabledSwitch node={section.object} path={section.path} /> : null}
        </header>
      )}
      {own !== undefined && <Text c="var(--cmp-bad)" px="md" pt="sm" role="alert">{own}</Text>}
      <Collapse expanded={open && nodes.length > 0}>
        <div className={classes.sectionBody}><FormNodes nodes={nodes} parent={section.path} root={section.object} /></div>
      </Collapse>
    </div>
  );
};
