import { ActionIcon, Alert, Button, Drawer, Group, SegmentedControl, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconX } from '@tabler/icons-react';
import { lazy, Suspense } from 'react';
import { z } from 'zod';
import type { FlowNodeType } from '#modules/flows/authoring/contract.ts';
import type { Flow } from '#modules/flows/contract.ts';
import { LoadingSkeleton } from '#web/kit/states.tsx';
import { UnsavedGuard } from '#web/kit/unsaved-guard.tsx';
import { useSearchState } from '#web/url/search-state.ts';
import type { FlowOfDraft } from '../../../flow-editing-contract.ts';
import { EditorContext, type Editor, type PanelName } from './editor-context.ts';
import { EditorHead } from './editor-head.tsx';
import { Palette } from './palette.tsx';
import { ProblemsPanel } from './problems-panel.tsx';
import { StepList } from './step-list.tsx';
import { StepPanel } from './step-panel.tsx';
import { TestPanel } from './test-panel.tsx';
import { useEditorKeys } from './use-editor-keys.ts';
import { useFlowEditing } from './use-flow-editing.ts';
import classes from './editor.module.css';

// The drawing library comes with the first canvas.
const Canvas = lazy(() => import('./canvas.tsx').then((module) => ({ default: module.Canvas })));

const Address = z.object({ view: z.enum(['canvas', 'list']).catch('canvas'), panel: z.enum(['', 'step', 'problems', 'test']).catch('') });

/** The editor of one flow: palette, canvas or list, and what is known about the chosen step beside it. */
export const EditorScreen = ({ provider, opened, catalogue }: {
  provider: string; opened: FlowOfDraft & { flow: Flow }; catalogue: { families: readonly { key: string; title: string }[]; data: readonly FlowNodeType[] };
}) => {
  const [{ view, panel }, setAddress] = useSearchState(Address);
  const phone = useMediaQuery('(max-width: 47.99em)', undefined, { getInitialValueInEffect: false });
  const wide = useMediaQuery('(min-width: 62em)', undefined, { getInitialValueInEffect: false });
  const openPanel = (next: PanelName) => { setAddress({ panel: next }); };
  const editor = useFlowEditing({ opened, catalogue, panel: panel === '' ? 'step' : panel, openPanel, readOnly: phone });
  useEditorKeys(editor, !phone);
  const onCanvas = !phone && view === 'canvas';
  const { store, state } = editor;
  // With nothing chosen the room belongs to the flow.
  const beside = editor.panel !== 'step' || state.selection.length > 0 || !onCanvas;
  const close = () => { setAddress({ panel: '' }); store.select([]); };
  const panels = <Panels panel={editor.panel} onPanel={openPanel} problems={editor.problems.length} onClose={wide && onCanvas ? close : undefined} />;
  return (
    <EditorContext value={editor}>
      <div className={classes.editor} data-view={onCanvas ? 'canvas' : 'list'}>
        <EditorHead provider={provider} name={opened.name} view={onCanvas ? 'canvas' : 'list'} onView={(next) => { setAddress({ view: next }); }} />
        <Notice editor={editor} />
        <div className={classes.body} data-beside={(wide && beside) || undefined}>
          {onCanvas && <aside className={classes.left} aria-label="Kinds of steps"><Palette /></aside>}
          <div className={classes.middle}>
            {onCanvas ? <Suspense fallback={<div className={classes.panelBody}><LoadingSkeleton count={4} /></div>}><Canvas /></Suspense> : <StepList />}
          </div>
          {wide
            ? beside && <aside className={classes.right} aria-label="Details">{panels}</aside>
            : <Drawer opened={panel !== '' && !phone} onClose={() => { setAddress({ panel: '' }); }} position="right" size="md" title="Details" padding={0}>{panels}</Drawer>}
        </div>
      </div>
      <UnsavedGuard when={['failed', 'refused', 'conflict'].includes(editor.saving.status)} />
    </EditorContext>
  );
};

const Panels = ({ panel, onPanel, problems, onClose }: { panel: PanelName; onPanel: (panel: PanelName) => void; problems: number; onClose?: () => void }) => (
  <>
    <div className={classes.tabs}>
      <SegmentedControl
        flex={1} fullWidth size="xs" aria-label="What is shown beside the flow" value={panel} onChange={(value) => { onPanel(z.enum(['step', 'problems', 'test']).parse(value)); }}
        data={[{ value: 'step', label: 'Step' }, { value: 'problems', label: problems === 0 ? 'Problems' : `Problems ${problems}` }, { value: 'test', label: 'Test run' }]}
      />
      {onClose !== undefined && <ActionIcon aria-label="Close the details" onClick={onClose}><IconX size={16} /></ActionIcon>}
    </div>
    {panel === 'step' && <StepPanel />}
    {panel === 'problems' && <ProblemsPanel />}
    {panel === 'test' && <TestPanel />}
  </>
);

/** What keeps the flow from being saved, with the way out. */
const Notice = ({ editor }: { editor: Editor & { resolve: (keep: boolean) => Promise<void> } }) => {
  const { saving, jump, flow } = editor;
  if (saving.status === 'conflict') {
    return (
      <Alert color="amber" className={classes.notice} role="alert" title="Somebody else changed this flow">
        <Group justify="space-between" gap="xs">
          <Text size="sm">Your changes since then are not saved. Decide whose flow stays.</Text>
          <Group gap="xs"><Button size="xs" variant="default" onClick={() => { void editor.resolve(false); }}>Open theirs</Button><Button size="xs" onClick={() => { void editor.resolve(true); }}>Keep mine</Button></Group>
        </Group>
      </Alert>
    );
  }
  if (saving.status !== 'refused' || saving.problem === null) return null;
  const place = /^flow\.nodes\.(\d+)/.exec(saving.problem.errors[0]?.path ?? '')?.[1];
  const node = place === undefined ? undefined : flow.nodes[Number(place)];
  return (
    <Alert color="red" className={classes.notice} role="alert" title="This flow cannot be saved">
      <Group justify="space-between" gap="xs">
        <Text size="sm">{saving.problem.detail || saving.problem.title}</Text>
        {node !== undefined && <Button size="xs" variant="default" onClick={() => { jump(node.id); }}>Show the step</Button>}
      </Group>
    </Alert>
  );
};
