import { isRecord, read, readList, readText } from '../plain.ts';
import { attributeSchema, parserSchema } from './answer-schema.ts';
import { absorbed, unsupported } from './fragment.ts';
import type { Fragment, Place } from './fragment.ts';
import type { Mapper } from './mapper.ts';
import { borrowedModel, rememberedMessages } from './model-settings.ts';
import type { RawNode } from './raw-workflow.ts';
import { StepBuilder } from './step-builder.ts';
import { toolDescription, toolName } from './tool-settings.ts';
import type { WorkflowContext } from './workflow-context.ts';

/** What n8n asks where a step leaves its question to the message that came. */
const MESSAGE = '{{ item.chatInput ?? item.input ?? item.chat_input ?? item.query ?? input.text }}';
const ITERATIONS_MAX = 50;

/** The question of a step: written out, or the message. Older versions keep it under other names. */
function questionOf(step: StepBuilder, paths: readonly string[]): string {
  if (step.fixed('promptType') === 'auto' || step.fixed('promptType') === 'guardrails') return MESSAGE;
  for (const path of paths) {
    const text = step.text(path);
    if (text !== '') return text;
  }
  return MESSAGE;
}

/** Tools attached to a step connect to the port `tools` of its agent. */
const toolPort = (node: RawNode): ReadonlyMap<string, Place> => new Map([['ai_tool', { node: node.id, port: 'tools' }]]);

function applyModel(step: StepBuilder): { modelId: string | null; temperature: number | null } {
  const { modelId, temperature, remarks } = borrowedModel(step.node, step.context);
  for (const remark of remarks) step.approximate(remark);
  return { modelId, temperature };
}

/** An agent of any version: its instructions, question, tools, memory and form of answer. */
export const mapAgent: Mapper = (node, context) => {
  const step = new StepBuilder(node, context);
  const kind = step.fixed('agent');
  const system = step.text('options.systemMessage') || step.text('options.prefix') || step.text('options.humanMessage');
  const schema = parserSchema(node, context);
  const memoryMessages = rememberedMessages(node, context);
  const iterations = step.number('options.maxIterations');
  if (kind !== '' && !['toolsAgent', 'openAiFunctionsAgent', 'conversationalAgent'].includes(kind)) step.approximate('It was another kind of agent. It became one that calls its tools, and may take other steps to the answer.');
  const attach = toolPort(node);
  if (kind === 'sqlAgent') addDatabaseTool(step);
  const prompt = questionOf(step, ['text', 'input']);
  const iterationsMax = Math.min(ITERATIONS_MAX, Math.max(1, Math.round(iterations ?? 10)));
  const { modelId, temperature } = applyModel(step);
  if (answersDirectly(node, context) && prompt === MESSAGE && schema === null && !system.includes('{{') && kind !== 'sqlAgent') {
    if (temperature !== null) step.approximate('The temperature is the one of the subscription.');
    step.add('agent.tools', { modelId, system, iterationsMax, memoryMessages });
    if (system !== '') step.parameter('system', `${node.name}: instructions`, 'long-text');
    const question = step.add('transform.template', { template: prompt }, 'question', 'question');
    step.link(question, 'text', node.id, 'input');
    return step.fragment({ mappedTo: 'agent.tools', output: () => ({ node: node.id, port: 'response' }), input: () => ({ node: question, port: 'input' }), attach });
  }
  step.add('agent.each', { modelId, prompt, system, schema, temperature, iterationsMax, memoryMessages, field: 'output', ...(node.executeOnce ? { each: false } : {}) });
  proposeTexts(step, prompt, system);
  if (temperature !== null) step.parameter('temperature', `${node.name}: temperature`, 'number');
  return step.fragment({ mappedTo: 'agent.each', inputPort: 'items', outputPort: 'items', attach });
};

/** The agent is all there is between a message and its answer, so that the answer can be told while it is made. */
function answersDirectly(node: RawNode, context: WorkflowContext): boolean {
  const before = context.incoming(node.id).flatMap((edge) => context.node(edge.source) ?? []);
  const chat = before.length > 0 && before.every((one) => one.kind === 'langchain.chatTrigger' || one.kind === 'langchain.manualChatTrigger');
  return chat && !context.isNamed(node.name) && context.outgoing(node.id).length === 0 && node.onError === 'stop' && node.retries === 0;
}

