import { Anchor, Button, type AnchorProps, type ButtonProps } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode, Ref } from 'react';

interface LinkTarget {
  /** A path of this site; build it with `#web/url/paths.ts`. */
  to: string;
  replace?: boolean;
  children?: ReactNode;
  className?: string;
  'aria-label'?: string;
  onClick?: () => void;
}

/** Splits `/a/?b=1#c` into what the router takes apart. */
export const routeTarget = (to: string): { to: string; search: Record<string, unknown>; hash?: string } => {
  const url = new URL(to, 'https://here.invalid');
  return { to: url.pathname, search: Object.fromEntries(url.searchParams), hash: url.hash === '' ? undefined : url.hash.slice(1) };
};

/** The router's link with an address as one string; unstyled, for cards and rows. */
export const PlainLink = ({ to, ref, ...rest }: LinkTarget & { ref?: Ref<HTMLAnchorElement>; title?: string; role?: string; 'aria-current'?: 'page'; 'data-current'?: true }) => {
  const target = routeTarget(to);
  // No tree of routes is registered with the types (screens come from the modules), so the router's search type is unknown.
  // The router would mark a link as current for every page below it; who draws a navigation decides that here.
  return <Link {...rest} ref={ref} to={target.to} search={target.search as never} hash={target.hash} activeOptions={{ exact: true, includeSearch: true }} activeProps={{}} />;
};

/** A text link inside the application. */
export const TextLink = (props: LinkTarget & Omit<AnchorProps, 'children' | 'className'>) => <Anchor component={PlainLink} {...props} />;

/** A button that leads somewhere. */
export const LinkButton = (props: LinkTarget & Omit<ButtonProps, 'children' | 'className'>) => <Button component={PlainLink} {...props} />;
