import { behavior, guardrails } from './behavior.ts';
import { branding } from './branding.ts';
import { conversation } from './conversation.ts';
import { output } from './output.ts';
import { persona } from './persona.ts';
import { rag } from './rag.ts';
import { widget } from './widget.ts';

/**
 * Every section a configuration can have, in the order buyers see them. `parameters` comes after these: its fields
 * belong to the flow. Sections of automations (schedule, connections, alerts) belong to the automation module.
 */
export const SECTIONS = { persona, conversation, branding, behavior, guardrails, rag, widget, output } as const;
export type SectionKey = keyof typeof SECTIONS;
