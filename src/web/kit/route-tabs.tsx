import { useLocation } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { PlainLink } from './link.tsx';
import classes from './route-tabs.module.css';

export interface RouteTab { label: string; to: string; /** Further paths on which this tab is the current one. */ also?: readonly string[] }

const same = (a: string, b: string) => a.replace(/\/$/, '') === b.replace(/\/$/, '');

/** Tabs that are addresses: each is a link, Back works, the current one is the one of the address. */
export const RouteTabs = ({ tabs, label }: { tabs: readonly RouteTab[]; label: string }) => {
  const { pathname } = useLocation();
  const row = useRef<HTMLElement>(null);
  // Where the row is longer than the screen, the current tab is the one to see.
  useEffect(() => { row.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' }); }, [pathname]);
  return (
    <nav ref={row} className={classes.tabs} aria-label={label}>
      {tabs.map((tab) => {
        const current = [tab.to, ...(tab.also ?? [])].some((path) => same(path.split('?')[0] ?? '', pathname));
        return <PlainLink key={tab.to} to={tab.to} className={classes.tab} aria-current={current ? 'page' : undefined} data-current={current || undefined}>{tab.label}</PlainLink>;
      })}
    </nav>
  );
};
