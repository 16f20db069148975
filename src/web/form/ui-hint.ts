import { z } from 'zod';
import type { UiWidget } from '#platform/contract/ui-hint.ts';

/** The ways a value can be edited. A schema names one in `.meta({ ui: { widget } })`; otherwise its type decides. */
const WIDGETS = [
  'text', 'textarea', 'markdown', 'code', 'number', 'slider', 'switch', 'select', 'multiselect', 'chips', 'tags', 'color',
  'image', 'list', 'radio-cards', 'password', 'duration', 'hidden',
] as const satisfies readonly UiWidget[];
export type Widget = UiWidget;

/** A {@link UiHint} as read from the `ui` member of a JSON Schema, where anything may stand. */
const Hint = z.looseObject({
  widget: z.enum(WIDGETS).optional().catch(undefined),
  /** Heading under which neighbouring fields are gathered. */
  section: z.string().optional().catch(undefined),
  /** Lower comes first; fields without one keep the schema's order after those with one. */
  order: z.number().optional().catch(undefined),
  placeholder: z.string().optional().catch(undefined),
  /** Name of the list that values are proposed from. */
  suggestions: z.string().optional().catch(undefined),
  /** Shown after the number, such as `MB`. */
  unit: z.string().optional().catch(undefined),
  min: z.number().optional().catch(undefined),
  max: z.number().optional().catch(undefined),
  step: z.number().positive().optional().catch(undefined),
  /** Shown only while the value at `path`, seen from the field's own object, equals this. */
  when: z.object({ path: z.string(), equals: z.unknown() }).optional().catch(undefined),
  /** Kept behind "More options". */
  advanced: z.boolean().optional().catch(undefined),
  columns: z.number().int().min(1).max(4).optional().catch(undefined),
  /** Words for the values of a choice. */
  labels: z.record(z.string(), z.string()).optional().catch(undefined),
  /** One line under each value of `radio-cards`. */
  descriptions: z.record(z.string(), z.string()).optional().catch(undefined),
});
export type Hint = z.infer<typeof Hint>;

/** Reads a hint; what is not understood is left out rather than refused, since a form must still open. */
export const readHint = (value: unknown): Hint => {
  const parsed = Hint.safeParse(value ?? {});
  return parsed.success ? parsed.data : {};
};
