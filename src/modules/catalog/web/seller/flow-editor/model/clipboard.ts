import type { FlowPart } from './flow-edits.ts';

let copied: FlowPart | null = null;

/** What was copied last, also from another product's flow; only while this page stays open. */
export const clipboard = {
  put(part: FlowPart): void { copied = part; },
  get: (): FlowPart | null => copied,
};
