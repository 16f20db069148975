import type { FlowEdge, FlowNode } from '../../contract.ts';
import type { TextPart } from '../steps/expression-text.ts';
import { addAgent, addModelCall, clampInt } from '../steps/model-step.ts';
import type { ModelAsk } from '../steps/model-step.ts';
import type { Place, StepDraft } from '../steps/step-draft.ts';
import type { FlowiseContext } from './flowise-context.ts';
import { numberOf, textOf } from './flowise-context.ts';
import { absorbLenders } from './lenders.ts';
import { mapFunction } from './map-function.ts';
import { borrowedModel, borrowedPrompt, borrowedSchema, memoryOf, passagesOf } from './prompts.ts';
import type { RawNode } from './read-flowise.ts';
import { addTool, isPlace } from './tools.ts';
import { readPrompt } from './texts.ts';

const INPUT_ID = 'flowise:input';
const ANSWER_ID = 'flowise:answer';
const ITERATIONS = 10;

const QUESTION: readonly TextPart[] = [{ expression: 'input.text' }];
const RESPONSE_PROMPT = 'Use the following pieces of context to answer the question. If they do not hold the answer, say that you do not know.\n\n{context}';

type Mapper = (node: RawNode, step: StepDraft, context: FlowiseContext, isAnswer: boolean) => void;

/** Maps a chatflow: one chain, agent or engine that answers, and everything that lends itself to it. */
export function mapChatflow(context: FlowiseContext): { nodes: FlowNode[]; edges: FlowEdge[] } {
  const { nodes } = context.flow;
  for (const node of nodes) if (isToolNode(node)) mapToolNode(node, context);
  const workers = nodes.filter((node) => Object.hasOwn(WORKERS, node.kind) || /^(?:Agents|Chains|Engine)$/.test(node.category));
  const isAnswer = (node: RawNode): boolean => context.outgoing(node.id).length === 0;
  for (const node of workers) {
    const mapper = Object.hasOwn(WORKERS, node.kind) ? WORKERS[node.kind] : node.category === 'Agents' ? agent('An agent of Flowise that is not known here by name. It became our agent, which may take other steps to the answer.') : undefined;
    const step = context.step(node.id);
    if (step.mappedTo !== null) continue;
    if (mapper === undefined) step.refuse(`The chain “${node.label}” (${node.kind}) is not known here.`, 'A model step with the same instructions.');
    else mapper(node, step, context, isAnswer(node));
  }
  absorbLenders(context);
  const own: { nodes: FlowNode[]; edges: FlowEdge[] } = { nodes: [{ id: INPUT_ID, type: 'input.chat', name: 'Message', config: {} }], edges: [] };
  const start: Place = { node: INPUT_ID, port: 'message' };
  const answers = workers.filter(isAnswer);
  for (const node of workers) {
    const step = context.step(node.id);
    const guarded = guard(node, context, start, own);
    for (const entry of step.refusal === null ? step.entries : [{ node: node.id, port: 'input' }]) own.edges.push({ source: guarded.node, sourcePort: guarded.port, target: entry.node, targetPort: entry.port });
  }
  own.nodes.push({ id: ANSWER_ID, type: 'output.chat', name: 'Answer', config: {} });
  for (const node of answers) {
    const step = context.step(node.id);
    const exit = step.refusal === null ? [...step.exits.values()][0] : { node: node.id, port: 'output' };
    if (exit) own.edges.push({ source: exit.node, sourcePort: exit.port, target: ANSWER_ID, targetPort: 'input' });
  }
  for (const node of nodes) if (isToolNode(node) && context.step(node.id).refusal === null && context.outgoing(node.id).length === 0) context.step(node.id).approximate('Nothing uses this tool.');
  return own;
}

const isToolNode = (node: RawNode): boolean => node.category.startsWith('Tools') || node.category === 'MCP' || node.baseClasses.includes('Tool');

export function mapToolNode(node: RawNode, context: FlowiseContext): void {
  const step = context.step(node.id);
  if (step.mappedTo !== null || step.refusal !== null) return;
  const found = addTool(step, { kind: node.kind, label: node.label, inputs: node.inputs });
  if (isPlace(found)) step.exit(found.node, found.port);
  else step.refuse(found.reason, found.substitute);
}

