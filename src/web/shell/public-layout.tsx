import { TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { Outlet, useLocation, useNavigate } from '@tanstack/react-router';
import { useEffect, useState, type FormEvent } from 'react';
import { CATEGORIES } from '#web/kit/category.tsx';
import { LinkButton, PlainLink } from '#web/kit/link.tsx';
import { useSession } from '#web/session/session.ts';
import { publicPaths } from '#web/url/paths.ts';
import { useRawSearch } from '#web/url/search-state.ts';
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

const Search = () => {
  const raw = useRawSearch();
  const given = typeof raw.q === 'string' ? raw.q : '';
  const [text, setText] = useState(given);
  useEffect(() => { setText(given); }, [given]);
  const navigate = useNavigate();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const category = typeof raw.category === 'string' ? raw.category : undefined;
    void navigate({ to: '/marketplace/', search: { q: text.trim(), category } as never });
  };
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
  const slug = /^\/marketplace-category\/([^/]+)/.exec(pathname)?.[1] ?? (/^\/marketplace\/?$/.test(pathname) ? raw.category ?? 'all' : null);
  const tabs = [{ label: 'All', slug: 'all', to: publicPaths.marketplace() }, ...Object.values(CATEGORIES).map((category) => ({ label: category.plural, slug: category.slug, to: publicPaths.marketplace(category.slug) }))];
  return (
    <nav className={classes.categories} aria-label="Categories">
      {tabs.map((tab) => <PlainLink key={tab.slug} to={tab.to} className={classes.category} aria-current={slug === tab.slug ? 'page' : undefined} data-current={slug === tab.slug || undefined}>{tab.label}</PlainLink>)}
    </nav>
  );
};
