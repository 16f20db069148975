import { Button, Drawer, Group, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { CATEGORIES } from '#web/kit/category.tsx';
import { getAt, type Path } from '#web/form/form-values.ts';
import { changedPaths, declaredPart, spoken } from './capability-changes.ts';
import { CapabilityEditor, capabilityPath, capabilityTitle, type CapabilityForm } from './capability-form.tsx';
import type { StepProps } from './draft-wizard.tsx';
import { Findings } from './finding-list.tsx';
import classes from './capabilities.module.css';

/** The third step: everything buyers can do, over what the category brings. */
export const CapabilitiesStep = ({ open }: StepProps) => {
  const { view, draft, change } = open;
  const { defaults } = view;
  const form = useRef<CapabilityForm>(null);
  const [value, setValue] = useState<unknown>(view.capabilities);
  const edit = useCallback((next: unknown) => {
    setValue(next);
    change({ capabilities: declaredPart(next, defaults) });
  }, [change, defaults]);
  const changed = useMemo(() => changedPaths(value, defaults).filter((path) => path[0] !== 'tags'), [value, defaults]);
  const findings = view.findings.filter(({ step }) => step === 'capabilities');
  const errors = useMemo(() => Object.fromEntries(view.findings.filter(({ step, severity }) => step === 'capabilities' && severity === 'error').toReversed()
    .map(({ path, message }) => [capabilityPath(path).join('.'), message])), [view.findings]);
  // The form is large: the frame of the step is drawn first.
  const [ready, setReady] = useState(false);
  useEffect(() => { const frame = requestAnimationFrame(() => { setReady(true); }); return () => { cancelAnimationFrame(frame); }; }, []);
  return (
    <>
      <Findings
        title={findings.some(({ severity }) => severity === 'error') ? 'Your flow and this declaration disagree' : 'Worth a look'} findings={findings}
        where={({ path }) => capabilityTitle(capabilityPath(path))} onGo={({ path }) => { form.current?.show(capabilityPath(path)); }}
      />
      <Changes
        changed={changed} value={value} defaults={defaults} category={CATEGORIES[draft.category].label.toLowerCase()}
        onReset={(paths) => { for (const path of paths) form.current?.set(path, getAt(defaults, path)); }} onShow={(path) => { form.current?.show(path); }}
      />
      {ready && <CapabilityEditor ref={form} initial={view.capabilities} errors={errors} changed={changed} onChange={edit} />}
    </>
  );
};

/** How far the declaration has moved from what the category brings, with the way back. */
const Changes = ({ changed, value, defaults, category, onReset, onShow }: {
  changed: readonly Path[]; value: unknown; defaults: unknown; category: string; onReset: (paths: readonly Path[]) => void; onShow: (path: Path) => void;
}) => {
  const [opened, drawer] = useDisclosure(false);
  const article = /^[aeiou]/.test(category) ? 'an' : 'a';
  return (
    <div className={classes.summary}>
      <Text>
        {changed.length === 0
          ? `Everything is as usual for ${article} ${category}. Switch on what your product can do, and off what it cannot.`
          : <><span className={classes.mark} aria-hidden />{changed.length} {changed.length === 1 ? 'setting differs' : 'settings differ'} from what is usual for {article} {category}.</>}
      </Text>
      {changed.length > 0 && <Button size="xs" variant="default" onClick={drawer.open}>Show changes</Button>}
      <Drawer opened={opened} onClose={drawer.close} position="right" title="Changed settings" size="md" classNames={{ title: classes.drawerTitle }}>
        {changed.map((path) => (
          <div key={path.join('.')} className={classes.change}>
            <div>
              <Text fw={500}>{capabilityTitle(path)}</Text>
              <Text size="xs" c="dimmed">{spoken(getAt(value, path))}, usually {spoken(getAt(defaults, path)).toLowerCase()}</Text>
            </div>
            <Group gap={4} wrap="nowrap">
              <Button size="compact-xs" variant="subtle" onClick={() => { drawer.close(); setTimeout(() => { onShow(path); }, 200); }}>Show</Button>
              <Button size="compact-xs" variant="default" onClick={() => { onReset([path]); }}>Reset</Button>
            </Group>
          </div>
        ))}
        {changed.length > 0 && <Button mt="md" variant="default" onClick={() => { onReset(changed); drawer.close(); }}>Reset everything</Button>}
        {changed.length === 0 && <Text c="dimmed">Everything is as usual for {article} {category}.</Text>}
      </Drawer>
    </div>
  );
};