function addDatabaseTool(step: StepBuilder): void {
  const source = step.fixed('dataSource') || 'sqlite';
  step.connection('postgres', 'PostgreSQL');
  if (source !== 'postgres') step.approximate(`The database was ${source}; here it has to be one that speaks the protocol of PostgreSQL.`);
  const tool = step.add('connector.tool', { connector: 'postgres', action: 'query', name: 'query_database', description: 'Runs a SELECT on the database.', input: {}, parameters: null }, 'database', 'database');
  const tables = step.add('connector.tool', { connector: 'postgres', action: 'list-tables', name: 'list_tables', description: 'Tables of the database with their columns.', input: {}, parameters: null }, 'tables', 'tables');
  step.link(tool, 'tool', step.node.id, 'tools');
  step.link(tables, 'tool', step.node.id, 'tools');
}

function proposeTexts(step: StepBuilder, prompt: string, system: string): void {
  if (system !== '') step.parameter('system', `${step.node.name}: instructions`, 'long-text');
  if (prompt !== '' && prompt !== MESSAGE) step.parameter('prompt', `${step.node.name}: question`, 'long-text');
}

/** A model with a prompt, messages before it, and perhaps a form of answer. */
export const mapChain: Mapper = (node, context) => {
  const step = new StepBuilder(node, context);
  const { modelId, temperature } = applyModel(step);
  const prompt = questionOf(step, ['text', 'prompt']);
  const schema = parserSchema(node, context);
  const rows = readList(node.parameters['messages'], 'messageValues').filter(isRecord).slice(0, 100);
  const messages = rows.map((row) => ({ role: roleOf(readText(row, 'type')), text: step.template(row['message']) })).filter(({ text }) => text !== '');
  const system = messages.filter(({ role }) => role === 'system').map(({ text }) => text).join('\n\n');
  if (rows.some((row) => readText(row, 'messageType') === 'imageBinary')) step.approximate('Pictures go to the model only where they came with the message of the person.');
  const config = { modelId, prompt, system, messages: messages.filter(({ role }) => role !== 'system'), schema, temperature, ...(node.executeOnce ? { each: false } : {}) };
  step.add('agent.each', { ...config, field: schema === null ? 'text' : 'output' });
  proposeTexts(step, prompt, system);
  if (temperature !== null) step.parameter('temperature', `${node.name}: temperature`, 'number');
  return step.fragment({ mappedTo: 'agent.each', inputPort: 'items', outputPort: 'items' });
};

const roleOf = (type: string | null): 'system' | 'user' | 'assistant' => (type === 'HumanMessagePromptTemplate' || type === 'user' ? 'user' : type === 'AIMessagePromptTemplate' || type === 'assistant' ? 'assistant' : 'system');

/** Answers a question from what a search finds. */
export const mapRetrievalChain: Mapper = (node, context) => {
  const step = new StepBuilder(node, context);
  const { modelId, temperature } = applyModel(step);
  const question = questionOf(step, ['text', 'query']);
  const search = step.add('knowledge.retrieve', { topK: retrieverTopK(node, context) }, 'search', 'search');
  const ask = step.add('transform.template', { template: question }, 'question', 'question');
  step.link(ask, 'text', search, 'query');
  const system = step.text('options.systemPromptTemplate', 'Use the following pieces of context to answer the question of the person.\nIf you do not know the answer, say that you do not know, and do not make one up.').replace(/\{context\}/g, '').trim();
  const id = node.id;
  step.add('agent.each', { modelId, temperature, prompt: question, system: `${system}\n\nContext:\n{{ steps[${JSON.stringify(search)}].outputs.text }}`, field: node.version >= 1.5 ? 'response' : 'response.text' });
  step.approximate('It answers from the knowledge of the buyer, not from the store of the seller.');
  proposeTexts(step, question, system);
  // Both wait for the items: the question is worked out from them.
  const gate = step.add('logic.pass', {}, 'in', 'in');
  step.link(gate, 'output', ask, 'input');
  step.link(gate, 'output', id, 'items');
  return step.fragment({ mappedTo: 'agent.each', input: () => ({ node: gate, port: 'input' }), outputPort: 'items' });
};

