import { mapPythonShell } from './map-code.ts';
import { mapBatchRun, mapCrew, mapCrewTask, mapDataCondition, mapLoop, mapRouter } from './map-logic.ts';
import { serviceMapper } from './map-services.ts';
import { mapJsonOperations, mapMergeData, mapParse, mapRegex, mapSaveFile, mapTableOperations } from './map-tables.ts';
import { mapApiRequest, mapCalculator, mapConditional, mapCurrentDate, mapFilterKeys, mapFilterValues, mapJson, mapMemory, mapOtherMemory, mapSelect, mapUrl } from './map-data.ts';
import { mapFile, mapRetrieverTool, mapStore } from './map-knowledge.ts';
import { mapAgent, mapChain, mapChatModel, mapEmbedding, mapOlderAgent, mapStructuredOutput } from './map-models.ts';
import { mapChatInput, mapChatOutput, mapCombineText, mapConvert, mapPass, mapPrompt, mapSplitText, mapTextInput, mapTextOutput, mapToText, mapWebhook, passBecause } from './map-text.ts';
import type { Mapper } from './mapping.ts';
import type { RawNode } from './raw-flow.ts';
import { isStoreNode, tableName } from './store-names.ts';

/** Langflow's components and what becomes of them. Names are spelled as `tableName` does. */
const COMPONENTS: readonly (readonly [Mapper, readonly string[]])[] = [
  [mapChatInput, ['chatinput']],
  [mapChatOutput, ['chatoutput']],
  [mapTextInput, ['textinput']],
  [mapTextOutput, ['textoutput']],
  [mapWebhook, ['webhook']],
  [mapPrompt, ['prompt', 'prompttemplate', 'chatprompttemplate', 'promptcomponent', 'mustacheprompt', 'mustacheprompttemplate']],
  [mapChatModel, [
    'languagemodel', 'openaimodel', 'anthropicmodel', 'azureopenaimodel', 'amazonbedrockmodel', 'amazonbedrockconversemodel', 'groqmodel', 'googlegenerativeaimodel',
    'mistralmodel', 'mistalaimodel', 'nvidiamodel', 'ollamamodel', 'openrouter', 'openroutermodel', 'perplexitymodel', 'sambanovamodel', 'vertexaimodel', 'xaimodel',
    'coheremodel', 'deepseekmodel', 'huggingfacemodel', 'ibmwatsonxmodel', 'lmstudiomodel', 'maritalkmodel', 'maritalk', 'novitamodel', 'novita', 'qianfanchatmodel',
    'baiduqianfanchatmodel', 'aimlmodel', 'aiml', 'vllmmodel', 'vllm', 'litellmproxymodel', 'cometapimodel', 'cometapi', 'notdiamond', 'cloudflaremodel', 'watsonxai',
    'chatopenai', 'chatopenaispecs', 'openai', 'azurechatopenai', 'chatanthropic', 'anthropic', 'anthropicllm', 'chatvertexai', 'vertexai', 'chatollama', 'ollama',
    'chatlitellmmodel', 'chatlitellm', 'cohere', 'llamacpp', 'ctransformers', 'huggingfaceendpoints', 'bedrock', 'amazonbedrock',
  ]],
  [mapChain, ['llmchain', 'conversationchain', 'llmchaincomponent']],
  [mapAgent, ['agent']],
  [mapOlderAgent, ['toolcallingagent', 'openaitoolsagent', 'xmlagent', 'agentinitializer', 'conversationalagent']],
  [mapStructuredOutput, ['structuredoutput', 'structuredoutputcomponent']],
  [mapRetrieverTool, ['retrievertool', 'retrievertoolcomponent', 'vectorstoretool']],
  [mapFile, ['file', 'directory', 'readfile', 'fileloader', 'textloader', 'pypdfloader', 'pypdfdirectoryloader', 'csvloader', 'directoryloader', 'gutenbergloader', 'unstructuredfileloader']],
  [mapUrl, ['url', 'urlcomponent', 'webbaseloader', 'urlcontentfetcher', 'recursiveurl']],
  [mapApiRequest, ['apirequest', 'makeapirequest', 'httprequest']],
  [mapSplitText, ['splittext', 'recursivecharactertextsplitter', 'charactertextsplitter', 'naturallanguagetextsplitter', 'languagerecursivetextsplitter', 'semantictextsplitter']],
  [mapToText, ['parsedata', 'parser', 'parsedataframe', 'datatotext', 'datatomessage']],
  [mapConvert, ['typeconverter', 'convert']],
  [mapCombineText, ['combinetext']],
  [mapMemory, ['memory', 'messagehistory', 'chatmemory', 'storemessage', 'messagestore']],
  [mapOtherMemory, [
    'conversationbuffermemory', 'conversationbufferwindowmemory', 'conversationsummarymemory', 'astradbchatmemory', 'astradbchatmemorycomponent', 'cassandrachatmemory',
    'redisindexchatmemory', 'redischatmemory', 'zepchatmemory', 'mem0chatmemory', 'mem0', 'postgreschatmemory', 'mongodbchatmemory', 'vectorstoreretrievermemory',
  ]],
  [mapCalculator, ['calculator', 'calculatortool', 'calculatorcore']],
  [mapCurrentDate, ['currentdate', 'getcurrentdate']],
  [mapConditional, ['conditionalrouter', 'ifelse', 'textconditionalrouter']],
  [mapSelect, ['extractdatakey', 'extractkey']],
  [mapFilterKeys, ['filterdata']],
  [mapFilterValues, ['datafilter', 'filterdatavalues']],
  [mapJsonOperations, ['dataoperations', 'jsonoperations']],
  [mapTableOperations, ['dataframeoperations', 'tableoperations']],
  [mapMergeData, ['mergedata', 'combinedata', 'concatenatedata', 'mergedatacomponent']],
  [mapRegex, ['regex', 'regexextractor']],
  [mapParse('csv'), ['csvtodata']],
  [mapParse('json'), ['jsontodata']],
  [mapSaveFile, ['savetofile', 'savefile', 'writefile']],
  [mapLoop, ['loop', 'foreach']],
  [mapBatchRun, ['batchrun']],
  [mapRouter, ['smartrouter', 'llmrouter', 'semanticrouter']],
  [mapDataCondition, ['dataconditionalrouter']],
  [mapCrewTask, ['sequentialtaskagent']],
  [mapCrew, ['sequentialcrew']],
  [mapPythonShell, ['pythonrepl', 'pythonrepltool', 'pythonreplcore', 'pythoninterpreter']],
  [mapJson, ['jsoncleaner', 'jsonparser', 'outputparser']],
  [mapPass, ['pass', 'passmessage', 'messagetodata', 'datatodataframe', 'datatotable']],
  [passBecause('It announces or receives a text inside the flow. Only direct connections carry it here.'), ['notify', 'listen']],
  [passBecause('Only the text is handed on; the added details are dropped.'), ['altermetadata', 'createmessage']],
];

const TABLE: ReadonlyMap<string, Mapper> = new Map(COMPONENTS.flatMap(([mapper, names]) => names.map((name) => [tableName(name), mapper] as const)));

/** How to map a node: by its name, by its Python class, or by what it says it is; undefined for what we do not know. */
export function mapperFor(node: RawNode): Mapper | undefined {
  if (isStoreNode(node)) return mapStore;
  const name = tableName(node.type);
  const known = TABLE.get(name) ?? TABLE.get(tableName(node.module.split('.').at(-1) ?? ''));
  if (known !== undefined) return known;
  const service = serviceMapper(node);
  if (service !== undefined) return service;
  // Providers newer than the table: the wiring of a model or an embedding is the same for all.
  if (/embeddings?(?:model)?$/.test(name) || name.startsWith('embedding') || name === 'astravectorize') return mapEmbedding;
  if (node.outputs.some((output) => output.name === 'model_output') && node.fields.has('input_value')) return mapChatModel;
  if (node.outputs.some((output) => output.types.includes('Embeddings'))) return mapEmbedding;
  return undefined;
}
