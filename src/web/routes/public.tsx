import { lazyRouteComponent } from '@tanstack/react-router';
import type { Screen } from './screen.ts';

/** The storefront and what works without signing in. */
export const publicScreens: readonly Screen[] = [
  { path: '/', title: 'Start' },
  { path: '/marketplace', title: 'Marketplace' },
  { path: '/marketplace-category/$slug', title: 'Category' },
  { path: '/marketplace-public-offering/$id', title: 'Product' },
  { path: '/marketplace-provider/$provider', title: 'Provider' },
  { path: '/checkout/$productId', title: 'Checkout' },
  { path: '/login', title: 'Sign in', component: lazyRouteComponent(() => import('#web/session/sign-in.tsx'), 'SignIn') },
  { path: '/register', title: 'Create account', component: lazyRouteComponent(() => import('#web/session/sign-in.tsx'), 'SignUp') },
  {
    path: '/accept-invitation/$invitation', title: 'Invitation',
    component: lazyRouteComponent(() => import('#web/session/accept-invitation.tsx'), 'AcceptInvitation'),
  },
];
