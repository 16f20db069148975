import { embeddingName, type ModelEntry } from './contract.ts';
import { findNamed, type InstalledModels } from './directory.ts';

/** Why a named model does not serve as it is named. */
export interface ModelObjection {
  /** `unavailable` passes once the operator gives a credential; the others do not pass by themselves. */
  code: 'unknown' | 'unavailable' | 'length';
  /** For whoever wrote the name. */
  message: string;
}

const KINDS: Readonly<Record<ModelEntry['kind'], string>> = { chat: 'language model', embedding: 'embedding model', rerank: 'reranking model' };
/** Names an objection lists for choice. */
const LISTED_MAX = 20;

/** What is wrong with a model's name, or with the vector length asked of it (0 for its own); null where nothing is. */
export function objectionTo(models: Pick<InstalledModels, 'entries'>, { kind, name, dimensions = 0 }: { kind: ModelEntry['kind']; name: string; dimensions?: number }): ModelObjection | null {
  const entries = new Map(models.entries().map((entry) => [entry.id, entry]));
  const found = findNamed(entries, dimensions === 0 ? name : embeddingName(name, dimensions), kind);
  if (!found) {
    const ids = [...entries.values()].flatMap((entry) => (entry.kind === kind && entry.available ? [entry.id] : []));
    const offer = ids.length === 0 ? 'This installation has none.' : `Choose one of: ${ids.slice(0, LISTED_MAX).join(', ')}${ids.length > LISTED_MAX ? ' and others' : ''}.`;
    return { code: 'unknown', message: `There is no ${KINDS[kind]} “${name}” here. ${offer}` };
  }
  const { entry, offered } = found;
  if (!offered) {
    const { dimensions: own, dimensionsMin } = entry;
    const gives = dimensionsMin === null ? `vectors of ${own} numbers only` : `vectors of ${dimensionsMin} to ${own} numbers`;
    return { code: 'length', message: `${entry.title} (${entry.id}) gives ${gives}; “${dimensions === 0 ? name : embeddingName(name, dimensions)}” asks for others.` };
  }
  return entry.available ? null : { code: 'unavailable', message: `${entry.title} (${entry.id}) has no key on this installation, so another model serves in its place.` };
}
