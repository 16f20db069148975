import { IconChartBar, IconCreditCard, IconHome, IconPlug, IconReceipt, IconRobot, IconSettings, IconUsers } from '@tabler/icons-react';
import { lazyRouteComponent } from '@tanstack/react-router';
import type { Layout, Screen } from './screen.ts';

const SUBSCRIPTION = '/organizations/$org/agents/$sub';

/** Frames of the buyer's screens. `subscription`: heading and tabs of one product. */
export const buyerLayouts: readonly Layout[] = [
  { id: 'subscription', component: lazyRouteComponent(() => import('#modules/subscriptions/web/product-frame.tsx'), 'ProductFrame') },
];

/** The buyer's screens, in the order of the navigation (003 section 6.1). "Agents" serves all four categories. */
export const buyerScreens: readonly Screen[] = [
  { path: '/organizations/$org', title: 'Home', icon: IconHome, nav: 'main', component: lazyRouteComponent(() => import('#modules/analytics/web/buyer/home.tsx'), 'BuyerHome') },
  { path: '/organizations/$org/agents', title: 'My products', icon: IconRobot, nav: 'main', component: lazyRouteComponent(() => import('#modules/subscriptions/web/my-products.tsx'), 'MyProducts') },
  { path: '/organizations/$org/usage', title: 'Usage', icon: IconChartBar, nav: 'main', component: lazyRouteComponent(() => import('#modules/analytics/web/buyer/organization-usage.tsx'), 'OrganizationUsage') },
  { path: '/organizations/$org/resources', title: 'Subscriptions', icon: IconCreditCard, nav: 'main', component: lazyRouteComponent(() => import('./resources.tsx'), 'Resources') },
  { path: '/organizations/$org/orders', title: 'Orders', icon: IconReceipt, nav: 'main', component: lazyRouteComponent(() => import('#modules/billing/web/orders.tsx'), 'Orders') },
  { path: '/organizations/$org/connections', title: 'Connections', icon: IconPlug, nav: 'main', component: lazyRouteComponent(() => import('#modules/connections/web/connection-list.tsx'), 'ConnectionList') },
  { path: '/organizations/$org/team', title: 'Team', icon: IconUsers, nav: 'main', component: lazyRouteComponent(() => import('#modules/identity/web/team.tsx'), 'Team') },
  { path: '/organizations/$org/settings', title: 'Settings', icon: IconSettings, nav: 'main', component: lazyRouteComponent(() => import('#modules/identity/web/settings.tsx'), 'OrganizationSettings') },
  {
    path: '/organizations/$org/sell', title: 'Start selling', role: 'admin',
    component: lazyRouteComponent(() => import('#modules/identity/web/provider-start.tsx'), 'StartSelling'),
  },

  { path: SUBSCRIPTION, title: 'Overview', nav: 'subscription', within: 'subscription', component: lazyRouteComponent(() => import('#modules/analytics/web/buyer/overview.tsx'), 'ProductOverview') },
  { path: `${SUBSCRIPTION}/run`, title: 'Run', nav: 'subscription', within: 'subscription', component: lazyRouteComponent(() => import('#modules/analytics/web/buyer/run-page.tsx'), 'RunPage') },
  {
    path: `${SUBSCRIPTION}/configure`, title: 'Configure', nav: 'subscription', within: 'subscription',
    aliases: ['persona', 'conversation', 'behavior', 'knowledge', 'branding', 'output', 'parameters'].map((tab) => `${SUBSCRIPTION}/${tab}`),
    component: lazyRouteComponent(() => import('#modules/subscriptions/web/configure.tsx'), 'Configure'),
  },
  { path: `${SUBSCRIPTION}/training`, title: 'Training', nav: 'subscription', within: 'subscription', component: lazyRouteComponent(() => import('./training.tsx'), 'TrainingScreen') },
  { path: `${SUBSCRIPTION}/keys`, title: 'API keys', nav: 'subscription', within: 'subscription', component: lazyRouteComponent(() => import('#modules/gateway/web/api-keys.tsx'), 'ApiKeys') },
  { path: `${SUBSCRIPTION}/widget`, title: 'Widget', nav: 'subscription', within: 'subscription', component: lazyRouteComponent(() => import('#modules/widget/web/builder.tsx'), 'WidgetBuilder') },
  { path: `${SUBSCRIPTION}/widget/live`, title: 'Try it live', component: lazyRouteComponent(() => import('#modules/widget/web/live.tsx'), 'WidgetLive') },
  { path: `${SUBSCRIPTION}/conversations`, title: 'Conversations', nav: 'subscription', within: 'subscription', component: lazyRouteComponent(() => import('#modules/analytics/web/buyer/conversations.tsx'), 'Conversations') },
  { path: `${SUBSCRIPTION}/connections`, title: 'Connections', within: 'subscription', component: lazyRouteComponent(() => import('#modules/subscriptions/web/product-systems.tsx'), 'ProductSystems') },
  { path: `${SUBSCRIPTION}/update`, title: 'Versions and updates', within: 'subscription', component: lazyRouteComponent(() => import('#modules/subscriptions/web/update/update-page.tsx'), 'UpdatePage') },
  { path: `${SUBSCRIPTION}/usage`, title: 'Usage', nav: 'subscription', within: 'subscription', component: lazyRouteComponent(() => import('#modules/analytics/web/buyer/product-usage.tsx'), 'ProductUsage') },
];