function retrieverTopK(node: RawNode, context: WorkflowContext): number | null {
  for (const lender of [...context.attached(node.id, 'ai_retriever'), ...context.attached(node.id, 'ai_vectorStore')]) {
    const topK = read(lender.parameters, 'topK');
    if (typeof topK === 'number' && topK >= 1) return Math.min(100, Math.round(topK));
  }
  return null;
}

export const mapSummarization: Mapper = (node, context) => {
  const step = new StepBuilder(node, context);
  const { modelId, temperature } = applyModel(step);
  const written = (step.text('options.summarizationMethodAndPrompts.values.prompt') || step.text('options.summarizationMethodAndPrompts.values.combineMapPrompt') || step.text('options.prompt') || 'Write a concise summary of the following:\n\n"{text}"\n\nCONCISE SUMMARY:');
  const [loader] = context.attached(node.id, 'ai_document');
  const source = loader === undefined ? '{{ item.text ?? item.content ?? item.data ?? item }}' : new StepBuilder(loader, context).text('jsonData', '{{ item.text ?? item.content ?? item.data ?? item }}');
  const prompt = written.includes('{text}') ? written.replaceAll('{text}', source) : `${written}\n\n${source}`;
  step.add('agent.each', { modelId, temperature, prompt, field: node.version >= 2.1 ? 'output.text' : 'response.text' });
  step.approximate('The whole text is summed up in one call instead of piece by piece, so a very long one may not fit.');
  step.parameter('prompt', `${node.name}: question`, 'long-text');
  return step.fragment({ mappedTo: 'agent.each', inputPort: 'items', outputPort: 'items' });
};

export const mapInformationExtractor: Mapper = (node, context) => {
  const step = new StepBuilder(node, context);
  const { modelId, temperature } = applyModel(step);
  const schema = attributeSchema(node, (text) => step.template(text).replace(/\{\{[^]*?\}\}/g, '…'));
  const system = step.text('options.systemPromptTemplate', 'Extract the relevant information from the text. Leave out what it does not say.');
  // Descriptions may hold expressions, which a schema cannot: the instructions carry them.
  const described = readList(read(node.parameters, 'attributes'), 'attributes').filter(isRecord).map((row) => ({ name: readText(row, 'name') ?? '', text: step.template(row['description']) })).filter(({ text }) => text.includes('{{'));
  const more = described.map(({ name, text }) => `\n${name}: ${text}`).join('');
  step.add('agent.each', { modelId, temperature, prompt: step.text('text', MESSAGE), system: system + more, schema, field: 'output' });
  proposeTexts(step, '', system);
  return step.fragment({ mappedTo: 'agent.each', inputPort: 'items', outputPort: 'items' });
};

/** A model decides, for every item, which way it goes. */
function classified(step: StepBuilder, names: readonly string[], field: string, asked: Record<string, unknown>, other: boolean, all = false): Fragment {
  const { id } = step.node;
  const { modelId, temperature } = applyModel(step);
  const judge = step.add('agent.each', { modelId, temperature, field, keep: true, ...asked }, 'judge', 'judge');
  step.add('logic.switch', { value: '', cases: names.map((name) => ({ name: name.slice(0, 100), conditions: { conditions: [{ left: `{{ [item.${field}.category].flat().includes(${JSON.stringify(name)}) }}`, operator: 'is true' }] } })), each: true, ...(all ? { all: true } : {}) });
  step.link(judge, 'items', id, 'input');
  return step.fragment({
    mappedTo: 'agent.each', input: () => ({ node: judge, port: 'items' }),
    output: (index) => (index < names.length ? { node: id, port: `case${index}` } : other ? { node: id, port: 'default' } : null),
  });
}

export const mapTextClassifier: Mapper = (node, context) => {
  const step = new StepBuilder(node, context);
  const rows = readList(read(node.parameters, 'categories'), 'categories').filter(isRecord).slice(0, 50);
  const names = rows.map((row) => step.template(row['category']));
  const listed = rows.map((row, index) => `- ${names[index] ?? ''}: ${step.template(row['description'])}`).join('\n');
  const several = step.flag('options.multiClass');
  const fallback = step.fixed('options.fallback') === 'other';
  const choices = [...names, ...(fallback ? ['other'] : [])];
  const one = { type: 'string', enum: choices };
  step.approximate('Its judgement stays in the item, in the field classification.');
  return classified(step, names, 'classification', {
    prompt: step.text('inputText', MESSAGE), system: `${step.text('options.systemPromptTemplate', 'Please classify the text provided by the user into one of the following categories.').replace(/\{categories\}/g, '').trim()}\n${listed}`,
    schema: { type: 'object', properties: { category: several ? { type: 'array', items: one } : one }, required: ['category'] },
  }, fallback, several);
};

