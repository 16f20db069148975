import type { EventHandler } from './events/event.ts';
import type { Serve } from './http/serve.ts';
import type { JobHandler } from './jobs/job.ts';

/** What a part of the product hands to the server. */
export interface Module {
  name: string;
  routes?(serve: Serve): void;
  events?: readonly EventHandler[];
  jobs?: readonly JobHandler[];
  start?(): Promise<void>;
  stop?(): Promise<void>;
}