/** Tools that are connected to a node. */
export const toolsOf = (node: RawNode, context: FlowiseContext): Place[] => context.attached(node, 'tools').map((tool) => ({ node: tool.id, port: 'tool' }));

const failed = (step: StepDraft): boolean => step.refusal !== null;

/** A list of words that must not come in, looked at before anything is asked. */
function guard(node: RawNode, context: FlowiseContext, start: Place, own: { nodes: FlowNode[]; edges: FlowEdge[] }): Place {
  let place = start;
  for (const moderation of context.attached(node, 'inputModeration')) {
    const step = context.step(moderation.id);
    const denied = textOf(moderation, 'denyList').split('\n').map((line) => line.trim()).filter((line) => line !== '').slice(0, 100);
    if (moderation.kind !== 'inputModerationSimple' || denied.length === 0) {
      step.approximate('Messages are not looked at by this service; the platform’s own rules for messages hold.');
      continue;
    }
    if (context.attached(moderation, 'model').length > 0) step.approximate('A message is stopped when it holds one of the words; Flowise’s model also stops what means the same.');
    const id = `${node.id}:${moderation.id}`.slice(0, 200);
    own.nodes.push(
      { id, type: 'logic.if', name: moderation.label, config: { conditions: { combine: 'or', conditions: denied.map((words) => ({ left: '{{ input.text }}', operator: 'contains', right: words.replaceAll('{{', '{ {'), caseSensitive: false })) } } },
      { id: `${id}:words`.slice(0, 200), type: 'transform.template', name: 'Refusal', config: { template: (textOf(moderation, 'moderationErrorMessage') || 'Cannot process this message.').replaceAll('{{', '{ {') } },
    );
    own.edges.push(
      { source: place.node, sourcePort: place.port, target: id, targetPort: 'input' }, { source: id, sourcePort: 'true', target: `${id}:words`.slice(0, 200), targetPort: 'input' },
      { source: `${id}:words`.slice(0, 200), sourcePort: 'text', target: ANSWER_ID, targetPort: 'input' },
    );
    place = { node: id, port: 'false' };
  }
  return place;
}

const chain: Mapper = (node, step, context, isAnswer) => {
  const asked = borrowedPrompt(node, context);
  addModelCall(step, { ...borrowedModel(node, context), ...asked, schema: borrowedSchema(node, context), memoryMessages: memoryOf(node, context), isAnswer });
};

/** A question is answered from passages that are searched first. */
function retrieval(remark: string | null, instructions: (node: RawNode, context: FlowiseContext) => string): Mapper {
  return (node, step, context, isAnswer) => {
    const search = step.add('knowledge.retrieve', { topK: null }, 'search', 'search');
    const asked = step.add('transform.template', { template: '{{ input.text }}' }, 'asked', 'question');
    step.link(asked, 'text', search, 'query');
    const passages: ReadonlyMap<string, string> = new Map([['context', passagesOf(search)], ['question', 'input.text'], ['query', 'input.text'], ['chat_history', '""']]);
    const written = instructions(node, context) || RESPONSE_PROMPT;
    const prompt = written.includes('{context}') ? written : `${written}\n\n{context}`;
    const memoryMessages = memoryOf(node, context) || (/conversational|chatengine/i.test(node.kind) ? 100 : 0);
    const ask: ModelAsk = { ...modelOf(node, context), system: readPrompt(prompt, passages, null), messages: [], prompt: QUESTION, schema: null, memoryMessages, isAnswer };
    addModelCall(step, ask);
    // The search is done before the question is put together.
    step.entries.splice(0, step.entries.length, { node: asked, port: 'input' }, ...step.entries);
    step.approximate(remark ?? 'It searches the buyer’s own knowledge instead of the documents that Flowise had stored.');
  };
}

/** Engines borrow the model of the store they search. */
function modelOf(node: RawNode, context: FlowiseContext): { modelId: string | null; temperature: number | null } {
  const own = borrowedModel(node, context);
  const [store] = context.attached(node, 'vectorStoreRetriever');
  return own.modelId === null && store !== undefined ? borrowedModel(store, context) : own;
}

const responsePrompt = (node: RawNode): string => textOf(node, 'responsePrompt', 'systemMessagePrompt', 'systemMessage');

