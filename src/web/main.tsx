import './styles/core.css';
import './styles/base.css';
import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { onUnauthenticated } from './api/call-endpoint.ts';
import { ApiProblem } from './api/problem.ts';
import { createAppRouter } from './router.tsx';
import { meQuery } from './session/session.ts';
import { cssVariables, theme } from './theme.ts';

const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      // What the server refused it will refuse again; only a lost connection or a busy server is worth another try.
      retry: (count, error) => count < 2 && error instanceof ApiProblem && (error.kind === 'network' || error.status >= 502),
    },
  },
});

// A session that ended elsewhere: ask again who we are, and the pages follow.
onUnauthenticated(() => { void queryClient.invalidateQueries({ queryKey: meQuery().queryKey }); });
void queryClient.prefetchQuery(meQuery());

const router = createAppRouter(queryClient);
// The same key as in public/boot.js, which sets the scheme before the first paint.
const colorSchemeManager = localStorageColorSchemeManager({ key: 'color-scheme' });

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no root');
createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto" colorSchemeManager={colorSchemeManager}>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
