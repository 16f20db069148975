import { ServerCallError } from '#platform/egress/server-call.ts';
import type { Studio } from '#modules/catalog/ports.ts';
import type { ChatMessage, Passage, TokenUsage } from '#modules/models/ports.ts';

/** The kinds of server a product can run on, besides our own engine. */
export type RemoteKind = 'langflow' | 'n8n' | 'http';

/**
 * Why a remote server gave no answer. `message` is for the person who asked or the seller who connects: it may quote the
 * server's own words, never a credential.
 */
export class RemoteError extends Error {
  override name = 'RemoteError';
  readonly code: 'unreachable' | 'refused' | 'unauthorized' | 'flow-missing' | 'flow-failed' | 'timeout' | 'bad-answer';

  constructor(code: RemoteError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  /** A failed call as a remote error; anything else (an abort, a bug) stays what it is. */
  static from(error: unknown, server: string): unknown {
    if (!(error instanceof ServerCallError)) return error;
    const code = error.kind === 'too-large' ? 'bad-answer' : error.kind;
    return new RemoteError(code, error.message.replace(/^The server/, server), { cause: error });
  }
}

/** What a server turned out to be. */
export interface RemoteFacts {
  /** Its version as it states it; null where it does not. */
  version: string | null;
  /** What it can do, in its adapter's words; only ever shown. */
  features: readonly string[];
}

/** A flow to be put on a server. */
export interface RemoteDeployment {
  /** Ours, a UUID: deploying it again changes the same flow. */
  id: string;
  name: string;
  /** Names the folder of one organization's project, so that tenants stay apart there. */
  place: string;
  /** The file as it was imported, without credentials; null where the server has the flow already. */
  definition: unknown;
}

/** The value of one setting that the product declares; no other setting of a flow is ever sent. */
export interface RemoteSetting { name: string; node: string; field: string | null; value: string | number | boolean | readonly string[] }

export interface RemoteQuestion {
  /** Unique to the run; a server may use it to notice a repetition. */
  runId: string;
  /** The subscription it is asked for; null for a demo or preview. */
  subscriptionId: string | null;
  text: string;
  /** Belongs to one conversation of one subscription. */
  sessionId: string;
  /** Id of the flow's chat input, as the imported file names it; null where it has none. */
  inputNode: string | null;
  /** What a program sent for the flow to begin with; undefined where there is only text. */
  data?: unknown;
  /** Data URLs or addresses. */
  images: readonly string[];
  /** Turns before, oldest first. */
  history: readonly ChatMessage[];
  settings: readonly RemoteSetting[];
  /** Who the product is and what it must not do, as the buyer configured it. */
  instructions: string;
  /** What the buyer's knowledge says about the question. */
  passages: readonly Passage[];
  /** Lets the server report for this run, and for no other. Empty where there is nothing to report. */
  runToken: string;
}

export type RemoteEvent =
  | { type: 'text'; text: string }
  /** Usage as the server counted it, null where it does not tell; `data` where it answers with data beside the text. */
  | { type: 'finish'; usage: TokenUsage | null; data?: unknown };

/**
 * A server that runs flows for us. Every call ends within bounds of time and size, passes the egress guard, and throws
 * {@link RemoteError}, or the signal's reason when the caller aborts.
 */
export interface RemoteRuntime {
  kind: RemoteKind;
  /** Whether it is there and takes our credential. Runs nothing. */
  probe(signal: AbortSignal): Promise<RemoteFacts>;
  /** Puts the flow there, or changes the one of this id. Returns the reference {@link run} takes. */
  deploy(deployment: RemoteDeployment, signal: AbortSignal): Promise<string>;
  /** Asks it. Text in pieces, then exactly one `finish`; without it the answer is not whole. */
  run(reference: string, question: RemoteQuestion, signal: AbortSignal): AsyncIterable<RemoteEvent>;
  /**
   * Builds the flow step by step with that question, and says in the server's words which step fails first; null where none
   * does or this server cannot tell. Its steps act as in a run. Absent where no server of the kind can tell.
   */
  check?(reference: string, question: RemoteQuestion, signal: AbortSignal): Promise<string | null>;
  /** Takes it away; what is not there is no error. */
  remove(reference: string, signal: AbortSignal): Promise<void>;
}

/** How a seller's server is reached. */
export interface RemoteAddress {
  kind: RemoteKind;
  url: string;
  /** Key or signing secret; empty for a server that asks for none. */
  secret: string;
  /** Header that carries the key, where the kind leaves it open; empty otherwise. */
  header: string;
}

export interface RemoteRuntimes {
  /** The operator's own Langflow server; null where none is configured. */
  operator: RemoteRuntime | null;
  /** The editor sellers design in: that of the operator's server. */
  studio: Studio | null;
  /** A seller's server. */
  at(address: RemoteAddress): RemoteRuntime;
  close(): Promise<void>;
}
