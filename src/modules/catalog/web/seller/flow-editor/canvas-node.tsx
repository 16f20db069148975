import { IconAlertTriangle, IconCheck, IconCircleX, IconPlayerSkipForward, IconX } from '@tabler/icons-react';
import { Handle, Position, type Node, type NodeProps } from '@xyflow/react';
import { memo } from 'react';
import { formatDuration, formatNumber } from '#web/kit/format.ts';
import { words } from '#web/form/form-model.ts';
import { lookOf } from './family-look.ts';
import type { ShownPort } from './model/port-rules.ts';
import type { RunStep } from './model/run-steps.ts';
import classes from './canvas.module.css';

export interface StepData extends Record<string, unknown> {
  name: string;
  kind: string;
  family: string | undefined;
  inputs: readonly ShownPort[];
  outputs: readonly ShownPort[];
  /** Input ports nothing is connected to although they need something. */
  problem: { severity: 'error' | 'warning' | 'hint'; text: string } | null;
  unsupported: string | null;
  run: RunStep | null;
}
export type StepNode = Node<StepData, 'step'>;

const RUN_ICONS = { succeeded: IconCheck, failed: IconX, skipped: IconPlayerSkipForward } as const;
const isKnownStatus = (status: string): status is keyof typeof RUN_ICONS => Object.hasOwn(RUN_ICONS, status);

/** A step as a card: what it is, its ports, what is wrong with it, and what it did in the last test run. */
export const CanvasNode = memo(({ data, selected }: NodeProps<StepNode>) => {
  const { icon: FamilyIcon, tone } = lookOf(data.family);
  const unsupported = data.unsupported !== null;
  return (
    <div className={classes.node} data-tone={tone} data-selected={selected || undefined} data-unsupported={unsupported || undefined} data-problem={data.problem?.severity} data-run={data.run?.status}>
      <div className={classes.head}>
        <span className={classes.tile} aria-hidden><FamilyIcon size={18} stroke={1.75} /></span>
        <span className={classes.names}>
          <span className={classes.name}>{data.name}</span>
          <span className={classes.kind}>{data.kind}</span>
        </span>
        {data.problem !== null && data.problem.severity !== 'hint' && (
          <span className={classes.badge} data-severity={data.problem.severity} title={data.problem.text}>{data.problem.severity === 'error' ? <IconCircleX size={16} aria-label="Wrong" /> : <IconAlertTriangle size={16} aria-label="Needs attention" />}</span>
        )}
      </div>
      {unsupported && <div className={classes.reason}>{data.unsupported}</div>}
      <div className={classes.ports}>
        <div>{data.inputs.map((port) => <Port key={port.name} port={port} side="input" />)}</div>
        <div>{data.outputs.map((port) => <Port key={port.name} port={port} side="output" />)}</div>
      </div>
      {data.run !== null && <RunFoot run={data.run} />}
    </div>
  );
});
CanvasNode.displayName = 'CanvasNode';

const Port = ({ port, side }: { port: ShownPort; side: 'input' | 'output' }) => (
  <div className={classes.port} data-side={side} data-lost={port.lost || undefined} title={port.lost ? 'This port is gone' : undefined}>
    <Handle id={port.name} type={side === 'input' ? 'target' : 'source'} position={side === 'input' ? Position.Left : Position.Right} className={classes.handle} data-carries={port.carries} isConnectableStart={!port.lost} isConnectableEnd={!port.lost} />
    <span className={classes.portName}>{words(port.name)}{port.required && <span className={classes.required} title="Has to be connected">*</span>}</span>
  </div>
);

const RunFoot = ({ run }: { run: RunStep }) => {
  const StatusIcon = isKnownStatus(run.status) ? RUN_ICONS[run.status] : IconPlayerSkipForward;
  return (
    <div className={classes.foot} data-run={run.status}>
      <StatusIcon size={14} aria-label={run.status} />
      <span className={classes.footText}>{run.error ?? (run.status === 'skipped' ? 'Not taken' : run.status === 'cancelled' ? 'Not reached' : formatDuration(run.durationMs))}</span>
      {run.error === null && run.passes > 1 && <span>{run.passes}×</span>}
      {run.tokens > 0 && <span>{formatNumber(run.tokens)} tokens</span>}
    </div>
  );
};
