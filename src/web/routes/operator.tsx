import { IconBuilding, IconClipboardCheck, IconHeartbeat, IconHistory } from '@tabler/icons-react';
import type { Screen } from './screen.ts';

/** The screens of the people who run this installation. */
export const operatorScreens: readonly Screen[] = [
  { path: '/operator', title: 'Dashboard', icon: IconHeartbeat, nav: 'main' },
  { path: '/operator/reviews', title: 'Reviews', icon: IconClipboardCheck, nav: 'main' },
  { path: '/operator/reviews/$id', title: 'Review' },
  { path: '/operator/organizations', title: 'Organizations', icon: IconBuilding, nav: 'main' },
  { path: '/operator/audit', title: 'Audit trail', icon: IconHistory, nav: 'main' },
];
