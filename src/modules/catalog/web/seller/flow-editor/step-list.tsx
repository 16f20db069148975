import { ActionIcon, Button, Group, Select, Text, Tooltip } from '@mantine/core';
import { IconAlertTriangle, IconCircleX, IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { words } from '#web/form/form-model.ts';
import { EmptyState } from '#web/kit/states.tsx';
import { useEditor } from './editor-context.ts';
import { lookOf } from './family-look.ts';
import { removeNodes } from './model/flow-edits.ts';
import { UNSUPPORTED } from './model/port-rules.ts';
import { stepOrder } from './model/step-order.ts';
import classes from './editor.module.css';

/** The flow as a list in the order it runs: for keyboards and screen readers, and for reading on a phone. */
export const StepList = () => {
  const { flow, types, problems, state, store, openPanel, readOnly } = useEditor();
  const nameOf = (id: string) => { const node = flow.nodes.find((candidate) => candidate.id === id); return node?.name || types.get(node?.type ?? '')?.title || id; };
  return (
    <div className={classes.list}>
      {!readOnly && <AddStep />}
      {flow.nodes.length === 0 && <EmptyState heading={2} title="No steps yet">{readOnly ? 'Open this page on a larger screen to build the flow.' : 'Add the first one.'}</EmptyState>}
      <ol className={classes.cards} aria-label="Steps of the flow">
        {stepOrder(flow).map((node) => {
          const type = types.get(node.type);
          const { icon: FamilyIcon, tone } = lookOf(type?.family);
          const outOf = flow.edges.filter(({ source }) => source === node.id);
          const worst = problems.find((problem) => problem.node === node.id && problem.severity !== 'hint');
          return (
            <li key={node.id} className={classes.card} data-tone={tone} data-selected={state.selection.includes(node.id) || undefined}>
              <span className={classes.stepTile} aria-hidden><FamilyIcon size={20} stroke={1.75} /></span>
              <div className={classes.cardWords}>
                <Text fw={600}>{nameOf(node.id)}</Text>
                <Text size="xs" c="dimmed">{type?.title ?? node.type}</Text>
                {outOf.length > 0 && <ul className={classes.feeds}>{outOf.map((edge) => <li key={`${edge.sourcePort} ${edge.target} ${edge.targetPort}`}>{words(edge.sourcePort)} → {nameOf(edge.target)} ({words(edge.targetPort)})</li>)}</ul>}
                {worst !== undefined && <Text size="xs" className={classes.cardProblem} data-severity={worst.severity}>{worst.severity === 'error' ? <IconCircleX size={14} aria-hidden /> : <IconAlertTriangle size={14} aria-hidden />}{worst.message}</Text>}
              </div>
              {!readOnly && (
                <Group gap={4} wrap="nowrap">
                  <Button size="compact-sm" variant="default" aria-label={`Edit ${nameOf(node.id)}`} onClick={() => { store.select([node.id]); openPanel('step'); }}>Edit</Button>
                  <Tooltip label="Delete"><ActionIcon aria-label={`Delete ${nameOf(node.id)}`} onClick={() => { store.edit((one) => removeNodes(one, [node.id])); }}><IconTrash size={16} /></ActionIcon></Tooltip>
                </Group>
              )}
            </li>
          );
        })}
      </ol>
    </div>
  );
};

const AddStep = () => {
  const { catalogue, families, add } = useEditor();
  const [type, setType] = useState<string | null>(null);
  const chosen = catalogue.find((candidate) => candidate.type === type);
  const data = families.map(({ key, title }) => ({ group: title, items: catalogue.filter((one) => one.family === key && one.type !== UNSUPPORTED).map((one) => ({ value: one.type, label: one.title })) })).filter(({ items }) => items.length > 0);
  return (
    <Group gap="xs" align="flex-end">
      <Select label="Kind of step" placeholder="Choose" searchable data={data} value={type} onChange={setType} flex={1} maw={360} />
      <Button leftSection={<IconPlus size={16} />} disabled={chosen === undefined} onClick={() => { if (chosen !== undefined) { add(chosen); setType(null); } }}>Add step</Button>
    </Group>
  );
};
