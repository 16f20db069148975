import type { Platform, Process } from '#platform/context.ts';
import type { Vault } from '#platform/crypto/seal.ts';
import type { Egress } from '#platform/egress/egress.ts';
import { on } from '#platform/events/event.ts';
import { Problem, problems as kernel } from '#platform/http/problem.ts';
import type { HttpExchange, Serve } from '#platform/http/serve.ts';
import { handles } from '#platform/jobs/job.ts';
import type { Module } from '#platform/module.ts';
import type { FileStore } from '#platform/storage/file-store.ts';
import type { InstalledModels } from '#modules/models/index.ts';
import { askService } from './ask.ts';
import { knowledgeBaseService } from './bases/bases.ts';
import { knowledgeBaseEndpoints } from './bases/contract.ts';
import { knowledgeEndpoints, TextDocuments } from './contract.ts';
import { addFiles, requireUpload } from './documents/add-files.ts';
import { addSubscriptionTexts, addTextDocuments, type TextDocument } from './documents/add-texts.ts';
import { documentService } from './documents/documents.ts';
import { embeddingPart } from './embedding/embedding-part.ts';
import { enginePart } from './engine/engine-part.ts';
import { sourceReaders } from './sources/registry.ts';
import { sourcesPart } from './sources/sources-part.ts';
import { documentAbandoned, documentFailed, documentIndexed } from './events.ts';
import { fillApproximateIndex, moveToApproximateIndex } from './ingest/approximate-index.ts';
import { createIngest } from './ingest/ingest-documents.ts';
import { indexDocuments, removeFiles } from './jobs.ts';
import { createKnowledgeBase, type NewKnowledgeBase } from './knowledge-bases.ts';
import type { KnowledgeParts } from './parts.ts';
import { createParserPool, type ParserPool } from './parse/parser-pool.ts';
import type { FileClaim, ParseResult } from './parse/parsed-document.ts';
import type { Alerts, AnswerPreview, DocumentCharges, KnowledgeEngine, KnowledgeOwners } from './ports.ts';
import { importPairs } from './qa/import-pairs.ts';
import { fillPairs, pairService, type Pair } from './qa/pairs.ts';
import { questionsPart } from './questions/questions-part.ts';
import { removeUnusedFiles, resumeDocuments } from './resume.ts';
import type { DetailedSearch } from './retrieve/knowledge-search.ts';

export { documentIndexed } from './events.ts';
export { knowledgeFacts } from './knowledge-bases.ts';
export { failingSources } from './sources/source-store.ts';
export type { NewKnowledgeBase } from './knowledge-bases.ts';
export type { TextDocument } from './documents/add-texts.ts';
export type { Pair } from './qa/pairs.ts';
export { CitationStream } from './retrieve/citations.ts';
export { asMaterial } from './retrieve/prompt-context.ts';
export { questionUnanswered, ratingWithdrawn } from './questions/events.ts';
export { isSmallTalk } from './questions/small-talk.ts';
export { forgetQuestions } from './questions/collect-question.ts';
export type { CitedAnswer } from './retrieve/citations.ts';
export { createEngineSearch } from './engine/engine-search.ts';
export { createKnowledgeSearch } from './retrieve/knowledge-search.ts';
export type { DetailedSearch } from './retrieve/knowledge-search.ts';
export { citationStates } from './retrieve/citation-states.ts';
export { standaloneQuestion, type FollowUp, type Standalone } from './retrieve/standalone-question.ts';
export type { Citation, CitedQuote } from './citation-contract.ts';
export type { AnswerPreview, ChargedDocument, DocumentCharges, KnowledgeOwner, KnowledgeOwners, KnowledgeSearch, SearchOutcome, SearchRequest } from './ports.ts';

