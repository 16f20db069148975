import { z } from 'zod';
import { ParameterValue } from './parameters.ts';
import { SECTIONS } from './sections.ts';

const { persona, conversation, branding, behavior, guardrails, rag, widget, output } = SECTIONS;

/**
 * What a buyer set: any part of any section. This is the widest shape, for storage, answers and types. What one
 * product's buyers may really set is narrower and comes from `configurationSchema`.
 */
export const Configuration = z.strictObject({
  persona: z.strictObject(persona.fields).partial().optional(),
  conversation: z.strictObject(conversation.fields).partial().optional(),
  branding: z.strictObject(branding.fields).partial().optional(),
  behavior: z.strictObject(behavior.fields).partial().optional(),
  guardrails: z.strictObject(guardrails.fields).partial().optional(),
  rag: z.strictObject(rag.fields).partial().optional(),
  widget: z.strictObject(widget.fields).partial().optional(),
  output: z.strictObject(output.fields).partial().optional(),
  parameters: z.record(z.string().max(80), ParameterValue).optional(),
});
export type Configuration = z.infer<typeof Configuration>;

/** A configuration in which every field has a value: the buyer's, or the one the product or platform fixed. */
export const EffectiveConfiguration = z.strictObject({
  persona: z.strictObject(persona.fields),
  conversation: z.strictObject(conversation.fields),
  branding: z.strictObject(branding.fields),
  behavior: z.strictObject(behavior.fields),
  guardrails: z.strictObject(guardrails.fields),
  rag: z.strictObject(rag.fields),
  // A product without a widget has no types.
  widget: z.strictObject({ ...widget.fields, types: z.array(widget.fields.types.element) }),
  output: z.strictObject(output.fields),
  parameters: z.record(z.string().max(80), ParameterValue),
});
export type EffectiveConfiguration = z.infer<typeof EffectiveConfiguration>;
