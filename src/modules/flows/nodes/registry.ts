import type { NodeType } from '../node-type.ts';
import { agentForEach } from './agent/each.ts';
import { agentTool } from './agent/tool.ts';
import { toolAgent } from './agent/tools.ts';
import { javascriptCode } from './code/javascript.ts';
import { pythonCode } from './code/python.ts';
import { codeTool } from './code/tool.ts';
import { connectorAction } from './connector/action.ts';
import { connectorQuery } from './connector/query.ts';
import { connectorTool } from './connector/tool.ts';
import { databaseExecute } from './database/execute.ts';
import { databaseQuery } from './database/query.ts';
import { flowCall } from './flow/call.ts';
import { flowTool } from './flow/tool.ts';
import { httpForEach } from './http/each.ts';
import { fetchPages } from './http/fetch-pages.ts';
import { httpRequest } from './http/request.ts';
import { chatInput } from './input/chat.ts';
import { filesInput } from './input/files.ts';
import { textInput } from './input/text.ts';
import { trigger } from './input/trigger.ts';
import { webhookInput } from './input/webhook.ts';
import { knowledgeIngest } from './knowledge/ingest.ts';
import { knowledgeRetrieve } from './knowledge/retrieve.ts';
import { logicNodes } from './logic/logic-nodes.ts';
import { mcpCall } from './mcp/call.ts';
import { mcpTools } from './mcp/tools.ts';
import { languageDetect } from './language/detect.ts';
import { languageTranslate } from './language/translate.ts';
import { memoryHistory } from './memory/history.ts';
import { messagingSend } from './messaging/send.ts';
import { chatModelNode } from './model/chat.ts';
import { embeddingModelNode } from './model/embedding.ts';
import { openApiOperation } from './openapi/operation.ts';
import { openApiServer } from './openapi/server.ts';
import { openApiTool } from './openapi/tool.ts';
import { chatOutput } from './output/chat.ts';
import { textOutput } from './output/text.ts';
import { promptTemplate } from './prompt/template.ts';
import { speechSpeak } from './speech/speak.ts';
import { speechTranscribe } from './speech/transcribe.ts';
import { storageRead } from './storage/read.ts';
import { storageWrite } from './storage/write.ts';
import { calculator } from './tool/calculator.ts';
import { currentDate } from './tool/current-date.ts';
import { transformNodes } from './transform/transform-nodes.ts';
import { unsupported } from './unsupported.ts';
import { visionCreate } from './vision/create.ts';
import { visionDescribe } from './vision/describe.ts';

/** Every kind of node the built-in engine runs, by its stable type. */
export const nodeTypes: ReadonlyMap<string, NodeType> = registryOf([
  ...logicNodes, ...transformNodes,
  chatInput, filesInput, textInput, webhookInput, trigger, chatOutput, textOutput, promptTemplate, chatModelNode, embeddingModelNode, toolAgent, agentTool, agentForEach,
  knowledgeRetrieve, knowledgeIngest, memoryHistory, languageDetect, languageTranslate, visionDescribe, visionCreate, speechTranscribe, speechSpeak, messagingSend, storageRead, storageWrite, fetchPages, httpRequest, httpForEach, flowCall, flowTool, calculator, currentDate,
  connectorAction, connectorQuery, connectorTool, databaseQuery, databaseExecute, openApiOperation, openApiServer, openApiTool, mcpCall, mcpTools, javascriptCode, pythonCode, codeTool, unsupported,
]);

function registryOf(types: readonly NodeType[]): ReadonlyMap<string, NodeType> {
  const registry = new Map<string, NodeType>();
  for (const type of types) {
    if (registry.has(type.type)) throw new Error(`Two node types are called "${type.type}".`);
    registry.set(type.type, type);
  }
  return registry;
}
