import { useSyncExternalStore } from 'react';
import type { Output } from '#platform/contract/endpoint.ts';
import type { knowledgeEndpoints } from '#modules/knowledge/contract.ts';

export type Answer = Output<typeof knowledgeEndpoints.answer>;
export type Found = Output<typeof knowledgeEndpoints.search>;
export type Hit = Found['data'][number];

export const METHODS = ['hybrid', 'vector', 'keyword'] as const;
export type Method = (typeof METHODS)[number];
export const METHOD_WORDS: Readonly<Record<Method, string>> = { hybrid: 'Meaning and words', vector: 'Meaning', keyword: 'Words' };

/** How a question is tried: answered as people would be, searched one way, or searched every way beside each other. */
export type TestMode = 'answer' | 'search' | 'compare';

/** A question that was tried and what came of it. */
export type Tried = { key: number; question: string } & (
  | { mode: 'answer'; answer: Answer }
  | { mode: 'search'; method: Method | null; found: Found }
  | { mode: 'compare'; columns: readonly { method: Method; found: Found }[] }
);
export type Outcome = Tried extends infer One ? One extends unknown ? Omit<One, 'key'> : never : never;

const KEPT = 20;

/**
 * What was tried on this page, by subscription, newest first. It lives outside React so that it is still there after a look
 * at another part of the console; it is gone with the page.
 */
const histories = new Map<string, readonly Tried[]>();
const listeners = new Set<() => void>();
const NONE: readonly Tried[] = [];
let keys = 0;

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => { listeners.delete(listener); };
};

export const useTestHistory = (subscriptionId: string): readonly Tried[] => useSyncExternalStore(subscribe, () => histories.get(subscriptionId) ?? NONE);

export const keepTried = (subscriptionId: string, outcome: Outcome): Tried => {
  const tried: Tried = { ...outcome, key: keys++ };
  histories.set(subscriptionId, [tried, ...histories.get(subscriptionId) ?? []].slice(0, KEPT));
  for (const tell of listeners) tell();
  return tried;
};
