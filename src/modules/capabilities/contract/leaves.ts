import { z } from 'zod';
import type { UiHint } from '#platform/contract/ui-hint.ts';

/** The kinds of value a declaration is made of. Each carries a safe default, a bound, and the words of its form field. */

/** Off unless the seller says otherwise. */
export const flag = (title: string, description: string, ui: UiHint = {}) =>
  z.boolean().default(false).meta({ title, description, ui: { widget: 'switch', ...ui } });

/** Exactly one of a closed list. */
export const oneOf = <const T extends readonly [string, ...string[]]>(
  values: T, fallback: T[number], title: string, description: string, ui: UiHint = {},
) => z.enum(values).default(fallback).meta({ title, description, ui: { widget: 'select', ...ui } });

/** Any of a closed list, each at most once. */
export const anyOf = <const T extends readonly [string, ...string[]]>(
  values: T, fallback: readonly T[number][], title: string, description: string, ui: UiHint = {},
) => z.array(z.enum(values)).max(values.length).refine(allDifferent, 'Name each entry once.')
  .default(() => [...fallback]).meta({ title, description, ui: { widget: 'chips', ...ui } });

/** A whole number inside bounds. */
export const count = (
  { min, max, fallback }: { min: number; max: number; fallback: number }, title: string, description: string, ui: UiHint = {},
) => z.int().min(min).max(max).default(fallback).meta({ title, description, ui: { widget: 'number', ...ui } });

/** A short free text, such as the id of a model; empty means "whatever this installation uses". */
export const label = (title: string, description: string, ui: UiHint = {}) =>
  z.string().max(NAME_LENGTH_MAX).default('').meta({ title, description, ui: { widget: 'text', ...ui } });

/** Free names, such as model ids or services; each at most once. */
export const names = (title: string, description: string, ui: UiHint = {}) =>
  z.array(z.string().min(1).max(NAME_LENGTH_MAX)).max(NAMES_MAX).refine(allDifferent, 'Name each entry once.')
    .default(() => []).meta({ title, description, ui: { widget: 'tags', ...ui } });

/** A length of time as the sources write it: `30s`, `5m`, `1h`, `30d`, `2w`. */
export const duration = (fallback: string, title: string, description: string, ui: UiHint = {}) =>
  z.string().regex(/^[1-9]\d{0,4}[smhdw]$/, 'Write a number and a unit, such as 30s, 5m, 1h, 30d or 2w.')
    .default(fallback).meta({ title, description, ui: { widget: 'duration', ...ui } });

export const NAME_LENGTH_MAX = 120;
export const NAMES_MAX = 50;

const allDifferent = (values: readonly string[]): boolean => new Set(values).size === values.length;
