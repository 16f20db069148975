import type { Fragment } from './fragment.ts';
import type { RawNode } from './raw-workflow.ts';
import type { WorkflowContext } from './workflow-context.ts';

/** Turns one step of n8n into nodes of ours. Pure; never throws, whatever the settings are. */
export type Mapper = (node: RawNode, context: WorkflowContext) => Fragment;
