import '@mantine/spotlight/styles.layer.css';
import { Spotlight, type SpotlightActionGroupData } from '@mantine/spotlight';
import { useDebouncedValue } from '@mantine/hooks';
import { IconBuilding, IconBuildingStore, IconPlus, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { CATEGORIES } from '#web/kit/category.tsx';
import { routeTarget } from '#web/kit/link.tsx';
import { useSession } from '#web/session/session.ts';
import { buyerPaths, publicPaths } from '#web/url/paths.ts';
import { usePersonaEntries, type NavigationEntry } from './navigation.ts';
import { paletteSources } from './palette-source.ts';

const HITS_MAX = 5;

/** Go to, create, switch organization, search: one box. Opens each time `asked` grows. */
export const CommandPalette = ({ asked }: { asked: number }) => {
  const navigate = useNavigate();
  const session = useSession();
  const [query, setQuery] = useState('');
  useEffect(() => { Spotlight.open(); }, [asked]);
  const go = (to: string) => {
    const target = routeTarget(to);
    void navigate({ to: target.to, search: target.search as never, hash: target.hash });
  };
  const found = useFound(query);
  const groups: SpotlightActionGroupData[] = [
    ...found.map(({ label, hits }) => ({
      group: label,
      // The words searched for stand in the keywords: the server has matched already, the palette must not drop the hit.
      actions: hits.map((hit) => ({ id: hit.id, label: hit.label, description: hit.description, keywords: query, onClick: () => { go(hit.to); } })),
    })),
    ...useGoGroups(go),
    {
      group: 'Switch organization',
      actions: session.organizations.filter(({ id }) => id !== session.organization?.id).map(({ id, name }) => ({
        id: `organization-${id}`, label: name, leftSection: <IconBuilding size={18} />, onClick: () => { go(buyerPaths.home(id)); },
      })),
    },
  ].filter(({ actions }) => actions.length > 0);
  return (
    <Spotlight
      actions={groups} query={query} onQueryChange={setQuery} nothingFound="Nothing found" shortcut={null} scrollable maxHeight={440} limit={40}
      clearQueryOnClose searchProps={{ leftSection: <IconSearch size={18} />, placeholder: 'Go to, create, search', 'aria-label': 'Go to, create, search' }}
    />
  );
};

const useGoGroups = (go: (to: string) => void): SpotlightActionGroupData[] => {
  const action = ({ title, to, icon: EntryIcon }: NavigationEntry) => ({ id: to, label: title, leftSection: EntryIcon && <EntryIcon size={18} />, onClick: () => { go(to); } });
  const created = (entries: readonly NavigationEntry[]) => entries.map((entry) => action({ ...entry, title: `Create ${(entry.create ?? entry.title).toLowerCase()}`, icon: IconPlus }));
  const buying = usePersonaEntries('buyer');
  const selling = usePersonaEntries('seller');
  const operating = usePersonaEntries('operator');
  const creates = [...usePersonaEntries('buyer', ({ create }) => create !== undefined), ...usePersonaEntries('seller', ({ create }) => create !== undefined)];
  const { user } = useSession();
  const store = [
    { title: 'Marketplace', to: publicPaths.marketplace(), icon: IconBuildingStore },
    ...Object.values(CATEGORIES).map(({ plural, slug, icon }) => ({ title: plural, to: publicPaths.marketplace(slug), icon })),
  ];
  return [
    { group: 'Create', actions: created(creates) },
    { group: 'Buying', actions: buying.map(action) },
    { group: 'Selling', actions: selling.map(action) },
    { group: 'Operating', actions: user?.operator === true ? operating.map(action) : [] },
    { group: 'Marketplace', actions: store.map(action) },
  ];
};

const useFound = (query: string) => {
  const session = useSession();
  const [settled] = useDebouncedValue(query.trim(), 200);
  const { data } = useQuery({
    queryKey: ['palette', session.organization?.id ?? null, settled],
    enabled: settled.length >= 2 && paletteSources().length > 0,
    queryFn: async ({ signal }) => {
      const answers = await Promise.allSettled(paletteSources().map((source) => source.search(settled, session, signal)));
      return answers.flatMap((answer, index) => (answer.status === 'fulfilled' ? [{ label: paletteSources()[index]?.label ?? '', hits: answer.value.slice(0, HITS_MAX) }] : []));
    },
  });
  return data ?? [];
};
