import { IconChartBar, IconHome, IconPackage, IconReceipt, IconSettings, IconUsers } from '@tabler/icons-react';
import type { Layout, Screen } from './screen.ts';

const OFFERING = '/providers/$provider/offerings/$product';

/** Frames of the seller's screens. `offering`: heading and tabs of one product. */
export const sellerLayouts: readonly Layout[] = [
  { id: 'offering' },
];

/** The seller's screens, in the order of the navigation (003 section 6.2). */
export const sellerScreens: readonly Screen[] = [
  { path: '/providers/$provider/dashboard', title: 'Dashboard', icon: IconHome, nav: 'main' },
  { path: '/providers/$provider/offerings', aliases: ['/providers/$provider/agents'], title: 'My products', icon: IconPackage, nav: 'main' },
  { path: '/providers/$provider/orders', title: 'Orders', icon: IconReceipt, nav: 'main' },
  { path: '/providers/$provider/organizations', title: 'Customers', icon: IconUsers, nav: 'main' },
  { path: '/providers/$provider/revenue', title: 'Revenue', icon: IconChartBar, nav: 'main' },
  { path: '/providers/$provider/settings', title: 'Settings', icon: IconSettings, nav: 'main' },
  { path: '/providers/$provider/agents/create', title: 'Create a product', create: 'Product' },

  { path: OFFERING, aliases: ['/providers/$provider/agents/$product'], title: 'Overview', nav: 'offering', within: 'offering' },
  { path: `${OFFERING}/plans`, title: 'Plans', nav: 'offering', within: 'offering' },
  { path: `${OFFERING}/versions`, aliases: ['/providers/$provider/agents/$product/versions'], title: 'Versions', nav: 'offering', within: 'offering' },
  { path: `${OFFERING}/analytics`, aliases: ['/providers/$provider/agents/$product/analytics'], title: 'Analytics', nav: 'offering', within: 'offering' },
];
