import { RouteTabs } from '#web/kit/route-tabs.tsx';
import type { Screen } from '#web/routes/screen.ts';
import { useGroupEntries } from './navigation.ts';

/** The tabs of a group of screens, e.g. `<GroupTabs group="subscription" label="Product" />`. `also` adds the deep links of a tab, by its title. */
export const GroupTabs = ({ group, label, also = {} }: { group: NonNullable<Screen['nav']>; label: string; also?: Readonly<Record<string, readonly string[]>> }) => (
  <RouteTabs label={label} tabs={useGroupEntries(group).map(({ title, to }) => ({ label: title, to, also: also[title] }))} />
);