export interface KnowledgeOptions {
  platform: Platform;
  models: InstalledModels;
  files: FileStore;
  owners: KnowledgeOwners;
  charges: DocumentCharges;
  search: DetailedSearch;
  vault: Vault;
  egress: Egress;
  /** Absent or null: our own index alone. */
  engine?: KnowledgeEngine | null;
  /** Absent or null: nobody is written to. */
  alerts?: Alerts | null;
  answers: AnswerPreview;
  /** No other process works on the same database: what an earlier one left unfinished is taken up at once. */
  alone: boolean;
  /** This process does background work. */
  work: boolean;
}

export type { FileClaim, ParseResult } from './parse/parsed-document.ts';

/** Documents and pairs of subscriptions, and what sellers know. */
export interface Knowledge extends Module {
  /** See `createKnowledgeBase` in knowledge-bases.ts. */
  createKnowledgeBase(process: Process, base: NewKnowledgeBase): Promise<string>;
  /** Adds texts to a knowledge base of the acting organization without a subscription; they are indexed soon after. Idempotent by external id. */
  addTextDocuments(process: Process, knowledgeBaseId: string, documents: readonly TextDocument[]): Promise<void>;
  /** Like {@link addTextDocuments} with pairs, and resolves when all of it can be searched. Idempotent by external id and question. */
  fillKnowledgeBase(process: Process, knowledgeBaseId: string, content: { documents: readonly TextDocument[]; pairs: readonly Pair[] }): Promise<void>;
  /** Reads one file in a process of its own, bounded in time and memory, and keeps nothing. What is wrong with the file is the answer. */
  readFile(bytes: Uint8Array, claim: FileClaim): Promise<ParseResult>;
}

const RESUME_EVERY_MS = 60_000;

