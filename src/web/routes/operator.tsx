import { IconBuilding, IconClipboardCheck, IconHeartbeat, IconHistory } from '@tabler/icons-react';
import { lazyRouteComponent } from '@tanstack/react-router';
import type { Screen } from './screen.ts';

/** The screens of the people who run this installation. */
export const operatorScreens: readonly Screen[] = [
  { path: '/operator', title: 'Dashboard', icon: IconHeartbeat, nav: 'main', component: lazyRouteComponent(() => import('#modules/analytics/web/operator/dashboard.tsx'), 'OperatorDashboard') },
  { path: '/operator/reviews', title: 'Reviews', icon: IconClipboardCheck, nav: 'main', component: lazyRouteComponent(() => import('#modules/catalog/web/operator/review-queue.tsx'), 'ReviewQueue') },
  { path: '/operator/reviews/$id', title: 'Review', component: lazyRouteComponent(() => import('#modules/catalog/web/operator/review-detail.tsx'), 'ReviewDetail') },
  { path: '/operator/organizations', title: 'Organizations', icon: IconBuilding, nav: 'main', component: lazyRouteComponent(() => import('#modules/analytics/web/operator/organizations.tsx'), 'OperatorOrganizations') },
  { path: '/operator/audit', title: 'Audit trail', icon: IconHistory, nav: 'main', component: lazyRouteComponent(() => import('#modules/analytics/web/operator/audit.tsx'), 'OperatorAudit') },
];
