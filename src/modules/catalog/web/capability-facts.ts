import type { ProductDetail } from '#modules/catalog/contract.ts';
import { titled } from './price-words.ts';

type Capabilities = ProductDetail['capabilities'];

/** One line of what a product is able to do: what, and how much of it. */
export interface Fact { text: string; detail?: string }
export interface FactGroup { key: 'does' | 'data' | 'runs' | 'configure' | 'channels' | 'see'; title: string; facts: readonly Fact[] }

/** `A, B and C`, in the reader's own way. */
export const listed = (words: readonly string[], locale = 'en'): string => new Intl.ListFormat(locale, { type: 'conjunction' }).format(words);

/** Follows what may be declared and does not work here yet, so that nobody buys a promise. */
const COMING = ' (coming)';
const WORDS: Readonly<Record<string, string>> = {
  rest: 'REST', graphql: `GraphQL${COMING}`, websocket: 'WebSocket', mcp: `MCP${COMING}`, api_key: 'API key', oauth2: `OAuth 2${COMING}`, jwt: `JWT${COMING}`, api_calls: 'API calls', compute_time: 'computing time',
  whatsapp: 'WhatsApp', teams: 'Microsoft Teams', ai: 'AI models', http: 'other web services', database: 'databases', messaging: 'messages', storage: 'files', transform: 'data transformation', code: 'code',
  fullpage: 'full page', customCSS: 'custom CSS', welcomeMessage: 'welcome message', welcomeVariants: 'greetings', suggestedPrompts: 'suggested questions', fallbackMessage: 'fallback message',
  handoffMessage: 'hand-off message', exitMessage: 'closing message', feedbackRequest: 'feedback request', usage_limit: 'usage limit', error_rate: 'error rate',
};
const word = (value: string): string => WORDS[value] ?? value.replaceAll('_', ' ');
const words = (values: readonly string[]): string => listed(values.map(word));
const brand = (value: string): string => WORDS[value] ?? titled(value);
/** Names of the switches that are on. */
const on = (switches: Readonly<Record<string, boolean>>): string[] => Object.entries(switches).filter(([, value]) => value).map(([name]) => name);
const count = (amount: number, one: string, many = `${one}s`): string => `${amount.toLocaleString('en')} ${amount === 1 ? one : many}`;
/** Lines whose condition holds. */
const facts = (...lines: readonly (Fact | false)[]): Fact[] => lines.filter((line) => line !== false);

const does = ({ interfaces: { chat }, configuration: { rag, workflowAdvanced, output } }: Capabilities): Fact[] => {
  const modes = chat.modes.filter((mode) => mode !== 'text');
  const { features } = chat;
  const actions = on(Object.fromEntries(Object.entries(workflowAdvanced.actions).map(([name, action]) => [name, action.enabled])));
  const triggers = on(Object.fromEntries(Object.entries(workflowAdvanced.triggers).map(([name, trigger]) => [name, trigger.enabled])));
  return facts(
    chat.enabled && { text: 'Answers in a conversation', detail: [features.streaming && 'word by word', features.multiTurn && 'remembering what was said before', modes.length > 0 && `also by ${words(modes)}`].filter(Boolean).join(', ') || undefined },
    rag.enabled && { text: 'Answers from your own content', detail: rag.generation.grounding.strictMode ? 'only from it: what it does not find, it does not say' : undefined },
    rag.enabled && rag.retrieval.citations.enabled && { text: 'Names its sources', detail: rag.retrieval.citations.includeSnippets ? 'document, page and the passage itself' : 'document and page' },
    rag.enabled && rag.generation.grounding.fallbackBehavior === 'escalate' && { text: 'Hands over to a person when it finds no answer' },
    chat.enabled && features.fileUpload && { text: 'Reads files people attach' },
    chat.enabled && features.imageInput && { text: 'Looks at pictures people send' },
    chat.enabled && features.suggestedReplies && { text: `Suggests what to ask next${COMING}` },
    output.enabled && { text: 'Creates content', detail: on(output.options).length > 0 ? `you choose ${words(on(output.options))}` : undefined },
    workflowAdvanced.enabled && triggers.length > 0 && { text: 'Runs by itself', detail: `started by ${listed(triggers.map((name) => (name === 'api' ? 'API' : name)))}` },
    workflowAdvanced.enabled && actions.length > 0 && { text: 'Acts in other systems', detail: `works with ${words(actions)}` },
  );
};

const data = ({ configuration: { rag }, analytics, runtime }: Capabilities): Fact[] => {
  const { documents, websites, qaPairs, databases, apis } = rag.sources;
  const services = runtime.dependencies.services;
  return facts(
    !rag.enabled && { text: 'Works with what you send it', detail: 'it keeps no knowledge base' },
    rag.enabled && documents.enabled && {
      text: 'Documents you upload', detail: `${listed(documents.formats.map((format) => format.toUpperCase()))}; up to ${count(documents.maxFiles, 'file')}, ${documents.maxFileSize.toLocaleString('en')} MB each`,
    },
    rag.enabled && websites.enabled && { text: 'Pages of your website', detail: `up to ${count(websites.maxUrls, 'page')}, read again ${websites.refreshInterval === 'never' ? 'when you ask' : websites.refreshInterval}` },
    rag.enabled && qaPairs.enabled && { text: 'Questions and answers you write', detail: `up to ${count(qaPairs.maxPairs, 'pair')}` },
    rag.enabled && databases.enabled && { text: 'Connected databases', detail: `${listed(databases.connectors.map(brand))}; Enterprise plans` },
    rag.enabled && apis.enabled && { text: 'Data from your other services', detail: 'Enterprise plans' },
    analytics.conversations.enabled && { text: 'Keeps conversations for you', detail: analytics.conversations.features.transcripts ? 'as transcripts that only your organization can read' : undefined },
    services.length > 0 && { text: 'Sends data to outside services', detail: listed(services) },
  );
};

