import type { Icon } from '@tabler/icons-react';
import type { RouteComponent } from '@tanstack/react-router';
import type { Role } from '#platform/contract/endpoint.ts';

/**
 * One screen of the product and its address. A screen without a `component` does not exist yet: it gets no route and no
 * navigation entry. To add one, write it in its module and name it here:
 * `component: lazyRouteComponent(() => …the module's `web/marketplace.tsx`…, 'Marketplace')`, as `routes/public.tsx` shows.
 */
export interface Screen {
  /** With `$name` for each part a screen reads through `useRouteParam(name)`. */
  path: string;
  /** Further addresses of the same screen (deep links of its tabs). */
  aliases?: readonly string[];
  /** In the navigation, the command palette and the tabs. */
  title: string;
  icon?: Icon;
  /**
   * `main`: the left navigation. A group name such as `subscription`: a tab of the pages of that group. Absent: reached from
   * other screens only.
   */
  nav?: 'main' | 'subscription' | 'offering';
  /** Offered under "Create" in the command palette, with these words. */
  create?: string;
  /** Shown in the navigation from this role on. The server protects; this only saves a useless click. */
  role?: Role;
  /** The frame around it; see `layouts` of the same file. */
  within?: string;
  component?: RouteComponent;
}

/** A frame that several screens share, such as the heading and tabs of one product. */
export interface Layout { id: string; component?: RouteComponent }

/** The screens that exist. */
export const existing = (screens: readonly Screen[]): readonly Screen[] => screens.filter((screen) => screen.component !== undefined);

/** `/organizations/$org` with the parameters filled in; null if one is missing. */
export const fillScreenPath = (path: string, params: Readonly<Record<string, string | undefined>>): string | null => {
  let complete = true;
  const filled = path.replace(/\$([a-zA-Z]+)/g, (_, name: string) => {
    const value = params[name];
    if (value === undefined) complete = false;
    return encodeURIComponent(value ?? '');
  });
  if (!complete) return null;
  return filled.endsWith('/') ? filled : `${filled}/`;
};
