import { Text, UnstyledButton } from '@mantine/core';
import { IconAlertTriangle, IconBulb, IconCircleCheck, IconCircleX } from '@tabler/icons-react';
import { EmptyState } from '#web/kit/states.tsx';
import { useEditor } from './editor-context.ts';
import classes from './editor.module.css';

const ICONS = { error: IconCircleX, warning: IconAlertTriangle, hint: IconBulb } as const;

/** What keeps the flow from running, worst first; each leads to its step. */
export const ProblemsPanel = () => {
  const { problems, flow, types, jump } = useEditor();
  if (problems.length === 0) return <div className={classes.panelBody}><EmptyState heading={3} icon={<IconCircleCheck size={32} stroke={1.5} />} title="Nothing is wrong">The flow can run from its start to its answer.</EmptyState></div>;
  const nameOf = (id: string) => { const node = flow.nodes.find((candidate) => candidate.id === id); return node?.name || types.get(node?.type ?? '')?.title || id; };
  return (
    <ul className={classes.problems} aria-label="Problems">
      {problems.map(({ code, node, severity, message }) => {
        const SeverityIcon = ICONS[severity];
        const body = <><SeverityIcon size={16} aria-label={severity} /><span><span className={classes.lines}>{message}</span>{node !== null && <Text component="span" size="xs" c="dimmed" display="block">{nameOf(node)}</Text>}</span></>;
        return (
          <li key={`${code} ${node} ${message}`}>
            {node === null ? <div className={classes.problem} data-severity={severity}>{body}</div> : <UnstyledButton className={classes.problem} data-severity={severity} onClick={() => { jump(node); }}>{body}</UnstyledButton>}
          </li>
        );
      })}
    </ul>
  );
};
