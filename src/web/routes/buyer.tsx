import { IconCreditCard, IconHome, IconReceipt, IconRobot, IconSettings, IconUsers } from '@tabler/icons-react';
import { lazyRouteComponent } from '@tanstack/react-router';
import type { Layout, Screen } from './screen.ts';

const SUBSCRIPTION = '/organizations/$org/agents/$sub';

/** Frames of the buyer's screens. `subscription`: heading and tabs of one product. */
export const buyerLayouts: readonly Layout[] = [
  { id: 'subscription' },
];

/** The buyer's screens, in the order of the navigation (003 section 6.1). "Agents" serves all four categories. */
export const buyerScreens: readonly Screen[] = [
  { path: '/organizations/$org', title: 'Home', icon: IconHome, nav: 'main' },
  { path: '/organizations/$org/agents', title: 'My products', icon: IconRobot, nav: 'main' },
  { path: '/organizations/$org/resources', title: 'Subscriptions', icon: IconCreditCard, nav: 'main' },
  { path: '/organizations/$org/orders', title: 'Orders', icon: IconReceipt, nav: 'main' },
  { path: '/organizations/$org/team', title: 'Team', icon: IconUsers, nav: 'main' },
  { path: '/organizations/$org/settings', title: 'Settings', icon: IconSettings, nav: 'main' },
  {
    path: '/organizations/$org/sell', title: 'Start selling', role: 'admin',
    component: lazyRouteComponent(() => import('#web/session/become-provider.tsx'), 'BecomeProvider'),
  },

  { path: SUBSCRIPTION, title: 'Overview', nav: 'subscription', within: 'subscription' },
  { path: `${SUBSCRIPTION}/run`, title: 'Run', nav: 'subscription', within: 'subscription' },
  {
    path: `${SUBSCRIPTION}/configure`, title: 'Configure', nav: 'subscription', within: 'subscription',
    aliases: ['persona', 'conversation', 'behavior', 'training', 'branding', 'output', 'automation'].map((tab) => `${SUBSCRIPTION}/${tab}`),
  },
  { path: `${SUBSCRIPTION}/keys`, title: 'Keys', nav: 'subscription', within: 'subscription' },
  { path: `${SUBSCRIPTION}/widget`, title: 'Widget', nav: 'subscription', within: 'subscription' },
  { path: `${SUBSCRIPTION}/conversations`, title: 'Conversations', nav: 'subscription', within: 'subscription' },
  { path: `${SUBSCRIPTION}/usage`, title: 'Usage', nav: 'subscription', within: 'subscription' },
];
