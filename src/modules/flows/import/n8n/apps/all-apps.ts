import type { App } from './app-mapping.ts';
import { documentApps } from './document-apps.ts';
import { messagingApps } from './messaging-apps.ts';
import { restApps } from './rest-apps.ts';
import { webApps } from './web-apps.ts';
import { workApps } from './work-apps.ts';

/** Every app of n8n that a connector serves, by the short kind of its step. */
export const apps: Readonly<Record<string, App>> = { ...messagingApps, ...documentApps, ...workApps, ...restApps, ...webApps };
