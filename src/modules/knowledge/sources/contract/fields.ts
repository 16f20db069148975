import { z } from 'zod';

/*
 * Fields of a source's settings: Zod schemas with words for people and hints for the form.
 */

/** An address of the web. */
export const address = (title: string, description?: string) =>
  z.url({ protocol: /^https?$/, error: 'Write a whole address, such as https://example.com/help' }).max(2048).meta({ title, ...(description === undefined ? {} : { description }), ui: { widget: 'text', placeholder: 'https://' } });
/** A short text, not empty. */
export const line = (title: string, description?: string) => z.string().trim().min(1).max(500).meta({ title, ...(description === undefined ? {} : { description }), ui: { widget: 'text' } });
/** A short text that may stay empty. */
export const optionalLine = (title: string, description?: string) => z.string().trim().max(500).default('').meta({ title, ...(description === undefined ? {} : { description }), ui: { widget: 'text', advanced: true } });
/** Several short texts. */
export const lines = (title: string, description?: string) => z.array(z.string().trim().min(1).max(500)).max(100).default([]).meta({ title, ...(description === undefined ? {} : { description }), ui: { widget: 'tags' } });
/** A credential: stored sealed, never shown again. `when` names the setting it belongs to, as seen from the settings. */
export const secret = (title: string, description?: string, when?: { path: string; equals: unknown }) =>
  z.string().trim().min(1).max(20_000).meta({ title, ...(description === undefined ? {} : { description }), ui: { widget: 'password', ...(when === undefined ? {} : { when }) } });
