/** What we know of but cannot run, in words for a seller. `names` are table names, `prefixes` beginnings of them. */
interface UnsupportedFamily {
  names?: readonly string[];
  prefixes?: readonly string[];
  reason: string;
  /** The outside service, where the flow needs one. */
  service?: string;
}

const search = (service: string): string => `${service} web search is not available here yet. Closest: the web page step with fixed addresses, or the buyer’s knowledge base.`;
const scrape = (service: string): string => `${service} is not available here yet. Closest: the web page step, which reads fixed addresses as text.`;
const app = (service: string): string => `${service} is not connected here yet. Closest: the HTTP request step with that service’s API.`;
const PYTHON = 'It runs Python code, which is never run here. Closest: the calculator, template and filter steps, or the seller’s own Langflow server.';

const UNSUPPORTED_FAMILIES: readonly UnsupportedFamily[] = [
  { prefixes: ['glean'], reason: search('Glean'), service: 'glean' },
  { prefixes: ['rss'], reason: 'News feeds are not available here yet. Closest: the web page step with the address of the feed.' },
  { prefixes: ['spider'], reason: scrape('Spider'), service: 'spider' },
  { prefixes: ['apify'], reason: scrape('Apify'), service: 'apify' },
  { prefixes: ['jigsawstack'], reason: scrape('JigsawStack'), service: 'jigsawstack' },
  { prefixes: ['unstructured', 'docling', 'llamaparse', 'nvidiaingest', 'twelvelabs', 'videofile'], reason: 'This document reader is not used here: uploads are read by the platform. Closest: the buyer’s knowledge base.' },
  { prefixes: ['youtube'], reason: 'YouTube data is not available here yet. Closest: transcripts uploaded to the knowledge base.', service: 'youtube' },
  { prefixes: ['assemblyai'], reason: 'Speech recognition by AssemblyAI is not available here yet. Closest: transcripts uploaded to the knowledge base.', service: 'assemblyai' },
  { prefixes: ['mcptools', 'mcpstdio', 'mcpsse', 'mcp'], reason: 'Tools of an MCP server cannot be called from a flow yet. Closest: the HTTP request step as a tool.', service: 'mcp' },
  { prefixes: ['composio'], reason: app('Composio'), service: 'composio' },
  { prefixes: ['notion', 'addcontenttopage', 'addpagecontent'], reason: app('Notion'), service: 'notion' },
  { prefixes: ['gmail'], reason: app('Gmail'), service: 'gmail' },
  { prefixes: ['googledrive'], reason: app('Google Drive'), service: 'google-drive' },
  { prefixes: ['googlesheets', 'bigquery', 'googlebigquery', 'googlecalendar', 'googleoauth'], reason: app('Google'), service: 'google' },
  { prefixes: ['slack'], reason: app('Slack'), service: 'slack' },
  { prefixes: ['github', 'git'], reason: app('GitHub'), service: 'github' },
  { prefixes: ['jira', 'confluence'], reason: app('Atlassian'), service: 'atlassian' },
  { prefixes: ['s3bucket', 'amazons3', 's3'], reason: app('Amazon S3'), service: 's3' },
  { prefixes: ['sql', 'database', 'astradbtool', 'astradbcql', 'supabasetool'], reason: 'Database queries are not available in flows yet. Closest: the HTTP request step with an API in front of the database.', service: 'database' },
  { prefixes: ['lambdafilter', 'smarttransform', 'smartfunction', 'codeblock', 'customtool', 'riza', 'e2b'], reason: PYTHON },
  { names: ['whileloop', 'iterate'], reason: 'This loop is not known here. Closest: the “For each” and “While” steps.' },
  { prefixes: ['runflow', 'flowtool', 'subflow', 'flowasatool'], reason: 'It runs another flow that is not in this file. Closest: copy that flow’s steps into this one and import again.' },
  { prefixes: ['smartconditional', 'llmconditional', 'switchconditional', 'classifierrouter', 'guardrails'], reason: 'This way of choosing a branch is not known here. Closest: the “Router” step, where a model chooses among described ways.' },
  { prefixes: ['hierarchicalcrew', 'crewai', 'sequentialtask', 'hierarchicaltask'], reason: 'Crews of agents are not supported. Closest: one agent for each task, connected one after the other.' },
  { prefixes: ['csvagent', 'jsonagent', 'openapiagent', 'vectorstoreagent', 'vectorstorerouter', 'vectorstoreinfo', 'sqlagent', 'cuga', 'altk', 'openaiassistant', 'createassistant', 'getassistant', 'listassistant'], reason: 'This special agent is not supported. Closest: the agent step with tools.' },
  { prefixes: ['retrievalqa', 'conversationalretrieval', 'selfquery', 'multiquery', 'cohererank', 'nvidiarerank', 'rerank', 'ensembleretriever'], reason: 'This retrieval chain is not supported. Closest: the knowledge search step, a prompt and a model.' },
  { prefixes: ['dataframetotoolset', 'createdata', 'dynamiccreatedata', 'updatedata', 'createlist', 'selectdata', 'parsejsondata', 'textoperations', 'operations'], reason: 'This operation on data is not known here. Closest: the steps for setting fields, filtering and templates.' },
  { prefixes: ['dalle', 'imagegeneration', 'openaiimage', 'stabilityai', 'imagetotext'], reason: 'Making or reading images inside a flow is not supported yet. Closest: a chat model that accepts images.' },
  { prefixes: ['texttospeech', 'elevenlabs', 'speech', 'voice', 'whisper'], reason: 'Speech inside a flow is not supported yet. Closest: text transcripts.' },
  { prefixes: ['humaninput', 'humanapproval'], reason: 'Waiting for a person inside a flow is not supported yet. Closest: end the flow there and continue in a second one.' },
  { names: ['secret', 'getenvvar', 'environmentvariable', 'globalvariable'], reason: 'It reads a secret or a setting of the server, which flows never see here.' },
];

/** The first family that fits; undefined for what we do not know. */
export const unsupportedFamily = (tableName: string): UnsupportedFamily | undefined =>
  UNSUPPORTED_FAMILIES.find(({ names = [], prefixes = [] }) => names.includes(tableName) || prefixes.some((prefix) => tableName.startsWith(prefix)));
