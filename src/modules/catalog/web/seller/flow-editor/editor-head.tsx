import { ActionIcon, Button, Group, Popover, SegmentedControl, Text, Title, Tooltip, UnstyledButton } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { IconAlertTriangle, IconArrowBackUp, IconArrowForwardUp, IconArrowLeft, IconCheck, IconCircleX, IconCloudOff, IconKeyboard, IconLayoutGrid, IconList, IconLoader2, IconPlayerPlay, IconSitemap } from '@tabler/icons-react';
import { z } from 'zod';
import { LinkButton } from '#web/kit/link.tsx';
import { useBrandName } from '#web/session/session.ts';
import { sellerPaths } from '#web/url/paths.ts';
import { useEditor } from './editor-context.ts';
import type { FlowSaveState } from './model/flow-saver.ts';
import classes from './editor.module.css';

/** Where one is, whether it is saved, and what can be done with the whole flow. */
export const EditorHead = ({ provider, name, view, onView }: { provider: string; name: string; view: 'canvas' | 'list'; onView: (view: 'canvas' | 'list') => void }) => {
  const { store, state, saving, saver, problems, openPanel, layOut, readOnly, productId } = useEditor();
  useDocumentTitle(`Flow of ${name} · ${useBrandName()}`);
  const { past, future } = state.history;
  const worst = problems.some(({ severity }) => severity === 'error') ? 'error' : problems.some(({ severity }) => severity === 'warning') ? 'warning' : null;
  return (
    <header className={classes.bar}>
      <div className={classes.barWhere}>
        <LinkButton to={`${sellerPaths.create(provider, productId)}&step=2`} variant="subtle" color="gray" size="compact-sm" aria-label="Back to the wizard"><IconArrowLeft size={16} aria-hidden /></LinkButton>
        <div className={classes.barName}>
          <Title order={1} size="h4" className={classes.barTitle}>{name || 'Untitled product'}</Title>
          <Text size="xs" c="dimmed">{readOnly ? 'Flow. Open it on a larger screen to change it.' : 'Flow'}</Text>
        </div>
        {!readOnly && <Saved saving={saving} onRetry={() => { void saver.flush(); }} />}
      </div>
      {!readOnly && (
        <Group gap={4} wrap="nowrap" className={classes.barTools}>
          <Tooltip label="Undo (Ctrl Z)"><ActionIcon size={32} aria-label="Undo" disabled={past.length === 0} onClick={() => { store.undo(); }}><IconArrowBackUp size={18} /></ActionIcon></Tooltip>
          <Tooltip label="Redo (Ctrl Y)"><ActionIcon size={32} aria-label="Redo" disabled={future.length === 0} onClick={() => { store.redo(); }}><IconArrowForwardUp size={18} /></ActionIcon></Tooltip>
          {view === 'canvas' && <Tooltip label="Arrange the steps"><ActionIcon size={32} aria-label="Arrange the steps" onClick={() => { void layOut(); }}><IconSitemap size={18} /></ActionIcon></Tooltip>}
          <Keys />
          <SegmentedControl
            size="xs" aria-label="Show the flow as" value={view} onChange={(value) => { onView(z.enum(['canvas', 'list']).parse(value)); }}
            data={[{ value: 'canvas', label: <span className={classes.option}><IconLayoutGrid size={14} aria-hidden />Canvas</span> }, { value: 'list', label: <span className={classes.option}><IconList size={14} aria-hidden />List</span> }]}
          />
          {worst !== null && (
            <Button size="xs" variant="default" onClick={() => { openPanel('problems'); }} leftSection={worst === 'error' ? <IconCircleX size={14} color="var(--cmp-bad)" aria-hidden /> : <IconAlertTriangle size={14} color="var(--cmp-warn)" aria-hidden />}>
              {problems.length} {problems.length === 1 ? 'problem' : 'problems'}
            </Button>
          )}
          <Button size="xs" leftSection={<IconPlayerPlay size={14} />} onClick={() => { openPanel('test'); }}>Test run</Button>
        </Group>
      )}
    </header>
  );
};

const Saved = ({ saving, onRetry }: { saving: FlowSaveState; onRetry: () => void }) => {
  switch (saving.status) {
    case 'saved': return <span className={classes.saved} role="status"><IconCheck size={14} aria-hidden />Saved</span>;
    case 'waiting': case 'saving': return <span className={classes.saved} role="status"><IconLoader2 size={14} aria-hidden />Saving</span>;
    case 'failed': return <UnstyledButton className={classes.saved} data-bad onClick={onRetry}><IconCloudOff size={14} aria-hidden />Not saved: {saving.problem?.title}. Try again</UnstyledButton>;
    case 'refused': case 'conflict': return <span className={classes.saved} data-bad role="status"><IconCloudOff size={14} aria-hidden />Not saved</span>;
  }
};

const KEYS = [
  ['/', 'Find a kind of step'], ['Ctrl Z', 'Undo'], ['Ctrl Y', 'Redo'], ['Ctrl C', 'Copy'], ['Ctrl V', 'Paste'], ['Ctrl D', 'Duplicate'], ['Ctrl A', 'Choose all'], ['Del', 'Delete'], ['Arrows', 'Move'], ['Shift drag', 'Choose several'], ['Shift 1', 'See everything'], ['Ctrl S', 'Save now'],
] as const;

const Keys = () => (
  <Popover position="bottom-end" width={260}>
    <Popover.Target><Tooltip label="Keys"><ActionIcon size={32} aria-label="Keys of the editor"><IconKeyboard size={18} /></ActionIcon></Tooltip></Popover.Target>
    <Popover.Dropdown><dl className={classes.keys}>{KEYS.map(([key, what]) => <div key={key}><dt>{what}</dt><dd><kbd className={classes.kbd}>{key}</kbd></dd></div>)}</dl></Popover.Dropdown>
  </Popover>
);