export function knowledgeModule({ alone, work, ...options }: KnowledgeOptions): Knowledge {
  let pool: ParserPool | null = null;
  const parts: KnowledgeParts = { ...options, engine: options.engine ?? null, alerts: options.alerts ?? null, readers: sourceReaders, pool: () => (pool ??= createParserPool()) };
  const { platform, charges } = options;
  const ingest = createIngest(parts);
  const documents = documentService(parts);
  const pairs = pairService(parts);
  const bases = knowledgeBaseService(parts);
  const ask = askService(parts);
  const questions = questionsPart(parts, ingest);
  const engine = enginePart(parts);
  const embedding = embeddingPart(parts);
  const sources = sourcesPart(parts, { alone, work });
  let timer: NodeJS.Timeout | undefined;
  let resuming = Promise.resolve();
  const resume = (silentMs?: number) => {
    resuming = resumeDocuments(platform, silentMs).then(async () => embedding.resume()).catch((error: unknown) => platform.log.error({ err: error }, 'resuming documents failed; trying again'));
  };

  return {
    name: 'knowledge',
    createKnowledgeBase: async (process, base) => createKnowledgeBase(parts, process, base),
    addTextDocuments: async (process, knowledgeBaseId, texts) => { await addTextDocuments(parts, process, knowledgeBaseId, texts, true); },
    async fillKnowledgeBase(process, knowledgeBaseId, content) {
      const texts = await addTextDocuments(parts, process, knowledgeBaseId, content.documents, false);
      await ingest(process, [...texts, ...await fillPairs(process, knowledgeBaseId, content.pairs)]);
    },
    readFile: async (bytes, claim) => parts.pool().parse(bytes, claim),
    routes(serve: Serve) {
      serve(knowledgeEndpoints.status, documents.status);
      serve(knowledgeEndpoints.listDocuments, documents.list);
      const add = async (process: Process, subscriptionId: string, { request, reply }: HttpExchange): Promise<void> => {
        const added = requireUpload(request) === 'files'
          ? await addFiles(parts, process, subscriptionId, request)
          : await addSubscriptionTexts(parts, process, subscriptionId, textsOf(request.body));
        await reply.code(202).send(knowledgeEndpoints.addDocuments.response.parse(added));
      };
      serve.raw(knowledgeEndpoints.addDocuments, async (process, { params }, exchange) => add(process, params.subscriptionId, exchange));
      serve(knowledgeBaseEndpoints.list, bases.list);
      serve(knowledgeBaseEndpoints.create, bases.create);
      serve(knowledgeBaseEndpoints.listDocuments, bases.listDocuments);
      serve.raw(knowledgeBaseEndpoints.addDocuments, async (process, { query }, exchange) => add(process, await process.run(async (ctx) => bases.subscriptionOf(ctx, query)), exchange));
      serve(knowledgeEndpoints.getDocument, documents.get);
      serve(knowledgeEndpoints.previewDocument, documents.preview);
      serve(knowledgeEndpoints.updateDocument, documents.update);
      serve(knowledgeEndpoints.reindexDocument, documents.reindex);
      serve(knowledgeEndpoints.cancelDocument, documents.cancel);
      serve(knowledgeEndpoints.reindexAll, documents.reindexAll);
      serve(knowledgeEndpoints.deleteDocument, documents.remove);
      serve(knowledgeEndpoints.deleteDocuments, documents.removeMany);
      serve(knowledgeEndpoints.listQa, pairs.list);
      serve(knowledgeEndpoints.addQa, pairs.add);
      serve(knowledgeEndpoints.updateQa, pairs.update);
      serve.raw(knowledgeEndpoints.importQa, async (process, { params }, { request, reply }) => {
        await reply.code(201).send(knowledgeEndpoints.importQa.response.parse(await importPairs(parts, process, params.subscriptionId, request)));
      });
      serve.process(knowledgeEndpoints.search, ask.search);
      serve.process(knowledgeEndpoints.answer, ask.answer);
      questions.routes(serve);
      engine.routes(serve);
      sources.routes(serve);
      embedding.routes(serve);
    },
    jobs: [
      handles(indexDocuments, async (process, { documentIds }) => ingest(process, documentIds)),
      handles(fillApproximateIndex, async (process, { knowledgeBaseId }) => moveToApproximateIndex(process, knowledgeBaseId)),
      handles(removeFiles, async (process, { keys }) => removeUnusedFiles(process, options.files, keys)),
      ...engine.jobs,
      ...sources.jobs,
      ...questions.jobs,
      ...embedding.jobs,
    ],
    events: [
      ...questions.events,
      ...sources.events,
      on(documentIndexed, 'knowledge.settle', async (process, { subscriptionId, documentId, attempt, charged }) => {
        if (charged && subscriptionId !== null) await charges.settle(process, { subscriptionId, documentId, attempt });
      }),
      on(documentFailed, 'knowledge.release-failed', async (process, { subscriptionId, documentId, attempt, charged }) => {
        if (charged && subscriptionId !== null) await charges.release(process, { subscriptionId, documentId, attempt });
      }),
      on(documentAbandoned, 'knowledge.release-abandoned', async (process, { subscriptionId, documentId, attempt }) => {
        if (subscriptionId !== null) await charges.release(process, { subscriptionId, documentId, attempt });
      }),
    ],
    async start() {
      if (alone) resume(0);
      await resuming;
      await engine.start();
      await sources.start();
      timer = setInterval(() => { resume(); }, RESUME_EVERY_MS);
      timer.unref();
    },
    async stop() {
      clearInterval(timer);
      await resuming;
      await engine.stop();
      await sources.stop();
      pool?.close();
      pool = null;
    },
  };
}

/** The JSON body of the same endpoint that takes files. */
function textsOf(body: unknown): TextDocument[] {
  const parsed = TextDocuments.safeParse(body);
  if (!parsed.success) {
    const issues = parsed.error.issues.slice(0, 20).map((issue) => ({ path: issue.path.join('.'), message: issue.message }));
    throw new Problem(kernel.invalid, issues.slice(0, 5).map(({ path, message }) => (path ? `${path}: ${message}` : message)).join('; '), { issues });
  }
  return parsed.data.documents.map(({ external_id: externalId, ...document }) => ({ ...document, externalId }));
}
