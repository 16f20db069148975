import type { WidgetLocale } from '../../embed-contract.ts';
import { ar } from './ar.ts';
import { de } from './de.ts';
import { en, type Words } from './en.ts';
import { es } from './es.ts';
import { fr } from './fr.ts';
import { he } from './he.ts';
import { hi } from './hi.ts';
import { it } from './it.ts';
import { ja } from './ja.ts';
import { nl } from './nl.ts';
import { pt } from './pt.ts';
import { zh } from './zh.ts';

/** The panel's words in every language we speak. */
export const WORDS: Readonly<Record<WidgetLocale, Words>> = { en, es, de, fr, it, pt, nl, ar, he, zh, ja, hi };
