import type { PlainRecord } from '../plain.ts';

/** One step of a workflow, read without trusting its shape. */
export interface RawNode {
  /** Unique in the workflow; made from the name where the file has none. */
  id: string;
  /** What connections and expressions call it by. */
  name: string;
  /** As the file writes it, e.g. `n8n-nodes-base.httpRequest`. */
  type: string;
  /** Short form: `base.httpRequest`, `langchain.agent`, or `community.<name>` for packages of others. */
  kind: string;
  /** A step of an app offered to an agent, e.g. `gmailTool`; its `kind` is that of the app. */
  isTool: boolean;
  version: number;
  parameters: PlainRecord;
  /** Credential types it names, e.g. `slackOAuth2Api`. Never values: n8n leaves them out. */
  credentials: readonly string[];
  disabled: boolean;
  /** What happens when it fails. */
  onError: 'stop' | 'continue' | 'route';
  /** Further tries after a failure, and the pause before each. */
  retries: number;
  retryWaitMs: number;
  alwaysOutputData: boolean;
  executeOnce: boolean;
  position: { x: number; y: number } | undefined;
}

/** One connection; `channel` is `main` for items and `ai_…` from a sub-step to the step that uses it. */
export interface RawEdge {
  source: string;
  channel: string;
  output: number;
  target: string;
  input: number;
}

export interface RawWorkflow {
  name: string;
  description: string;
  /** Id of the workflow, by which others call it. */
  id: string | null;
  active: boolean;
  version: string | null;
  /** Steps without sticky notes. */
  nodes: readonly RawNode[];
  edges: readonly RawEdge[];
  /** Data the author pinned to a step for trying the workflow, by name of the step. */
  pinned: ReadonlyMap<string, readonly unknown[]>;
  settings: PlainRecord;
  warnings: readonly string[];
}
