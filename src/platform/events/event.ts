import type { z } from 'zod';
import type { Process } from '../context.ts';

/** Something that happened, in the past tense (`subscription.created`). */
export interface EventType<T> { name: string; schema: z.ZodType<T> }

export const defineEvent = <T>(name: string, schema: z.ZodType<T>): EventType<T> => ({ name, schema });

/** Reacts to an event as the event's tenant. Delivered at least once: must be idempotent by `eventId`. */
export interface EventHandler {
  event: string;
  /** Unique over the whole server; names the delivery queue. */
  name: string;
  handle(process: Process, payload: unknown, eventId: string): Promise<void>;
}

export const on = <T>(event: EventType<T>, name: string, handle: (process: Process, payload: T, eventId: string) => Promise<void>): EventHandler => ({
  event: event.name, name,
  handle: async (process, payload, eventId) => handle(process, event.schema.parse(payload), eventId),
});
