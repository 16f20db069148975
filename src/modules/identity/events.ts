import { z } from 'zod';
import { defineEvent } from '#platform/events/event.ts';

/** A new organization exists, with its first project. */
export const organizationCreated = defineEvent('organization.created', z.object({ organizationId: z.string(), name: z.string(), ownerId: z.string() }));
