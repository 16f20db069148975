import { apps } from './apps/all-apps.ts';
import { mapApp } from './apps/map-app.ts';
import { unsupported } from './fragment.ts';
import type { Fragment } from './fragment.ts';
import { lendsEmbedding, lendsLoader, lendsMemory, lendsModel, lendsParser, lendsRetriever, lendsSplitter, mapAgent, mapAgentTool, mapChain, mapGuardrails, mapInformationExtractor, mapRetrievalChain, mapSentiment, mapSummarization, mapTextClassifier } from './map-agents.ts';
import { mapCode, mapToolCode } from './map-code.ts';
import { mapConvertToFile, mapExtractFromFile, mapFileStep, mapSpreadsheet } from './map-files.ts';
import { mapFilter, mapIf, mapPass, mapSplitInBatches, mapStop, mapSwitch, mapWait, passBecause } from './map-flow.ts';
import { mapGraphql, mapHttpRequest, mapToolHttpRequest } from './map-http.ts';
import { mapVectorStore } from './map-knowledge.ts';
import { mapAggregate, mapCompareDatasets, mapItemLists, mapLimit, mapMerge, mapRemoveDuplicates, mapRenameKeys, mapSort, mapSplitOut, mapSummarize } from './map-lists.ts';
import { mapOlderOpenAi, mapOpenAiAssistant, mapVendorModel } from './map-openai.ts';
import { mapMemoryManager } from './map-memory.ts';
import { mapDatabase } from './map-database.ts';
import { mapExecuteWorkflow, mapToolWorkflow } from './map-workflows.ts';
import { mapRespond, mapFormPage, mapChatMessage } from './map-responses.ts';
import { mapSet } from './map-set.ts';
import { connectorTool, mapCalculator, mapDateTool, mapKnowledgeTool, mapMcpTool, mapThink } from './map-tools.ts';
import { mapChatTrigger, mapEmailTrigger, mapEventTrigger, mapFormTrigger, mapManualTrigger, mapSchedule, mapWebhook, mapWorkflowTrigger } from './map-triggers.ts';
import { mapCrypto, mapDateTime, mapHtml, mapMarkdown, mapXml } from './map-values.ts';
import type { Mapper } from './mapper.ts';
import type { RawNode } from './raw-workflow.ts';
import type { WorkflowContext } from './workflow-context.ts';

const kept = (reason: string): Mapper => passBecause(reason);

const steps: Readonly<Record<string, Mapper>> = {
  'base.manualTrigger': mapManualTrigger, 'base.start': mapManualTrigger, 'base.webhook': mapWebhook, 'base.formTrigger': mapFormTrigger, 'base.scheduleTrigger': mapSchedule, 'base.cron': mapSchedule, 'base.interval': mapSchedule,
  'base.executeWorkflowTrigger': mapWorkflowTrigger, 'base.emailReadImap': mapEmailTrigger, 'base.gmailTrigger': mapEmailTrigger, 'base.microsoftOutlookTrigger': mapEmailTrigger, 'langchain.chatTrigger': mapChatTrigger, 'langchain.manualChatTrigger': mapChatTrigger,
  'langchain.mcpTrigger': mapEventTrigger,
  'base.if': mapIf, 'base.filter': mapFilter, 'base.switch': mapSwitch, 'base.merge': mapMerge, 'base.splitInBatches': mapSplitInBatches, 'base.wait': mapWait, 'base.stopAndError': mapStop, 'base.noOp': mapPass,
  'base.respondToWebhook': mapRespond, 'base.form': mapFormPage, 'langchain.chat': mapChatMessage, 'langchain.respondToChat': mapChatMessage,
  'base.executionData': kept('Data for the list of runs is not kept.'), 'base.debugHelper': kept('It was there for testing; items go on as they are.'),
  'base.set': mapSet, 'base.splitOut': mapSplitOut, 'base.aggregate': mapAggregate, 'base.summarize': mapSummarize, 'base.sort': mapSort, 'base.limit': mapLimit, 'base.removeDuplicates': mapRemoveDuplicates, 'base.renameKeys': mapRenameKeys,
  'base.itemLists': mapItemLists, 'base.compareDatasets': mapCompareDatasets, 'base.dateTime': mapDateTime, 'base.crypto': mapCrypto, 'base.html': mapHtml, 'base.htmlExtract': mapHtml, 'base.xml': mapXml, 'base.markdown': mapMarkdown,
  'base.code': mapCode, 'base.function': mapCode, 'base.functionItem': mapCode, 'base.aiTransform': mapCode,
  'base.httpRequest': mapHttpRequest, 'base.graphql': mapGraphql,
  'base.extractFromFile': mapExtractFromFile, 'base.convertToFile': mapConvertToFile, 'base.spreadsheetFile': mapSpreadsheet, 'base.moveBinaryData': mapExtractFromFile, 'base.readPDF': mapExtractFromFile,
  'base.readWriteFile': mapFileStep, 'base.readBinaryFile': mapFileStep, 'base.readBinaryFiles': mapFileStep, 'base.writeBinaryFile': mapFileStep,
  'base.executeWorkflow': mapExecuteWorkflow,
  'base.openAi': mapOlderOpenAi, 'langchain.openAi': mapVendorModel, 'langchain.anthropic': mapVendorModel, 'langchain.googleGemini': mapVendorModel, 'langchain.ollama': mapVendorModel, 'langchain.openAiAssistant': mapOpenAiAssistant,
  'langchain.agent': mapAgent, 'langchain.agentTool': mapAgentTool, 'langchain.guardrails': mapGuardrails, 'langchain.chainLlm': mapChain, 'langchain.chainRetrievalQa': mapRetrievalChain, 'langchain.chainSummarization': mapSummarization, 'langchain.informationExtractor': mapInformationExtractor,
  'langchain.textClassifier': mapTextClassifier, 'langchain.sentimentAnalysis': mapSentiment, 'langchain.memoryManager': mapMemoryManager,
  'langchain.toolCalculator': mapCalculator, 'langchain.toolCode': mapToolCode, 'langchain.toolThink': mapThink, 'langchain.toolWorkflow': mapToolWorkflow, 'langchain.toolVectorStore': mapKnowledgeTool, 'langchain.toolHttpRequest': mapToolHttpRequest, 'langchain.mcpClientTool': mapMcpTool,
  'langchain.toolWikipedia': connectorTool('wikipedia', 'search', 'Wikipedia', 'Looks something up in Wikipedia.', false), 'langchain.toolSerpApi': connectorTool('serpapi', 'search', 'SerpApi', 'Searches the web with Google.', true),
  'langchain.toolWolframAlpha': connectorTool('wolfram-alpha', 'query', 'Wolfram|Alpha', 'Answers questions of mathematics, science and facts.', true), 'langchain.toolSearXng': connectorTool('searxng', 'search', 'SearXNG', 'Searches the web.', true),
  'langchain.modelSelector': lendsModel, 'langchain.vectorStoreInMemoryInsert': mapVectorStore, 'langchain.vectorStoreInMemoryLoad': mapVectorStore,
  'base.postgres': mapDatabase, 'base.mySql': mapDatabase, 'base.microsoftSql': mapDatabase, 'base.crateDb': mapDatabase, 'base.timescaleDb': mapDatabase, 'base.questDb': mapDatabase, 'base.snowflake': mapDatabase,
};

