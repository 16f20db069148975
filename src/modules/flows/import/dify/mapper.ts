import type { StepDraft } from '../steps/step-draft.ts';
import type { DifyContext } from './dify-context.ts';
import type { RawNode } from './read-dify.ts';

/** Turns one node of Dify into nodes of ours. Never throws, whatever the settings are. */
export type Mapper = (node: RawNode, step: StepDraft, context: DifyContext) => void;
