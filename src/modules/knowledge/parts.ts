import type { Platform } from '#platform/context.ts';
import type { Vault } from '#platform/crypto/seal.ts';
import type { Egress } from '#platform/egress/egress.ts';
import type { FileStore } from '#platform/storage/file-store.ts';
import type { InstalledModels } from '#modules/models/index.ts';
import type { ParserPool } from './parse/parser-pool.ts';
import type { Alerts, AnswerPreview, DocumentCharges, KnowledgeEngine, KnowledgeOwners } from './ports.ts';
import type { SourceReader } from './sources/source-reader.ts';
import type { DetailedSearch } from './retrieve/knowledge-search.ts';

/** What the module works with. */
export interface KnowledgeParts {
  platform: Platform;
  models: InstalledModels;
  files: FileStore;
  owners: KnowledgeOwners;
  charges: DocumentCharges;
  vault: Vault;
  egress: Egress;
  /** The kinds of source that can be read. */
  readers: readonly SourceReader[];
  search: DetailedSearch;
  /** The server that searches knowledge bases which chose it; null where none is connected. */
  engine: KnowledgeEngine | null;
  /** Null: nobody is written to. */
  alerts: Alerts | null;
  /** What products say in the test panel. */
  answers: AnswerPreview;
  /** The parsers of this process; throws while the module is not started. */
  pool(): ParserPool;
}