export const mapSentiment: Mapper = (node, context) => {
  const step = new StepBuilder(node, context);
  const names = (step.fixed('options.categories') || 'Positive, Neutral, Negative').split(',').map((name) => name.trim()).filter((name) => name !== '').slice(0, 50);
  return classified(step, names, 'sentimentAnalysis', {
    prompt: step.text('inputText', MESSAGE), system: step.text('options.systemPromptTemplate', 'Judge the sentiment of the text.').replaceAll('{categories}', names.join(', ')),
    schema: { type: 'object', properties: { category: { type: 'string', enum: names }, strength: { type: 'number' }, confidence: { type: 'number' } }, required: ['category'] },
  }, false);
};

/** A model, a memory, an embedding, a splitter, a parser: each lends itself to another step. */
export const lendsModel: Mapper = (node, context) => absorbed('agent.each', context.lending(node.id).length === 0 ? 'Nothing uses this model.' : null);
export const lendsMemory: Mapper = (node) => absorbed('agent.tools', node.kind === 'langchain.memoryBufferWindow' || node.kind === 'langchain.memoryManager' ? null : 'The conversation is kept by the platform, not in the database of the seller.');
export const lendsParser: Mapper = () => absorbed('agent.each');
export const lendsEmbedding: Mapper = () => absorbed('knowledge.retrieve', 'Documents are indexed by the platform’s own model; nothing of the old index is needed.');
export const lendsSplitter: Mapper = () => absorbed('knowledge.ingest', 'Documents are split by the settings of the knowledge base.');
export const lendsLoader: Mapper = () => absorbed('knowledge.ingest', 'Documents are read when they are added to the knowledge base.');
export const lendsRetriever: Mapper = (node) => (node.kind === 'langchain.retrieverWorkflow' ? unsupported('It asks another workflow that is not in this file.', 'The knowledge of the buyer, or the steps of that workflow copied into this one.') : absorbed('knowledge.retrieve', 'It searches the knowledge of the buyer.'));

/** An agent with tools of its own that another agent gives tasks to. */
export const mapAgentTool: Mapper = (node, context) => {
  const step = new StepBuilder(node, context);
  const system = step.text('options.systemMessage');
  const { modelId } = applyModel(step);
  if (system.includes('{{')) step.approximate('Its instructions are fixed; what n8n worked out in them is left out.');
  if (context.attached(node.id, 'ai_outputParser').length > 0) step.approximate('Its answer is text without a set form.');
  step.add('agent.tool', { name: toolName(step), description: toolDescription(step, `Does what ${node.name} does.`), modelId, system: system.replace(/\{\{[^]*?\}\}/g, ''), iterationsMax: Math.min(ITERATIONS_MAX, Math.max(1, Math.round(step.number('options.maxIterations') ?? 10))) });
  return step.fragment({ mappedTo: 'agent.tool', offers: { node: node.id, port: 'tool' }, attach: toolPort(node) });
};

/** A model judges a text by the chosen rules; what breaks one goes the other way. */
export const mapGuardrails: Mapper = (node, context) => {
  const step = new StepBuilder(node, context);
  const rules = Object.keys(isRecord(node.parameters['guardrails']) ? node.parameters['guardrails'] : {}).slice(0, 30);
  if (step.fixed('operation') === 'sanitize') return unsupported('Hiding parts of a text by patterns is not available here.', 'A text step that replaces what must not be seen.');
  step.approximate('A model judges by the names of the rules; their thresholds and patterns are left out.');
  const verdict = { type: 'object', properties: { category: { type: 'string', enum: ['pass', 'fail'] }, reason: { type: 'string' } }, required: ['category'] };
  return classified(step, ['pass'], 'guardrails', { prompt: step.text('text', MESSAGE), schema: verdict, system: `Decide whether the text keeps these rules: ${rules.join(', ') || 'nothing harmful'}. Answer with pass or fail.` }, true);
};
