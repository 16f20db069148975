import { lazyRouteComponent } from '@tanstack/react-router';
import type { Screen } from './screen.ts';

/** The storefront and what works without signing in. */
export const publicScreens: readonly Screen[] = [
  { path: '/', aliases: ['/marketplace'], title: 'Marketplace', component: lazyRouteComponent(() => import('./storefront.tsx'), 'MarketplaceScreen') },
  { path: '/marketplace/compare', title: 'Compare', component: lazyRouteComponent(() => import('./storefront-product.tsx'), 'CompareScreen') },
  { path: '/marketplace-category/$slug', title: 'Category', component: lazyRouteComponent(() => import('./storefront.tsx'), 'CategoryScreen') },
  { path: '/marketplace-public-offering/$id', title: 'Product', component: lazyRouteComponent(() => import('./storefront-product.tsx'), 'ProductScreen') },
  { path: '/marketplace-provider/$provider', title: 'Provider' },
  { path: '/checkout/$productId', aliases: ['/resource/$productId/deploy'], title: 'Checkout', component: lazyRouteComponent(() => import('./storefront-product.tsx'), 'CheckoutEntry') },
  { path: '/checkout/pay/$id', title: 'Payment', component: lazyRouteComponent(() => import('#modules/billing/web/pay-page.tsx'), 'PayPage') },
  { path: '/marketplace-order/$order', title: 'Order', component: lazyRouteComponent(() => import('#modules/billing/web/order-confirmation.tsx'), 'OrderConfirmation') },
  { path: '/login', title: 'Sign in', component: lazyRouteComponent(() => import('#web/session/sign-in.tsx'), 'SignIn') },
  { path: '/register', title: 'Create account', component: lazyRouteComponent(() => import('#web/session/sign-in.tsx'), 'SignUp') },
  {
    path: '/accept-invitation/$invitation', title: 'Invitation',
    component: lazyRouteComponent(() => import('#web/session/accept-invitation.tsx'), 'AcceptInvitation'),
  },
];
