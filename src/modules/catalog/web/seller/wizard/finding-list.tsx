import { Text, UnstyledButton } from '@mantine/core';
import { IconAlertCircle, IconAlertTriangle, IconBulb } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { DraftFinding } from '../../../contract.ts';
import classes from './wizard.module.css';

const ICONS = { error: IconAlertCircle, warning: IconAlertTriangle, hint: IconBulb } as const;

/** What was found about a draft, worst first; each leads to its place if `onGo` is given. `where` names the place. */
export const FindingList = ({ findings, onGo, where }: {
  findings: readonly DraftFinding[]; onGo?: (finding: DraftFinding) => void; where?: (finding: DraftFinding) => string;
}) => (
  <ul className={classes.findings}>
    {findings.map((finding) => {
      const SeverityIcon = ICONS[finding.severity];
      const place = where?.(finding) ?? '';
      const content: ReactNode = (
        <>
          <SeverityIcon size={16} aria-label={finding.severity} />
          <span>{place !== '' && <span className={classes.where}>{place}: </span>}{finding.message}</span>
        </>
      );
      return (
        <li key={`${finding.severity} ${finding.path} ${finding.message}`}>
          {onGo === undefined
            ? <div className={classes.finding} data-severity={finding.severity}>{content}</div>
            : <UnstyledButton className={classes.finding} data-severity={finding.severity} onClick={() => { onGo(finding); }}>{content}</UnstyledButton>}
        </li>
      );
    })}
  </ul>
);

/** The same in a frame, with a heading; nothing where there is nothing. */
export const Findings = ({ title, ...rest }: { title: string } & Parameters<typeof FindingList>[0]) => (rest.findings.length === 0 ? null : (
  <section className={classes.notes} aria-label={title}>
    <Text fw={600} mb={4}>{title}</Text>
    <FindingList {...rest} />
  </section>
));
