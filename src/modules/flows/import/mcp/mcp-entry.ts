import type { CredentialPlace } from '../../credential-contract.ts';

/** A part of an address or a header that somebody has to give. */
export interface Gap { name: string; initial: string; description: string; choices: string[] }

/** A server that is reached at an address. */
export interface RemoteServer {
  /** Empty where the file does not say it. */
  url: string;
  transport: 'streamable-http' | 'sse';
  variables: readonly Gap[];
  /** Fixed headers; those that somebody has to give are in `headerGaps`. */
  headers: Readonly<Record<string, string>>;
  headerGaps: readonly Gap[];
  /** Where credentials go; their connection is named later. */
  credentials: readonly (Omit<CredentialPlace, 'connection'> & { title: string })[];
  revision: string | null;
  remarks: readonly string[];
}

/** A tool as a file lists it. */
export interface ListedTool {
  name: string;
  title: string;
  description: string;
  schema: Record<string, unknown>;
  effect: 'read' | 'write';
  /** Null where the file does not hold the whole definition. */
  pin: string | null;
}

/** One server of a file, in whatever form the file describes servers. */
export interface McpEntry {
  name: string;
  title: string;
  description: string;
  version: string | null;
  remote: RemoteServer | null;
  /** Why it cannot run here, where it has no address: in words. */
  problem: string | null;
  /** How the file says it is run, e.g. `npm package x`. */
  kind: string;
  /** Names of credentials it asks for. */
  secrets: readonly string[];
  tools: readonly ListedTool[];
}
