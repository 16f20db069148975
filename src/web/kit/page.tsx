import { Breadcrumbs, Text, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { useBrandName } from '#web/session/session.ts';
import { TextLink } from './link.tsx';
import classes from './page.module.css';

export interface Crumb { label: string; to: string }

/**
 * The frame of a console screen: where one is, its name, one primary action.
 * `narrow` is for forms and text; a screen's tabs go into `tabs`.
 */
export const Page = ({ title, breadcrumbs = [], action, secondary, description, mark, tabs, narrow = false, children }: {
  title: string;
  breadcrumbs?: readonly Crumb[];
  /** The one thing this screen is for. */
  action?: ReactNode;
  /** Further actions, before the primary one. */
  secondary?: ReactNode;
  description?: ReactNode;
  /** A picture beside the title. */
  mark?: ReactNode;
  tabs?: ReactNode;
  narrow?: boolean;
  children: ReactNode;
}) => {
  useDocumentTitle(`${title} · ${useBrandName()}`);
  return (
    <div className={classes.page} data-narrow={narrow || undefined}>
      <header>
        {breadcrumbs.length > 0 && (
          <Breadcrumbs component="nav" aria-label="Breadcrumb" separatorMargin={6} mb={4} className={classes.crumbs}>
            {breadcrumbs.map((crumb) => <TextLink key={crumb.to} to={crumb.to} c="dimmed">{crumb.label}</TextLink>)}
            <Text c="dimmed" aria-current="page">{title}</Text>
          </Breadcrumbs>
        )}
        <div className={classes.head}>
          <div className={classes.name}>
            {mark}
            <div>
              <Title order={1}>{title}</Title>
              {description !== undefined && <Text c="dimmed" component="div">{description}</Text>}
            </div>
          </div>
          {(action !== undefined || secondary !== undefined) && <div className={classes.actions}>{secondary}{action}</div>}
        </div>
        {tabs !== undefined && <div className={classes.tabs}>{tabs}</div>}
      </header>
      {children}
    </div>
  );
};
