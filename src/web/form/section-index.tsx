import { UnstyledButton } from '@mantine/core';
import { useEffect, useState } from 'react';
import { isShown } from './form-defaults.ts';
import type { Section, SectionGroup } from './form-outline.ts';
import { useFormSelector } from './form-store.ts';
import { getAt } from './form-values.ts';
import classes from './schema-form.module.css';

export const sectionAnchor = (id: string): string => `form-${id.replaceAll(/[^A-Za-z0-9]+/g, '-')}`;

/** The list of sections beside a long form: where one is, what is off, what is wrong. Hidden where there is no room. */
export const SectionIndex = ({ groups }: { groups: readonly SectionGroup[] }) => {
  const active = useActiveSection(groups);
  return (
    <nav className={classes.index} aria-label="Sections of this form">
      {groups.map((group) => (
        <div key={group.title}>
          {group.title !== '' && <div className={classes.indexGroup}>{group.title}</div>}
          {group.sections.map((section) => <Entry key={section.id} section={section} active={section.id === active} />)}
        </div>
      ))}
    </nav>
  );
};

const Entry = ({ section, active }: { section: Section; active: boolean }) => {
  const off = useFormSelector((form) => section.object?.switchable === true && getAt(form.values(), [...section.path, 'enabled']) !== true);
  const prefix = `${section.path.join('.')}.`;
  const wrong = useFormSelector((form) => section.object !== null && Object.keys(form.errors()).some((path) => path.startsWith(prefix)));
  const shown = useFormSelector((form) => section.object === null || isShown(section.object, form.values(), section.path.slice(0, -1)));
  if (!shown || section.title === '') return null;
  return (
    <UnstyledButton
      className={classes.indexEntry}
      aria-current={active ? 'true' : undefined}
      onClick={() => { document.getElementById(sectionAnchor(section.id))?.scrollIntoView({ block: 'start', behavior: 'smooth' }); }}
    >
      <span className={off ? classes.off : undefined}>{section.title}</span>
      {wrong ? <span className={classes.wrong} title="Needs attention" /> : off ? <span className={classes.indexNote}>Off</span> : null}
    </UnstyledButton>
  );
};

/** The section at the top of the window. */
const useActiveSection = (groups: readonly SectionGroup[]): string => {
  const [active, setActive] = useState(groups[0]?.sections[0]?.id ?? '');
  useEffect(() => {
    const ids = groups.flatMap((group) => group.sections.map((section) => section.id));
    const seen = new Set<string>();
    const observer = new IntersectionObserver((entries) => {
      for (const entry of entries) {
        const id = entry.target.getAttribute('data-section') ?? '';
        if (entry.isIntersecting) seen.add(id);
        else seen.delete(id);
      }
      const first = ids.find((id) => seen.has(id));
      if (first !== undefined) setActive(first);
    }, { rootMargin: '-80px 0px -50% 0px' });
    for (const id of ids) {
      const element = document.getElementById(sectionAnchor(id));
      if (element !== null) observer.observe(element);
    }
    return () => { observer.disconnect(); };
  }, [groups]);
  return active;
};
