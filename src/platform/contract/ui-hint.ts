import 'zod';

/**
 * How a field wants to be drawn. It travels inside a schema's `.meta({ ui })`, survives `z.toJSONSchema`, and lets one
 * renderer draw every form. Everything is optional: without a hint the renderer chooses by type. A hint never changes
 * what is valid; the schema alone decides that.
 */
export interface UiHint {
  widget?: UiWidget;
  /** Fields of one section are drawn under one heading. */
  section?: string;
  /** Lower comes first; declaration order where absent. */
  order?: number;
  placeholder?: string;
  /** The list that known values are proposed from; what is typed need not be in it. */
  suggestions?: string;
  /** Shown after the value, e.g. `MB`, `tokens`. */
  unit?: string;
  /** Range of a slider or stepper; at least as narrow as the schema's own bounds. */
  min?: number;
  max?: number;
  step?: number;
  /** Show only when the sibling field at `path` (dots for nesting) has this value. */
  when?: { path: string; equals: unknown };
  /** Folded away until somebody asks for more. */
  advanced?: boolean;
  columns?: 1 | 2 | 3 | 4;
  /** Words for the choices of an enum, where its values are not words for people. */
  labels?: Readonly<Record<string, string>>;
  /** A line of help under each choice. */
  descriptions?: Readonly<Record<string, string>>;
}

export type UiWidget =
  | 'text' | 'textarea' | 'markdown' | 'code' | 'number' | 'slider' | 'switch' | 'select' | 'multiselect' | 'chips'
  | 'tags' | 'color' | 'image' | 'list' | 'radio-cards' | 'password' | 'duration' | 'hidden';

declare module 'zod' {
  /** What `.meta()` takes throughout the product. */
  interface GlobalMeta {
    ui?: UiHint;
  }
}