function synthesizerPrompt(node: RawNode, context: FlowiseContext): string {
  const [synthesizer] = context.attached(node, 'responseSynthesizer');
  return synthesizer === undefined ? '' : textOf(synthesizer, 'textQAPrompt', 'prompt');
}

function agent(remark: string | null): Mapper {
  return (node, step, context, isAnswer) => {
    const iterations = numberOf(node, 'maxIterations');
    const instructions = textOf(node, 'systemMessage', 'systemMessagePrompt', 'instructions', 'assistantInstructions');
    const tools = toolsOf(node, context);
    const ask: ModelAsk = {
      ...borrowedModel(node, context), system: instructions === '' ? [] : readPrompt(instructions, new Map(), null), messages: [], prompt: QUESTION, schema: null,
      memoryMessages: memoryOf(node, context) || (/conversational|assistant/i.test(node.kind) ? 100 : 0), isAnswer,
    };
    if (context.attached(node, 'vectorStoreRetriever').length > 0) tools.push({ node: step.add('knowledge.retrieve', { topK: null }, 'search', 'search'), port: 'tool' });
    addAgent(step, ask, tools, iterations === null ? ITERATIONS : clampInt(iterations, 1, 50));
    if (remark !== null) step.approximate(remark);
  };
}

const OTHER_AGENT = 'An agent that thinks aloud in a form of its own. It became our tool-calling agent, which may take other steps to the answer.';

const assistant: Mapper = (node, step, context, isAnswer) => {
  agent('The assistant, its instructions and its files are kept at OpenAI. Our agent answers with the same tools; copy the instructions into it.')(node, step, context, isAnswer);
};

const database: Mapper = (node, step, context) => {
  const kind = textOf(node, 'database') || 'database';
  const tool = step.add('connector.tool', { connector: 'postgres', action: 'query' }, 'query', 'query');
  step.connection('postgres', 'PostgreSQL');
  addAgent(step, { ...borrowedModel(node, context), system: [{ text: textOf(node, 'customPrompt').replace(/\{[^{}]{0,50}\}/g, '') || 'Answer the question by querying the database. Look at its tables first, then write one SQL query, and answer from what it gives.' }], messages: [], prompt: QUESTION, schema: null, memoryMessages: 0, isAnswer: true }, [{ node: tool, port: 'tool' }], ITERATIONS);
  step.approximate(`An agent queries a PostgreSQL database that has to be bound${kind === 'postgres' ? '' : `, instead of ${kind}`}; it reads only.`);
};

/** A choice among prompts by their description: the model reads them all and takes the fitting one. */
const multiPrompt: Mapper = (node, step, context, isAnswer) => {
  const choices = context.attached(node, 'promptRetriever');
  const described = choices.map((one) => `${textOf(one, 'name')} (${textOf(one, 'description')}):\n${textOf(one, 'systemMessage')}`).join('\n\n');
  for (const one of choices) context.step(one.id).absorb('model.chat');
  addModelCall(step, { ...borrowedModel(node, context), system: [{ text: `Choose the instructions that fit the question and answer by them.\n\n${described}` }], messages: [], prompt: QUESTION, schema: null, memoryMessages: 0, isAnswer });
  step.approximate('One call chooses the instructions and answers, instead of two.');
};

/** Chains that call an API by its documentation. */
const apiChain: Mapper = (node, step, context) => {
  const method = /post/i.test(node.kind) ? 'POST' : 'GET';
  const tool = step.add('http.request', { method }, 'request', 'request');
  addAgent(step, { ...borrowedModel(node, context), system: [{ text: `Answer the question by calling the API. Its documentation:\n${textOf(node, 'apiDocs')}` }], messages: [], prompt: QUESTION, schema: null, memoryMessages: 0, isAnswer: true }, [{ node: tool, port: 'tool' }], ITERATIONS);
  step.approximate('An agent writes the address and calls it; headers of the chain are not sent along.');
};

