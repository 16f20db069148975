import { z } from 'zod';

const LINE_CHARS_MAX = 4_000;
const AREA_CHARS_MAX = 1_000_000;
const LIST_MAX = 1_000;

/*
 * Fields of connections and of actions' inputs. Each is a Zod schema with words for people and hints for the form; agents
 * read the same words. Append `.optional()` or `.default(…)` where a value may be missing.
 */

const meta = (title: string, description: string | undefined) => ({ title, ...(description === undefined ? {} : { description }) });

/** A short text, not empty. */
export const line = (title: string, description?: string) => z.string().trim().min(1).max(LINE_CHARS_MAX).meta({ ...meta(title, description), ui: { widget: 'text' } });
/** A text of any length, also empty. */
export const textArea = (title: string, description?: string) => z.string().max(AREA_CHARS_MAX).meta({ ...meta(title, description), ui: { widget: 'textarea' } });
/** A text in a language of its own, such as SQL. Flows may not put it together from data; values go apart from it. */
export const statement = (title: string, description?: string) => z.string().min(1).max(AREA_CHARS_MAX).meta({ ...meta(title, description), literal: true, ui: { widget: 'code' } });
/** A credential: stored sealed, never shown again. */
export const secret = (title: string, description?: string) => z.string().trim().min(1).max(20_000).meta({ ...meta(title, description), ui: { widget: 'password' } });
/** A whole number within bounds. */
export const count = (title: string, min: number, max: number, description?: string) => z.number().int().min(min).max(max).meta(meta(title, description));
export const amount = (title: string, description?: string) => z.number().meta(meta(title, description));
export const flag = (title: string, description?: string) => z.boolean().meta(meta(title, description));
export const choice = <const Values extends readonly [string, ...string[]]>(title: string, values: Values, description?: string) => z.enum(values).meta(meta(title, description));
/** Several short texts. */
export const words = (title: string, description?: string) => z.array(z.string().max(LINE_CHARS_MAX)).max(LIST_MAX).meta(meta(title, description));
/** Values by name. */
export const table = (title: string, description?: string) => z.record(z.string(), z.unknown()).meta({ ...meta(title, description), ui: { widget: 'code' } });
/** A list of anything. */
export const list = (title: string, description?: string) => z.array(z.unknown()).max(10_000).meta({ ...meta(title, description), ui: { widget: 'code' } });
/** Numbers, as of an embedding. */
export const data = (title: string, description?: string) => z.array(z.number()).max(20_000).meta(meta(title, description));
/** Anything JSON can say. */
export const json = (title: string, description?: string) => z.unknown().meta({ ...meta(title, description), ui: { widget: 'code' } });