const appMappers: ReadonlyMap<string, Mapper> = new Map(Object.entries(apps).map(([kind, app]) => [kind, mapApp(app)]));

/** Families whose members differ only in whose they are. */
const FAMILIES: readonly (readonly [RegExp, Mapper])[] = [
  [/^langchain\.(?:lm[A-Z]|lmChat)/, lendsModel], [/^langchain\.memory/, lendsMemory], [/^langchain\.embeddings/, lendsEmbedding], [/^langchain\.textSplitter/, lendsSplitter],
  [/^langchain\.document/, lendsLoader], [/^langchain\.outputParser/, lendsParser], [/^langchain\.(?:retriever|reranker)/, lendsRetriever], [/^langchain\.vectorStore/, mapVectorStore],
  [/Trigger$/, mapEventTrigger],
];

const CLOSEST = 'A step that calls its interface over HTTP, with an account bound to it.';

/** Steps that start a run. */
export const isTrigger = (node: RawNode): boolean => node.kind.endsWith('Trigger') || ['base.webhook', 'base.start', 'base.cron', 'base.interval', 'base.emailReadImap'].includes(node.kind);

/** What a step becomes. Never throws. */
export function mapStep(node: RawNode, context: WorkflowContext): Fragment {
  if (node.disabled) return context.lending(node.id).length > 0 ? unsupportedOrAbsent(node) : passBecause('It is switched off in the file and hands on what it gets.')(node, context);
  const mapper = Object.hasOwn(steps, node.kind) ? steps[node.kind] : appMappers.get(node.kind) ?? FAMILIES.find(([pattern]) => pattern.test(node.kind))?.[1];
  if (mapper === undefined) return unsupported(REASONS.get(node.kind) ?? `The step “${node.type}” is not known here.`, CLOSEST, node.kind.startsWith('community.') || node.kind.startsWith('base.') ? node.kind.split('.')[1] ?? null : null);
  if (node.isTool && node.kind === 'base.dateTime') return mapDateTool(node, context);
  if (node.isTool && !appMappers.has(node.kind) && !TOOLS.has(node.kind)) return unsupported('This step cannot be a tool of an agent here.', 'A tool of a connector, or code for agents.');
  return mapper(node, context);
}

/** Steps that know how to be a tool. */
const TOOLS: ReadonlySet<string> = new Set(['base.httpRequest', 'base.postgres', 'base.mySql', 'base.microsoftSql', 'base.crateDb', 'base.timescaleDb', 'base.questDb', 'base.snowflake']);

const unsupportedOrAbsent = (_node: RawNode): Fragment => ({ kind: 'absorbed', mappedTo: 'logic.pass', approximation: 'It is switched off in the file, so nothing uses it.' });

/** What cannot be done at all, in words of its own. */
const REASONS: ReadonlyMap<string, string> = new Map([
  ['base.executeCommand', 'It runs a command on the machine of the seller.'], ['base.ssh', 'It runs a command on another machine.'], ['base.ftp', 'It reads and writes files on a file server.'],
  ['base.localFileTrigger', 'It watches files of the machine of the seller.'], ['base.editImage', 'It changes pictures, which steps here do not do.'], ['base.compression', 'It packs and unpacks files, which steps here do not do.'],
  ['langchain.code', 'Its code works on the modules of n8n’s server, which do not exist here.'], ['base.n8n', 'It manages the n8n server itself.'], ['base.n8nTrainingCustomerDatastore', 'It gives example data of n8n’s courses.'],
]);
