import { z } from 'zod';
import { defineEvent } from '#platform/events/event.ts';

const Subject = z.object({ subscriptionId: z.string().nullable(), sourceId: z.string(), kind: z.string(), name: z.string() });

/** A source was read to its end. */
export const sourceSynced = defineEvent('source.synced', Subject.extend({ added: z.number(), changed: z.number(), removed: z.number() }));
/** A source could not be read. `failures` counts those in a row; the first is the one to tell people of. */
export const sourceFailed = defineEvent('source.failed', Subject.extend({ code: z.string(), message: z.string(), failures: z.number() }));
