import type { Platform } from '#platform/context.ts';
import type { FileStore } from '#platform/storage/file-store.ts';
import type { InstalledModels } from '#modules/models/index.ts';
import type { ParserPool } from './parse/parser-pool.ts';
import type { AnswerPreview, DocumentCharges, KnowledgeEngine, KnowledgeOwners } from './ports.ts';
import type { DetailedSearch } from './retrieve/knowledge-search.ts';

/** What the module works with. */
export interface KnowledgeParts {
  platform: Platform;
  models: InstalledModels;
  files: FileStore;
  owners: KnowledgeOwners;
  charges: DocumentCharges;
  search: DetailedSearch;
  /** The server that searches knowledge bases which chose it; null where none is connected. */
  engine: KnowledgeEngine | null;
  /** Null: answers of the test panel are made here, from passages and model alone. */
  answers: AnswerPreview | null;
  /** The parsers of this process; throws while the module is not started. */
  pool(): ParserPool;
}
