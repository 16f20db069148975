import { TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { Outlet, useLocation, useNavigate } from '@tanstack/react-router';
import { useEffect, useEffectEvent, useRef, useState, type FormEvent } from 'react';
import { CATEGORIES } from '#web/kit/category.tsx';
import { LinkButton, PlainLink } from '#web/kit/link.tsx';
import { useSession } from '#web/session/session.ts';
import { publicPaths } from '#web/url/paths.ts';
import { useRawSearch, useSetSearch } from '#web/url/search-state.ts';
import { Brand } from './brand.tsx';
import { usePersonas } from './navigation.ts';
import { SchemeMenu, UserMenu } from './menus.tsx';
import classes from './shell.module.css';

/** The storefront's frame: search, categories, sign-in. */
export const PublicLayout = () => {
  const { pathname } = useLocation();
  const storefront = pathname === '/' || pathname.startsWith('/marketplace');
  return (
    <>
      <header className={classes.top}>
        <div className={classes.topRow}>
          <Brand />
          {storefront && <Search />}
          <div className={classes.topEnd}><Entry /></div>
        </div>
        {storefront && <CategoryTabs />}
      </header>
      <main id="content" tabIndex={-1} className={classes.publicMain}><Outlet /></main>
    </>
  );
};

/** How long a pause in typing starts a search on the pages that show its result. */
const PAUSE_MS = 250;
/** The pages whose list follows the search box while one types. */
const isList = (pathname: string) => /^\/(marketplace(-category\/[^/]+)?\/?)?$/.test(pathname);

const Search = () => {
  const raw = useRawSearch();
  const { pathname } = useLocation();
  const live = isList(pathname);
  const given = live && typeof raw.search === 'string' ? raw.search : '';
  const [text, setText] = useState(given);
  const asked = useRef(given);
  // Only what came from elsewhere (Back, a cleared filter) replaces what is being typed.
  useEffect(() => { if (given !== asked.current) { asked.current = given; setText(given); } }, [given]);
  const navigate = useNavigate();
  const set = useSetSearch();
  const ask = (words: string) => {
    asked.current = words;
    if (live) set({ search: words });
    else void navigate({ to: '/marketplace/', search: { search: words } as never });
  };
  // Made anew with every drawing; only typing starts the clock.
  const askLater = useEffectEvent(ask);
  useEffect(() => {
    if (!live || text.trim() === asked.current) return undefined;
    const timer = setTimeout(() => { askLater(text.trim()); }, PAUSE_MS);
    return () => { clearTimeout(timer); };
  }, [text, live]);
  const submit = (event: FormEvent) => { event.preventDefault(); if (!live || text.trim() !== asked.current) ask(text.trim()); };
  return (
    <form role="search" onSubmit={submit} className={classes.search}>
      <TextInput
        type="search" aria-label="Search the marketplace" placeholder="Search agents, apps, assistants" value={text} leftSection={<IconSearch size={16} />}
        onChange={(event) => { setText(event.currentTarget.value); }}
      />
    </form>
  );
};

const Entry = () => {
  const { user, known } = useSession();
  const console = usePersonas()[0];
  const here = useLocation().href;
  if (!known) return null;
  return (
    <>
      {user === null && <SchemeMenu />}
      {user === null
        ? <LinkButton to={publicPaths.login(/^\/(login|register)/.test(here) ? undefined : here)} variant="default">Sign in</LinkButton>
        : <>{console !== undefined && <LinkButton to={console.to} variant="default" visibleFrom="xs">Console</LinkButton>}<UserMenu /></>}
    </>
  );
};

const CategoryTabs = () => {
  const { pathname } = useLocation();
  const raw = useRawSearch();
  const slug = /^\/marketplace-category\/([^/]+)/.exec(pathname)?.[1] ?? (/^\/(marketplace\/?)?$/.test(pathname) ? raw.category ?? 'all' : null);
  // Another category for the same words.
  const words = isList(pathname) && typeof raw.search === 'string' && raw.search !== '' ? `search=${encodeURIComponent(raw.search)}` : '';
  const to = (path: string) => (words === '' ? path : `${path}${path.includes('?') ? '&' : '?'}${words}`);
  const tabs = [{ label: 'All', slug: 'all', to: to(publicPaths.marketplace()) }, ...Object.values(CATEGORIES).map((category) => ({ label: category.plural, slug: category.slug, to: to(publicPaths.marketplace(category.slug)) }))];
  return (
    <nav className={classes.categories} aria-label="Categories">
      {tabs.map((tab) => <PlainLink key={tab.slug} to={tab.to} className={classes.category} aria-current={slug === tab.slug ? 'page' : undefined} data-current={slug === tab.slug || undefined}>{tab.label}</PlainLink>)}
    </nav>
  );
};
