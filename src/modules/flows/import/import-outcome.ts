import type { Flow, FlowOrigin, ImportReport } from '../contract.ts';

/** What an importer is given: one document of its format, already parsed and bounded in depth and number of values. */
export interface ImportSource {
  /** The picked flow of the file; for formats whose file is one product, the file. */
  document: unknown;
  /** Every document of the file, the picked one among them: a flow may call another by name or id. */
  siblings: readonly unknown[];
  /** Hex SHA-256 of the original bytes, for the flow's origin. */
  sha256: string;
  /** Serves files that carry no name. */
  fallbackName: string;
  /** Of a file that offers operations or tools, the ids to take; undefined for the importer's own choice. */
  operations?: readonly string[];
}

export type ImportOutcome =
  | { kind: 'imported'; flow: Flow; report: ImportReport; /** The document without credentials and dangerous keys: the copy to store. */ definition: unknown }
  | { kind: 'refused'; code: 'too-many-nodes' | 'damaged' | 'empty'; message: string; where?: string };

/** Turns a document of one format into a flow with a report. Pure and total: it runs and fetches nothing, and answers every input. */
export type Importer = (source: ImportSource) => ImportOutcome;

/** Formats a file can have; `template` and `cmp` are made here and never imported. */
export type ImportFormat = Exclude<FlowOrigin['format'], 'template' | 'cmp'>;