const subQuestions: Mapper = (node, step, context, isAnswer) => {
  const [first] = context.attached(node, 'queryEngineTools');
  const search = first?.id ?? step.add('knowledge.retrieve', { topK: null }, 'search', 'search');
  const described = context.attached(node, 'queryEngineTools').map((tool) => `- ${textOf(tool, 'toolName')}: ${textOf(tool, 'toolDesc')}`).join('\n');
  for (const tool of context.attached(node, 'queryEngineTools')) context.step(tool.id).approximate('All documents are searched together; what it is about goes into the question.');
  addAgent(step, { ...borrowedModel(node, context), system: [{ text: `Break the question into questions that can be searched one by one, search for each, and answer from what you found.\nWhat there is:\n${described}` }], messages: [], prompt: QUESTION, schema: null, memoryMessages: 0, isAnswer }, [{ node: search, port: 'tool' }], ITERATIONS);
  step.approximate('An agent that searches for each part of the question takes the place of the engine.');
};

/** An engine or chain that only stands behind a tool of another. */
const engine: Mapper = (node, step, context, isAnswer) => {
  if (context.outgoing(node.id).some((edge) => /^queryEngineToolLlamaIndex|Tool/.test(context.node(edge.target)?.kind ?? ''))) step.absorb('knowledge.retrieve', 'The buyer’s own knowledge takes the place of this store.');
  else retrieval(null, synthesizerPrompt)(node, step, context, isAnswer);
};

/** The LlamaIndex tool stands for a search. */
const engineTool: Mapper = (_node, step) => { if (!failed(step) && step.mappedTo === null) step.absorb('knowledge.retrieve'); };

const chatEngine: Mapper = (node, step, context, isAnswer) => {
  addModelCall(step, { ...borrowedModel(node, context), system: [{ text: textOf(node, 'systemMessagePrompt') }], messages: [], prompt: QUESTION, schema: null, memoryMessages: memoryOf(node, context) || 100, isAnswer });
};

/** Answers to the whole document set of an agent for tables. */
const tableAgent: Mapper = (node, step) => {
  step.refuse(`It reads ${/airtable/i.test(node.kind) ? 'a table of Airtable' : 'a CSV file'} and answers with Python over it.`, /airtable/i.test(node.kind) ? 'An agent with the Airtable connector’s records as a tool.' : 'Upload the file as knowledge, with an agent that searches it.');
};

const WORKERS: Readonly<Record<string, Mapper>> = {
  llmChain: chain, conversationChain: (node, step, context, isAnswer) => addModelCall(step, { ...borrowedModel(node, context), ...conversationPrompt(node, context), schema: null, memoryMessages: memoryOf(node, context) || 100, isAnswer }),
  conversationalRetrievalQAChain: retrieval('It searches the buyer’s own knowledge.', responsePrompt), retrievalQAChain: retrieval(null, () => ''), vectaraQAChain: retrieval(null, () => ''), vectorDBQAChain: retrieval(null, () => ''),
  multiRetrievalQAChain: retrieval('All documents are searched together instead of those that fit the question best.', () => ''), multiPromptChain: multiPrompt, sqlDatabaseChain: database, getApiChain: apiChain, postApiChain: apiChain, openApiChain: apiChain,
  toolAgent: agent(null), conversationalAgent: agent(OTHER_AGENT), conversationalRetrievalAgent: agent(null), conversationalRetrievalToolAgent: agent(null), openAIFunctionAgent: agent(null), openAIToolAgent: agent(null), mistralAIToolAgent: agent(null), openAIToolAgent_LlamaIndex: agent(null), anthropicAgent_LlamaIndex: agent(null),
  reactAgentChat: agent(OTHER_AGENT), reactAgentLLM: agent(OTHER_AGENT), mrklAgentChat: agent(OTHER_AGENT), mrklAgentLLM: agent(OTHER_AGENT), xmlAgent: agent(OTHER_AGENT), autoGPT: agent(OTHER_AGENT), babyAGI: agent(OTHER_AGENT), openAIAssistant: assistant,
  csvAgent: tableAgent, airtableAgent: tableAgent, queryEngine: engine, contextChatEngine: retrieval(null, responsePrompt), simpleChatEngine: chatEngine, subQuestionQueryEngine: subQuestions, queryEngineToolLlamaIndex: engineTool,
  customFunction: (node, step, context) => mapFunction(node, step, context, { code: 'javascriptFunction', variables: 'functionInputVariables' }),
};

function conversationPrompt(node: RawNode, context: FlowiseContext): Pick<ModelAsk, 'system' | 'messages' | 'prompt'> {
  const asked = borrowedPrompt(node, context);
  return { system: asked.system, messages: [], prompt: QUESTION };
}
