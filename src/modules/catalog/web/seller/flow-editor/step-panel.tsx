import { ActionIcon, Alert, Button, Group, NumberInput, Select, Text, TextInput, Tooltip } from '@mantine/core';
import { IconCopy, IconReplace, IconTrash } from '@tabler/icons-react';
import { FailurePolicy, type FlowNode } from '#modules/flows/contract.ts';
import { EmptyState } from '#web/kit/states.tsx';
import { useEditor } from './editor-context.ts';
import { lookOf } from './family-look.ts';
import { configureNode, partOf, paste, removeNodes, renameNode, replaceNode, setFailure } from './model/flow-edits.ts';
import { UNSUPPORTED } from './model/port-rules.ts';
import { closestTypes } from './model/substitutes.ts';
import { RunDetails } from './run-details.tsx';
import { StepConnections } from './step-connections.tsx';
import { StepParameters } from './step-parameters.tsx';
import { StepSettings } from './step-settings.tsx';
import classes from './editor.module.css';

/** Everything about the step that is chosen. */
export const StepPanel = () => {
  const { flow, state, store } = useEditor();
  const [only, ...more] = state.selection;
  const node = flow.nodes.find(({ id }) => id === only);
  if (more.length > 0) {
    return (
      <div className={classes.panelBody}>
        <Text fw={600}>{state.selection.length} steps chosen</Text>
        <Group gap="xs">
          <Button size="xs" variant="default" leftSection={<IconCopy size={14} />} onClick={() => { const { flow: next, ids } = paste(flow, partOf(flow, state.selection)); store.edit(() => next, { select: ids }); }}>Duplicate</Button>
          <Button size="xs" variant="default" leftSection={<IconTrash size={14} />} onClick={() => { store.edit((one) => removeNodes(one, state.selection)); }}>Delete</Button>
        </Group>
      </div>
    );
  }
  if (node === undefined) return <div className={classes.panelBody}><EmptyState heading={3} title="No step is chosen">Choose a step to see its settings, or drag one from the left.</EmptyState></div>;
  return <Step key={node.id} node={node} />;
};

const Step = ({ node }: { node: FlowNode }) => {
  const { flow, types, problems, store, saver, run } = useEditor();
  const type = types.get(node.type);
  const { icon: FamilyIcon, tone } = lookOf(type?.family);
  const own = problems.filter((problem) => problem.node === node.id && problem.code !== 'node-unsupported');
  const ran = run.steps.find((step) => step.node === node.id);
  const unsupported = type === undefined || node.type === UNSUPPORTED;
  return (
    <div className={classes.panelBody}>
      <div className={classes.stepHead} data-tone={tone}>
        <span className={classes.stepTile} aria-hidden><FamilyIcon size={20} stroke={1.75} /></span>
        <div className={classes.stepWords}><Text fw={600}>{type?.title ?? node.type}</Text><Text size="xs" c="dimmed">{type?.description ?? 'This kind of step does not exist here.'}</Text></div>
        <Group gap={0} wrap="nowrap">
          <Tooltip label="Duplicate"><ActionIcon aria-label="Duplicate" onClick={() => { const { flow: next, ids } = paste(flow, partOf(flow, [node.id])); store.edit(() => next, { select: ids }); }}><IconCopy size={16} /></ActionIcon></Tooltip>
          <Tooltip label="Delete"><ActionIcon aria-label="Delete" onClick={() => { store.edit((one) => removeNodes(one, [node.id])); }}><IconTrash size={16} /></ActionIcon></Tooltip>
        </Group>
      </div>
      {own.map(({ code, severity, message }) => <Alert key={`${code} ${message}`} color={severity === 'error' ? 'red' : 'amber'} className={classes.alert} p="xs"><Text size="sm" className={classes.lines}>{message}</Text></Alert>)}
      {unsupported && <Unsupported node={node} />}
      <TextInput label="Name" value={node.name} maxLength={200} onChange={(event) => { const name = event.currentTarget.value; store.edit((one) => renameNode(one, node.id, name), { about: `name of ${node.id}` }); }} />
      {!unsupported && (
        <>
          <StepSettings node={node} schema={type.config} onChange={(config) => { store.edit((one) => configureNode(one, node.id, config), { about: `settings of ${node.id}` }); }} onSave={saver.flush} />
          {type.expressions && <Text size="xs" c="dimmed">Texts may hold expressions such as <code>{'{{ steps.name.text }}'}</code>.</Text>}
        </>
      )}
      <StepConnections node={node} />
      {!unsupported && <StepParameters node={node} schema={type.config} />}
      {!unsupported && <Failure node={node} />}
      {ran !== undefined && <section className={classes.group} aria-label="In the last test run"><h3 className={classes.groupTitle}>In the last test run</h3><RunDetails step={ran} /></section>}
    </div>
  );
};

/** Why a step of the file does not run, and what could stand in its place. */
const Unsupported = ({ node }: { node: FlowNode }) => {
  const { report, catalogue, store } = useEditor();
  const said = report?.nodes.all.find(({ id }) => id === node.id);
  const reason = said?.reason ?? 'It has no counterpart here.';
  const closest = closestTypes([node.name, said?.type ?? '', typeof node.config.originalType === 'string' ? node.config.originalType : '', said?.substitute ?? ''].join(' '), catalogue);
  return (
    <Alert color="amber" className={classes.alert} p="sm" title={said === undefined ? 'This step does not run here' : `${said.type} does not run here`}>
      <Text size="sm">{reason}</Text>
      {said?.substitute != null && <Text size="sm" mt={4}>Closest: {said.substitute}</Text>}
      {closest.length > 0 && (
        <Group gap={6} mt="xs" align="center">
          <Text size="xs" c="dimmed">Replace with</Text>
          {closest.map((type) => <Button key={type.type} size="compact-xs" variant="default" leftSection={<IconReplace size={12} />} onClick={() => { store.edit((one) => replaceNode(one, node.id, type)); }}>{type.title}</Button>)}
        </Group>
      )}
    </Alert>
  );
};

const FAILURE_WORDS = [
  { value: 'stop', label: 'Stop the run' }, { value: 'continue', label: 'Go on with what came in' }, { value: 'route', label: 'Go on at the port “error”' },
] as const;

const Failure = ({ node }: { node: FlowNode }) => {
  const { store } = useEditor();
  const policy = node.onFailure ?? FailurePolicy.parse({});
  const change = (patch: Record<string, unknown>) => { store.edit((one) => setFailure(one, node.id, FailurePolicy.parse({ ...policy, ...patch })), { about: `failure of ${node.id}` }); };
  const goOn = (action: string | null) => { change({ action: action ?? policy.action }); };
  return (
    <section className={classes.group} aria-label="If it fails">
      <h3 className={classes.groupTitle}>If it fails</h3>
      <Select size="xs" aria-label="If it fails" data={FAILURE_WORDS.map((word) => ({ ...word }))} value={policy.action} allowDeselect={false} onChange={goOn} />
      <Group grow gap="xs" align="flex-start">
        <NumberInput size="xs" label="Tries again" min={0} max={10} value={policy.retries} onChange={(value) => { if (typeof value === 'number') change({ retries: Math.min(10, Math.max(0, Math.round(value))) }); }} />
        {policy.retries > 0 && <NumberInput size="xs" label="First after" suffix=" ms" min={0} max={60_000} step={500} value={policy.retryWaitMs} onChange={(value) => { if (typeof value === 'number') change({ retryWaitMs: Math.min(60_000, Math.max(0, Math.round(value))) }); }} />}
      </Group>
    </section>
  );
};
