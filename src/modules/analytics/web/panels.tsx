import { Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { PlainLink } from '#web/kit/link.tsx';
import classes from './analytics.module.css';

/** A framed list with a heading. */
export const Panel = ({ title, more, children }: { title: string; more?: ReactNode; children: ReactNode }) => (
  <section className={classes.panel} aria-label={title}>
    <header className={classes.panelHead}><Title order={2} fz="md">{title}</Title>{more}</header>
    {children}
  </section>
);

/** What stands where a list has no rows. */
export const Quiet = ({ children }: { children: ReactNode }) => <Text className={classes.quiet} component="div">{children}</Text>;

export interface Ranked { key: string; label: string; value: number; shown: string; detail?: string; to?: string }

/** Rows with a bar each, against the largest. */
export const Ranking = ({ rows, empty }: { rows: readonly Ranked[]; empty: string }) => {
  const most = Math.max(1, ...rows.map(({ value }) => value));
  if (rows.length === 0) return <Quiet>{empty}</Quiet>;
  return rows.map(({ key, label, value, shown, detail, to }) => {
    const content = (
      <>
        <Text span truncate>{label}</Text>
        <Text span className="tabular">{shown}{detail !== undefined && <Text span c="dimmed"> {detail}</Text>}</Text>
        <div className={classes.rankBar} aria-hidden><span style={{ width: `${(value / most) * 100}%` }} /></div>
      </>
    );
    return to === undefined ? <div key={key} className={classes.rank}>{content}</div> : <PlainLink key={key} to={to} className={classes.rank}>{content}</PlainLink>;
  });
};

const CHANNELS: Readonly<Record<string, string>> = { api: 'API', console: 'Run page', widget: 'Widget', mcp: 'MCP', demo: 'Demo', websocket: 'WebSocket', graphql: 'GraphQL', automation: 'Automation' };
export const channelLabel = (channel: string): string => CHANNELS[channel] ?? channel.charAt(0).toUpperCase() + channel.slice(1);
