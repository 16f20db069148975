import { ProductCapabilities } from './contract/product-capabilities.ts';
import { isRecord, mergeDeep } from './merge-deep.ts';
import type { JsonRecord } from './merge-deep.ts';

/**
 * Reads complete capabilities in any accepted form: the short form of `rag` (`sources: { documents: true }`, `limits`,
 * `grounding`), the short form of `workflowAdvanced`, and `knowledge`. The result is in the extended form, with
 * `knowledge` mirroring `rag`. Where both forms speak, the extended one wins; where `knowledge` and `rag` differ, `rag` wins.
 * Idempotent. Throws ZodError for anything the schema refuses.
 */
export const normalizeCapabilities = (input: unknown): ProductCapabilities =>
  withKnowledgeMirrored(ProductCapabilities.parse(foldCapabilities(input)));

/**
 * Rewrites short forms into the extended one, without checking or completing anything: unknown keys and wrong values
 * stay where they are, for the schema to refuse. What is not an object is returned as it is.
 */
export const foldCapabilities = (input: unknown): unknown => {
  if (!isRecord(input) || !isRecord(input.configuration)) return input;
  const configuration = { ...input.configuration };
  const { knowledge, rag, workflowAdvanced } = configuration;
  const folded = mergeDeep(isRecord(knowledge) ? ragFromKnowledge(knowledge) : undefined, isRecord(rag) ? foldRag(rag) : rag);
  if (folded !== undefined) configuration.rag = folded;
  if (isRecord(workflowAdvanced)) configuration.workflowAdvanced = foldWorkflow(workflowAdvanced);
  return { ...input, configuration };
};

/** Makes `knowledge` say what `rag` says. */
export const withKnowledgeMirrored = (capabilities: ProductCapabilities): ProductCapabilities => {
  const { enabled, sources } = capabilities.configuration.rag;
  return {
    ...capabilities,
    configuration: {
      ...capabilities.configuration,
      knowledge: {
        enabled,
        sources: {
          documents: sources.documents.enabled,
          websites: sources.websites.enabled,
          databases: sources.databases.enabled,
          apis: sources.apis.enabled,
          qaFiles: sources.qaPairs.enabled,
        },
        limits: {
          maxDocuments: sources.documents.maxFiles,
          maxSizeMB: sources.documents.maxTotalSize,
          maxUrls: sources.websites.maxUrls,
        },
      },
    },
  };
};

const ragFromKnowledge = (knowledge: JsonRecord): JsonRecord => {
  const sources = isRecord(knowledge.sources) ? knowledge.sources : {};
  const limits = isRecord(knowledge.limits) ? knowledge.limits : {};
  return defined({
    enabled: knowledge.enabled,
    sources: some({
      documents: some({ enabled: sources.documents, maxFiles: limits.maxDocuments, maxTotalSize: limits.maxSizeMB }),
      websites: some({ enabled: sources.websites, maxUrls: limits.maxUrls }),
      qaPairs: some({ enabled: sources.qaFiles }),
      databases: some({ enabled: sources.databases }),
      apis: some({ enabled: sources.apis }),
    }),
  });
};

const foldRag = (rag: JsonRecord): JsonRecord => {
  const { limits: allLimits, grounding, ...rest } = rag;
  const { maxDocuments, maxSizeMB, maxUrls, ...limits } = isRecord(allLimits) ? allLimits : {};
  const short = defined({
    sources: some({
      documents: some({ maxFiles: maxDocuments, maxTotalSize: maxSizeMB }),
      websites: some({ maxUrls }),
    }),
    generation: some({ grounding: isRecord(grounding) ? foldGrounding(grounding) : grounding }),
  });
  const extended = defined({
    ...rest,
    limits: isRecord(allLimits) ? some(limits) : allLimits,
    sources: switchesToBlocks(rest.sources),
    retrieval: isRecord(rest.retrieval) ? foldRetrieval(rest.retrieval) : rest.retrieval,
  });
  const merged = mergeDeep(short, extended);
  return isRecord(merged) ? merged : extended;
};

const foldGrounding = ({ fallback, ...rest }: JsonRecord): JsonRecord =>
  defined({ ...rest, fallbackBehavior: rest.fallbackBehavior ?? fallback });

const foldRetrieval = ({ topK, method, ...rest }: JsonRecord): JsonRecord =>
  defined({ ...rest, search: mergeDeep(some({ topK, method }), rest.search), ...blocksOf(rest, ['reranking', 'citations']) });

const foldWorkflow = (workflow: JsonRecord): JsonRecord => {
  const { triggers, flow, actions, data } = workflow;
  return defined({
    ...workflow,
    triggers: switchesToBlocks(triggers),
    flow: isRecord(flow) ? foldFlowControl(flow) : flow,
    actions: switchesToBlocks(actions),
    data: isRecord(data) ? foldData(data) : data,
  });
};

const foldFlowControl = ({ parallelExecution, ...rest }: JsonRecord): unknown =>
  mergeDeep(some({ loops: some({ parallelExecution }) }), switchesToBlocks(rest));

const foldData = ({ statePersistence, ...rest }: JsonRecord): unknown =>
  mergeDeep(some({ state: some({ persistence: statePersistence }) }), { ...rest, ...blocksOf(rest, ['variables', 'secrets']) });

/** `{ documents: true }` becomes `{ documents: { enabled: true } }`; what is already a block stays. */
const switchesToBlocks = (value: unknown): unknown => (isRecord(value) ? { ...value, ...blocksOf(value, Object.keys(value)) } : value);

const blocksOf = (value: JsonRecord, keys: readonly string[]): JsonRecord =>
  Object.fromEntries(keys.filter((key) => typeof value[key] === 'boolean').map((key) => [key, { enabled: value[key] }]));

const defined = (value: JsonRecord): JsonRecord => Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined));

/** Like {@link defined}, but nothing at all where nothing is left. */
const some = (value: JsonRecord): JsonRecord | undefined => {
  const kept = defined(value);
  return Object.keys(kept).length > 0 ? kept : undefined;
};
