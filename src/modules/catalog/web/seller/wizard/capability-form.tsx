import { SegmentedControl, Stack, Text } from '@mantine/core';
import { useEffect, useImperativeHandle, useMemo, useState, type Ref } from 'react';
import { flushSync } from 'react-dom';
import { z } from 'zod';
import { ProductCapabilities } from '#modules/capabilities/contract.ts';
import { nodeAt, startValue } from '#web/form/form-defaults.ts';
import { formModel, type ObjectNode } from '#web/form/form-model.ts';
import { AnyNode, FormNodes } from '#web/form/form-nodes.tsx';
import { outline } from '#web/form/form-outline.ts';
import type { FormErrors } from '#web/form/form-problems.ts';
import { FormSection } from '#web/form/form-section.tsx';
import { createFormStore, FormContext } from '#web/form/form-store.ts';
import { parsePath, sameValue, type Path } from '#web/form/form-values.ts';
import { SectionIndex } from '#web/form/section-index.tsx';
import classes from './capabilities.module.css';

/** Everything a seller declares; category and departments are asked elsewhere in the wizard. */
const EDITED = ProductCapabilities.omit({ category: true, subcategory: true, tags: true });

const modelOf = (): ObjectNode => {
  const root = formModel(z.toJSONSchema(EDITED, { io: 'input', unrepresentable: 'any' }));
  // The short form of knowledge only mirrors the full one; two switches for one thing would contradict each other.
  return { ...root, children: root.children.map((node) => (node.kind === 'object' ? { ...node, children: node.children.filter((child) => child.hint.widget !== 'hidden') } : node)) };
};

let model: ObjectNode | null = null;
/** Made once: the schema is large and never changes. */
export const capabilityModel = (): ObjectNode => (model ??= modelOf());

/** `Interfaces › Chat › Streaming`. */
export const capabilityTitle = (path: Path): string =>
  path.map((_, index) => nodeAt(capabilityModel(), path.slice(0, index + 1))?.title ?? path[index] ?? '').filter((title, index, all) => title !== all[index - 1]).join(' › ');

export interface CapabilityForm { set: (path: Path, value: unknown) => void; show: (path: Path) => void }

/** The whole declaration, drawn from its schema, with the sections listed at the left. Every change is told at once. */
export const CapabilityEditor = ({ initial, errors, changed, onChange, ref }: {
  /** The complete declaration to start with; later values are ignored, since what is on screen is newer. */
  initial: unknown;
  errors: FormErrors;
  /** Places that differ from the category's own setting; they get a mark. */
  changed: readonly Path[];
  onChange: (value: unknown) => void;
  ref: Ref<CapabilityForm>;
}) => {
  const root = capabilityModel();
  const [store] = useState(() => createFormStore(root, startValue(root, initial)));
  const groups = useMemo(() => outline(root), [root]);
  const [part, setPart] = useState(groups[0]?.title ?? '');
  const surroundings = useMemo(() => ({ store, disabled: false, locked: {}, Node: AnyNode, Nodes: FormNodes }), [store]);
  useEffect(() => {
    let before = store.values();
    return store.subscribe(() => {
      const now = store.values();
      if (now !== before) { before = now; onChange(now); }
    });
  }, [store, onChange]);
  useEffect(() => { if (!sameValue(store.errors(), errors)) store.setErrors(errors); }, [store, errors]);
  useImperativeHandle(ref, () => ({
    set: (path, value) => { store.set(path, value); },
    show: (path) => {
      const group = groups.find(({ sections }) => sections.some((section) => section.path[0] === path[0]));
      // The field has to be drawn before it can be shown.
      if (group !== undefined) flushSync(() => { setPart(group.title); });
      showField(path);
    },
  }), [store, groups]);
  const shown = groups.find(({ title }) => title === part) ?? groups[0];
  const wrong = (title: string) => groups.find((group) => group.title === title)?.sections.some(({ path }) => Object.keys(errors).some((key) => key.startsWith(`${path[0] ?? ''}.`))) === true;
  return (
    <FormContext value={surroundings}>
      <style>{marks(changed)}</style>
      <div>
        <div className={classes.groups}>
          <SegmentedControl value={shown?.title ?? ''} onChange={setPart} aria-label="Part of the declaration" data={groups.map(({ title }) => ({ value: title, label: wrong(title) ? `${title} (see below)` : title }))} />
        </div>
        {shown !== undefined && (
          <div className={classes.editor}>
            <SectionIndex key={shown.title} groups={[{ ...shown, title: '' }]} />
            <Stack gap="md" miw={0}>
              <Text c="dimmed">{shown.description}</Text>
              {shown.sections.map((section) => <FormSection key={section.id} section={section} plain={false} heading={3} />)}
            </Stack>
          </div>
        )}
      </div>
    </FormContext>
  );
};

/**
 * Marks by attribute selectors, since fields are drawn by the form and may appear later. Paths come from the schema's own
 * names; anything else would not be quoted here.
 */
const marks = (changed: readonly Path[]): string => changed
  .filter((path) => path.every((part) => /^[A-Za-z0-9_-]+$/.test(part)))
  .map((path) => (path.at(-1) === 'enabled'
    ? `[data-form-path="${path.slice(0, -1).join('.')}"] > :first-child :is(h2, h3, h4, h5)::after { content: 'changed'; margin-inline-start: 0.5rem; font-size: 0.75rem; font-weight: 400; color: var(--mantine-color-anchor); }`
    : `[data-form-path="${path.join('.')}"] { position: relative; } [data-form-path="${path.join('.')}"]::before { content: ''; position: absolute; inset-inline-start: -10px; inset-block: 2px; width: 3px; border-radius: 2px; background: var(--mantine-color-anchor); }`))
  .join('\n');

/** Brings a field, or the nearest block around it that is drawn, into sight. */
const showField = (path: Path): void => {
  for (let length = path.length; length > 0; length--) {
    const key = path.slice(0, length).join('.');
    const element = document.querySelector<HTMLElement>(`[data-form-path="${CSS.escape(key)}"]`);
    if (element !== null) {
      element.scrollIntoView({ block: 'center' });
      element.querySelector<HTMLElement>('input, textarea, select, button')?.focus({ preventScroll: true });
      return;
    }
  }
};

/** The place inside the declaration that a finding of the draft means. */
export const capabilityPath = (finding: string): string[] => {
  const path = parsePath(finding);
  return path[0] === 'capabilities' ? path.slice(1) : path;
};
