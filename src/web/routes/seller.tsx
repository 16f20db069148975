import { IconChartBar, IconHome, IconPackage, IconPlug, IconReceipt, IconSettings, IconUsers } from '@tabler/icons-react';
import { lazyRouteComponent } from '@tanstack/react-router';
import type { Layout, Screen } from './screen.ts';

const OFFERING = '/providers/$provider/offerings/$product';

/** Frames of the seller's screens. `offering`: heading and tabs of one product. */
export const sellerLayouts: readonly Layout[] = [
  { id: 'offering', component: lazyRouteComponent(() => import('#modules/catalog/web/seller/offering-layout.tsx'), 'OfferingLayout') },
];

/** The seller's screens, in the order of the navigation (003 section 6.2). */
export const sellerScreens: readonly Screen[] = [
  { path: '/providers/$provider/dashboard', title: 'Dashboard', icon: IconHome, nav: 'main', component: lazyRouteComponent(() => import('#modules/analytics/web/seller/dashboard.tsx'), 'SellerDashboard') },
  { path: '/providers/$provider/offerings', aliases: ['/providers/$provider/agents'], title: 'My products', icon: IconPackage, nav: 'main', component: lazyRouteComponent(() => import('#modules/catalog/web/seller/product-list.tsx'), 'ProductList') },
  { path: '/providers/$provider/orders', title: 'Orders', icon: IconReceipt, nav: 'main', component: lazyRouteComponent(() => import('#modules/analytics/web/seller/orders.tsx'), 'SellerOrders') },
  { path: '/providers/$provider/organizations', title: 'Customers', icon: IconUsers, nav: 'main', component: lazyRouteComponent(() => import('#modules/analytics/web/seller/customers.tsx'), 'SellerCustomers') },
  { path: '/providers/$provider/revenue', title: 'Revenue', icon: IconChartBar, nav: 'main', component: lazyRouteComponent(() => import('#modules/analytics/web/seller/revenue-page.tsx'), 'SellerRevenue') },
  { path: '/providers/$provider/connections', title: 'Connections', icon: IconPlug, nav: 'main', component: lazyRouteComponent(() => import('#modules/connections/web/connection-list.tsx'), 'ConnectionList') },
  { path: '/providers/$provider/settings', title: 'Settings', icon: IconSettings, nav: 'main', component: lazyRouteComponent(() => import('#modules/identity/web/provider-settings.tsx'), 'ProviderSettings') },
  { path: '/providers/$provider/agents/create', title: 'Create a product', create: 'Product', component: lazyRouteComponent(() => import('#modules/catalog/web/seller/wizard/create-product.tsx'), 'CreateProduct') },

  { path: `${OFFERING}/flow/edit`, aliases: ['/providers/$provider/agents/$product/flow/edit'], title: 'Flow', component: lazyRouteComponent(() => import('#modules/catalog/web/seller/flow-editor/flow-editor.tsx'), 'FlowEditor') },
  { path: OFFERING, aliases: ['/providers/$provider/agents/$product'], title: 'Overview', nav: 'offering', within: 'offering', component: lazyRouteComponent(() => import('#modules/catalog/web/seller/offering-overview.tsx'), 'OfferingOverview') },
  { path: `${OFFERING}/plans`, title: 'Plans', nav: 'offering', within: 'offering', component: lazyRouteComponent(() => import('#modules/catalog/web/seller/offering-plans.tsx'), 'OfferingPlans') },
  { path: `${OFFERING}/versions`, aliases: ['/providers/$provider/agents/$product/versions'], title: 'Versions', nav: 'offering', within: 'offering', component: lazyRouteComponent(() => import('#modules/catalog/web/seller/offering-versions.tsx'), 'OfferingVersions') },
  { path: `${OFFERING}/analytics`, aliases: ['/providers/$provider/agents/$product/analytics'], title: 'Analytics', nav: 'offering', within: 'offering', component: lazyRouteComponent(() => import('#modules/analytics/web/seller/product-analytics.tsx'), 'ProductAnalytics') },
];
