import type { FlowNodeType } from '#modules/flows/authoring/contract.ts';
import { UNSUPPORTED } from './port-rules.ts';

/** `SlackMessageSender` and `slack-message` to lower-case words without endings. */
const wordsOf = (text: string): readonly string[] => text.replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase().split(/[^a-z0-9]+/).map((word) => word.replace(/(?:ing|ers?|s)$/, '')).filter((word) => word.length > 2 && !NOTHING.has(word));

/** Words that say nothing about what a step does. */
const NOTHING: ReadonlySet<string> = new Set(['the', 'and', 'component', 'node', 'custom', 'step', 'tool', 'data', 'with', 'for', 'from', 'that', 'one', 'use', 'can', 'into', 'here', 'not', 'langchain', 'base', 'flow']);

const TITLE_WEIGHT = 3;
const SCORE_MIN = 2;

/** The kinds of steps that come closest to what a file asked for, best first; empty when nothing does. `about` is its type, name and what the report says of it. */
export const closestTypes = (about: string, types: readonly FlowNodeType[], most = 3): readonly FlowNodeType[] => {
  const wanted = new Set(wordsOf(about));
  const scored = types.filter(({ type }) => type !== UNSUPPORTED).map((type) => {
    const title = new Set(wordsOf(`${type.type} ${type.title}`));
    const description = new Set(wordsOf(type.description));
    let score = 0;
    for (const word of wanted) score += title.has(word) ? TITLE_WEIGHT : description.has(word) ? 1 : 0;
    // Of two that share as many words, the one that says less else is closer.
    return { type, score, extra: title.size };
  });
  return scored.filter(({ score }) => score >= SCORE_MIN).toSorted((a, b) => b.score - a.score || a.extra - b.extra).slice(0, most).map(({ type }) => type);
};
