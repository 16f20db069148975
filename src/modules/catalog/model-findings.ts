import type { ProductCapabilities } from '#modules/capabilities/index.ts';
import { objectionTo, type InstalledModels } from '#modules/models/index.ts';
import type { DraftFinding } from './contract.ts';

type Finding = Omit<DraftFinding, 'step'>;

/** The models that a declaration may name. */
export type NamedModels = Pick<InstalledModels, 'entries' | 'choose'>;

const RAG = 'configuration.rag';

/** What a declaration asks of models that this installation does not have, or that they do not give. One without its key is a warning: it may come. */
export function* modelFindings({ configuration: { rag } }: ProductCapabilities, models: NamedModels): Iterable<Finding> {
  const { default: writes, alternatives } = rag.generation.model;
  yield* named(models, 'chat', writes, `${RAG}.generation.model.default`);
  for (const name of alternatives) yield* named(models, 'chat', name, `${RAG}.generation.model.alternatives`);
  if (!rag.enabled) return;
  const { embedding, chunking } = rag.processing;
  yield* named(models, 'embedding', embedding.model, `${RAG}.processing.embedding.model`);
  if (embedding.model !== '' && embedding.dimensions !== 0) {
    const objection = objectionTo(models, { kind: 'embedding', name: embedding.model, dimensions: embedding.dimensions });
    if (objection?.code === 'length') yield { severity: 'error', path: `${RAG}.processing.embedding.dimensions`, message: `${objection.message} Leave it 0 for the model’s own length.` };
  }
  const { reranking } = rag.retrieval;
  if (reranking.enabled) yield* named(models, 'rerank', reranking.model, `${RAG}.retrieval.reranking.model`);
  yield* tooLong(models, 'embedding', embedding.model, chunking.chunkSize, `${RAG}.processing.chunking.chunkSize`);
  yield* tooLong(models, 'chat', writes, rag.generation.context.maxTokens, `${RAG}.generation.context.maxTokens`);
}

function* named(models: NamedModels, kind: 'chat' | 'embedding' | 'rerank', name: string, path: string): Iterable<Finding> {
  const objection = name === '' ? null : objectionTo(models, { kind, name });
  if (objection) yield { severity: objection.code === 'unavailable' ? 'warning' : 'error', path, message: objection.message };
}

/** The installation's own choice is the operator's to fit. */
function* tooLong(models: NamedModels, kind: 'chat' | 'embedding', name: string, tokens: number, path: string): Iterable<Finding> {
  if (name === '') return;
  const { entry, substituted } = models.choose(name, kind);
  if (substituted !== 'unknown' && entry.contextTokens !== null && tokens > entry.contextTokens)
    yield { severity: 'warning', path, message: `${entry.title} (${entry.id}) reads at most ${entry.contextTokens} tokens at once, less than the ${tokens} given here.` };
}
