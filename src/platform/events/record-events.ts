import type { Tx } from '../db/database.ts';
import type { EventType } from './event.ts';
import { outbox } from './tables.ts';

/**
 * Records events of several tenants in one statement, in the operator's door. Call `relaySoon` after the commit; where one
 * tenant acts, `ctx.emit` does both.
 */
export async function recordEvents<T>(tx: Tx, event: EventType<T>, events: readonly { tenant: string; payload: T }[]): Promise<void> {
  if (events.length === 0) return;
  await tx.insert(outbox).values(events.map(({ tenant, payload }) => ({ tenantId: tenant, kind: 'event' as const, name: event.name, payload: event.schema.parse(payload) })));
}