const RUNS: Readonly<Record<Capabilities['runtime']['deployment'], Fact>> = {
  shared: { text: 'On the shared runtime of this marketplace', detail: 'your content and conversations stay separate' },
  dedicated: { text: 'In a runtime of your own' },
  hybrid: { text: 'On the shared runtime or one of your own', detail: 'as the plan says' },
};

/** Other servers than ours are told every message, which a buyer must know before. */
const ELSEWHERE: Readonly<Record<Exclude<Capabilities['runtime']['engine']['kind'], 'builtin'>, string>> = {
  langflow: 'On a Langflow server of its provider', n8n: 'On an n8n server of its provider', http: 'On a server of its provider',
};

const runs = ({ runtime: { engine, deployment, dependencies, limits } }: Capabilities): Fact[] => facts(
  engine.kind === 'builtin' ? RUNS[deployment]
    : engine.server === 'operator' ? { text: 'On the Langflow server of this marketplace', detail: 'your conversations stay separate' }
      : { text: ELSEWHERE[engine.kind], detail: 'which gets your messages, what you configured and matching passages of your knowledge' },
  dependencies.models.length > 0 && { text: 'Needs these models', detail: listed(dependencies.models) },
  dependencies.mcpServers.length > 0 && { text: 'Uses MCP servers', detail: listed(dependencies.mcpServers) },
  { text: `Answers within ${count(limits.timeout, 'second')} or says that it cannot` },
);

const configure = ({ capabilities: { configuration, interfaces }, parameters }: Pick<ProductDetail, 'capabilities' | 'parameters'>): Fact[] => {
  const { persona, conversation, branding, workflow, rag } = configuration;
  const block = (text: string, { enabled, options }: { enabled: boolean; options: Readonly<Record<string, boolean>> }): Fact | false =>
    enabled && on(options).length > 0 && { text, detail: titled(words(on(options))) };
  const look = interfaces.widget.enabled ? on(interfaces.widget.customization) : [];
  return facts(
    block('How it presents itself', persona), block('What it says', conversation), block('Your brand', branding), block('When and with what it runs', workflow),
    look.length > 0 && { text: 'The look of the widget', detail: titled(words(look)) },
    rag.enabled && rag.retrieval.search.customizable && { text: 'How it searches your content' },
    rag.enabled && rag.generation.model.customizable && rag.generation.model.alternatives.length > 0 && { text: 'The model', detail: listed(rag.generation.model.alternatives) },
    parameters.length > 0 && { text: 'Settings of this product', detail: listed(parameters.map(({ title }) => title)) },
  );
};

const channels = ({ interfaces: { chat, widget, api, integrations } }: Capabilities): Fact[] => facts(
  chat.enabled && { text: 'Chat page', detail: 'in your console' },
  widget.enabled && { text: 'Widget on your site', detail: titled(words(widget.types)) },
  api.enabled && { text: 'API', detail: `${listed(api.protocols.map(brand))}; signed in by ${listed(api.authentication.map(brand))}` },
  api.enabled && (api.features.webhooks || api.features.callbacks) && { text: 'Webhooks', detail: 'you are told when something happened' },
  integrations.enabled && integrations.platforms.length > 0 && { text: 'Messaging', detail: listed(integrations.platforms.map(brand)) },
);

const see = ({ analytics: { usage, conversations, insights, alerts } }: Capabilities): Fact[] => facts(
  usage.enabled && usage.metrics.length > 0 && { text: 'Usage', detail: titled(words(usage.metrics)) },
  conversations.enabled && on(conversations.features).length > 0 && { text: 'Conversations', detail: titled(words(on(conversations.features))) },
  insights.enabled && on(insights.features).length > 0 && { text: 'Insights', detail: titled(words(on(insights.features))) },
  alerts.enabled && alerts.types.length > 0 && { text: 'Alerts', detail: titled(words(alerts.types)) },
);

/**
 * What a product can do as a list to read, made from the same capabilities that drive its screens and its limits.
 * Groups without a line are left out.
 */
export const capabilityFacts = (product: Pick<ProductDetail, 'capabilities' | 'parameters'>): readonly FactGroup[] => {
  const { capabilities } = product;
  const groups: readonly FactGroup[] = [
    { key: 'does', title: 'What it does', facts: does(capabilities) },
    { key: 'data', title: 'What data it uses', facts: data(capabilities) },
    { key: 'channels', title: 'Where people reach it', facts: channels(capabilities) },
    { key: 'configure', title: 'What you can configure', facts: configure(product) },
    { key: 'runs', title: 'Where it runs', facts: runs(capabilities) },
    { key: 'see', title: 'What you see', facts: see(capabilities) },
  ];
  return groups.filter((group) => group.facts.length > 0);
};
