import { z } from 'zod';
import type { UiHint } from '#platform/contract/ui-hint.ts';

/** The kinds of value a buyer enters. Empty text always means "as the product has it". */

export const text = (lengthMax: number, title: string, description: string, ui: UiHint = {}) =>
  z.string().max(lengthMax).meta({ title, description, ui: { widget: 'text', ...ui } });

export const longText = (lengthMax: number, title: string, description: string, ui: UiHint = {}) =>
  text(lengthMax, title, description, { widget: 'textarea', ...ui });

export const texts = (
  { itemsMax, lengthMax }: { itemsMax: number; lengthMax: number }, title: string, description: string, ui: UiHint = {},
) => z.array(z.string().min(1).max(lengthMax)).max(itemsMax).meta({ title, description, ui: { widget: 'list', ...ui } });

export const onOff = (title: string, description: string, ui: UiHint = {}) =>
  z.boolean().meta({ title, description, ui: { widget: 'switch', ...ui } });

export const choice = <const T extends readonly [string, ...string[]]>(values: T, title: string, description: string, ui: UiHint = {}) =>
  z.enum(values).meta({ title, description, ui: { widget: 'select', ...ui } });

export const whole = ({ min, max }: { min: number; max: number }, title: string, description: string, ui: UiHint = {}) =>
  z.int().min(min).max(max).meta({ title, description, ui: { widget: 'number', min, max, ...ui } });

/** From 0 to 1. */
export const share = (title: string, description: string, ui: UiHint = {}) =>
  z.number().min(0).max(1).meta({ title, description, ui: { widget: 'slider', min: 0, max: 1, step: 0.05, ...ui } });

/** `#rrggbb`, or empty. */
export const color = (title: string, description: string, ui: UiHint = {}) =>
  z.string().regex(/^(#[0-9a-fA-F]{6})?$/, 'Write a colour as # and six hexadecimal digits, such as #2563eb.')
    .meta({ title, description, ui: { widget: 'color', ...ui } });

/**
 * An uploaded asset (`/files/…`, `/samples/…`) or an `https` address, or empty. Free of spaces, quotes, brackets and backslashes, so
 * that it stays one value wherever it is written: an attribute, a style rule.
 */
export const image = (title: string, description: string, ui: UiHint = {}) =>
  z.string().max(2048)
    .regex(/^(\/(?:files|samples)\/(?!.*\.\.)[A-Za-z0-9][A-Za-z0-9._/-]{0,200}|https:\/\/[A-Za-z0-9.-]{1,253}(:\d{1,5})?(\/[^\s"'<>()\\]*)?)?$/, 'Upload an image, or give its https address.')
    .meta({ title, description, ui: { widget: 'image', ...ui } });

/** `auto`, or a language tag after BCP 47. */
export const language = (title: string, description: string, ui: UiHint = {}) =>
  z.string().regex(/^(auto|[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3})$/, 'Write auto, or a language tag such as en, de-AT or zh-Hant.')
    .meta({ title, description, ui: { widget: 'text', placeholder: 'auto', ...ui } });

/** Style rules that load nothing, escape nothing and cannot end the element they are written into. */
export const css = (title: string, description: string, ui: UiHint = {}) =>
  z.string().max(20_000)
    .refine((rules) => !/[<\\]|@import|@charset|javascript:|\b(url|image|image-set|src|expression)\(/i.test(rules), 'Use plain rules only: no @import, no url(), no backslash and no <.')
    .meta({ title, description, ui: { widget: 'code', ...ui } });

/** A host the widget may run on: `shop.example.com`, `*.example.com`, `localhost:3000`. */
export const hosts = (itemsMax: number, title: string, description: string, ui: UiHint = {}) =>
  z.array(z.string().max(260).regex(HOST, 'Write a domain without a path, such as shop.example.com.'))
    .max(itemsMax).meta({ title, description, ui: { widget: 'tags', ...ui } });

/** Exact hosts only: a wildcard would admit sites of others. The loopback is for trying things out. */
const HOST = /^(([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+([a-z]{2,63}|xn--[a-z0-9-]{1,59})|localhost|127\.0\.0\.1)(:\d{1,5})?$/i;
