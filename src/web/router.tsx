import type { QueryClient } from '@tanstack/react-query';
import type { Me } from '#modules/identity/contract.ts';
import {
  createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent, Outlet, redirect, type AnyRoute,
} from '@tanstack/react-router';
import { buyerLayouts, buyerScreens } from './routes/buyer.tsx';
import { operatorScreens } from './routes/operator.tsx';
import { moduleSources } from './routes/palette-sources.ts';
import { publicScreens } from './routes/public.tsx';
import { existing, type Layout, type Screen } from './routes/screen.ts';
import { sellerLayouts, sellerScreens } from './routes/seller.tsx';
import { actFor, meQuery } from './session/session.ts';
import { NotFound, ScreenFailed, ScreenPending } from './shell/fallbacks.tsx';
import { NavigationContext } from './shell/navigation.ts';
import { Overlays } from './shell/overlays.tsx';
import { setPaletteSources } from './shell/palette-source.ts';
import { PublicLayout } from './shell/public-layout.tsx';
import { Toasts } from './kit/toast.tsx';
import { parseSearch, stringifySearch } from './url/search-text.ts';

const navigation = { public: existing(publicScreens), buyer: existing(buyerScreens), seller: existing(sellerScreens), operator: existing(operatorScreens) };

const Root = () => (
  <NavigationContext value={navigation}>
    <a href="#content" className="skip-link">Skip to content</a>
    <Outlet />
    <Overlays />
    <Toasts />
  </NavigationContext>
);

const rootRoute = createRootRouteWithContext<{ queryClient: QueryClient }>()({ component: Root });

const publicRoute = createRoute({
  getParentRoute: () => rootRoute, id: 'public', component: PublicLayout,
  beforeLoad: async ({ context, params }) => {
    // The storefront does not wait for the session; what is known already decides for whom calls are made.
    const me = context.queryClient.getQueryData<Me>(meQuery().queryKey);
    if (me !== undefined) actFor(me, params);
  },
});

const consoleRoute = createRoute({
  getParentRoute: () => rootRoute, id: 'console', component: lazyRouteComponent(() => import('./shell/console-layout.tsx'), 'ConsoleLayout'),
  beforeLoad: async ({ context, params, location }) => {
    const me = await context.queryClient.ensureQueryData(meQuery());
    // oxlint-disable-next-line typescript/only-throw-error -- how this router is told to go elsewhere
    if (me.user === null) throw redirect({ to: '/login', search: { next: location.href } as never });
    actFor(me, params);
  },
  search: {
    // The chosen project stays while one moves about; an empty value takes it out again.
    middlewares: [({ search, next }: { search: Record<string, unknown>; next: (search: Record<string, unknown>) => Record<string, unknown> }) => {
      const result = next(search);
      return 'project' in result || search.project === undefined ? result : { ...result, project: search.project };
    }],
  },
});

const routesOf = (parent: AnyRoute, screens: readonly Screen[]): AnyRoute[] =>
  screens.flatMap((screen) => [screen.path, ...(screen.aliases ?? [])].map((path) => createRoute({ getParentRoute: () => parent, path, component: screen.component })));

/** The console's routes: those of a group sit inside its frame, if the frame exists. */
const grouped = (screens: readonly Screen[], layouts: readonly Layout[]): AnyRoute[] => {
  const framed = layouts.filter(({ component }) => component !== undefined);
  const inside = (screen: Screen) => framed.find(({ id }) => id === screen.within);
  return [
    ...routesOf(consoleRoute, screens.filter((screen) => inside(screen) === undefined)),
    ...framed.map((layout) => {
      const frame: AnyRoute = createRoute({ getParentRoute: () => consoleRoute, id: layout.id, component: layout.component });
      return frame.addChildren(routesOf(frame, screens.filter((screen) => inside(screen) === layout)));
    }),
  ];
};

/** Puts the screens of all modules under one roof. */
export const createAppRouter = (queryClient: QueryClient) => {
  setPaletteSources(moduleSources);
  const routeTree = rootRoute.addChildren([
    publicRoute.addChildren([...routesOf(publicRoute, navigation.public), createRoute({ getParentRoute: () => publicRoute, path: '$', component: NotFound })]),
    consoleRoute.addChildren([...grouped(navigation.buyer, buyerLayouts), ...grouped(navigation.seller, sellerLayouts), ...grouped(navigation.operator, [])]),
  ]);
  return createRouter({
    routeTree, context: { queryClient },
    // Addresses work with and without the slash at their end, and keep the form they were given.
    trailingSlash: 'preserve', parseSearch, stringifySearch,
    defaultPreload: 'intent', defaultPreloadStaleTime: 0, scrollRestoration: true,
    defaultNotFoundComponent: NotFound, defaultErrorComponent: ScreenFailed, defaultPendingComponent: ScreenPending, defaultPendingMs: 100, defaultPendingMinMs: 0,
  });
};
