import { readList } from '../plain.ts';
import { unsupported } from './fragment.ts';
import type { Mapper } from './mapper.ts';
import { StepBuilder } from './step-builder.ts';
import { toolDescription, toolName } from './tool-settings.ts';

export const mapCalculator: Mapper = (node, context) => {
  const step = new StepBuilder(node, context);
  step.add('tool.calculator', {});
  return step.fragment({ mappedTo: 'tool.calculator', offers: { node: node.id, port: 'tool' } });
};

/** A search or lookup that a connector offers under the same idea. */
export const connectorTool = (connector: string, action: string, title: string, description: string, needsAccount: boolean): Mapper => (node, context) => {
  const step = new StepBuilder(node, context);
  step.add('connector.tool', { connector, action, name: toolName(step), description, input: {}, parameters: null });
  if (needsAccount) step.connection(connector, title);
  return step.fragment({ mappedTo: 'connector.tool', offers: { node: node.id, port: 'tool' } });
};

/** A place to think: the model writes, nothing happens. */
export const mapThink: Mapper = (node, context) => {
  const step = new StepBuilder(node, context);
  step.add('code.tool', {
    language: 'javascript', dialect: 'plain', code: 'return thought;', name: toolName(step),
    description: toolDescription(step, 'Use the tool to think about something. It will not obtain new information or change the database, but just append the thought to the log. Use it when complex reasoning or some cache memory is needed.'),
    parameters: { type: 'object', properties: { thought: { type: 'string' } }, required: ['thought'] },
  });
  return step.fragment({ mappedTo: 'code.tool', offers: { node: node.id, port: 'tool' } });
};

/** Search of a vector store as a tool, in both shapes: a tool around a store, and a store that is one. */
export const mapKnowledgeTool: Mapper = (node, context) => {
  const step = new StepBuilder(node, context);
  const topK = step.number('topK');
  step.add('knowledge.retrieve', { topK: topK === null || topK < 1 ? null : Math.min(100, Math.round(topK)) });
  step.approximate('It searches the knowledge of the buyer, under the platform’s own name and description for that tool.');
  return step.fragment({ mappedTo: 'knowledge.retrieve', offers: { node: node.id, port: 'tool' } });
};

/** Tools of an MCP server. Which there are is only known to the server. */
export const mapMcpTool: Mapper = (node, context) => {
  const step = new StepBuilder(node, context);
  const url = step.fixed('endpointUrl') || step.fixed('sseEndpoint');
  if (url === '') return unsupported('The address of the MCP server is not in the file.', 'Tools of an MCP server, with its address.', 'mcp');
  const names = readList(node.parameters, 'includeTools').filter((name): name is string => typeof name === 'string').slice(0, 200);
  const listed = step.fixed('include') === 'selected' ? names : [];
  if (listed.length === 0) return unsupported('The file does not say which tools the MCP server has.', 'The definition of the server, imported as MCP, connected to the agent.', 'mcp');
  const tools = listed.map((name) => ({ name, alias: name.replace(/[^a-zA-Z0-9_-]+/g, '_').slice(0, 64) || 'tool', pin: null }));
  step.add('mcp.tools', { server: node.name, url, transport: step.fixed('serverTransport') === 'httpStreamable' ? 'streamable-http' : 'sse', tools });
  step.approximate('The tools are off until somebody has looked at what the server says about them.');
  return step.fragment({ mappedTo: 'mcp.tools', offers: tools.map(({ alias }) => ({ node: node.id, port: `${alias}_tool` })) });
};

/** What time it is. */
export const mapDateTool: Mapper = (node, context) => {
  const step = new StepBuilder(node, context);
  step.add('tool.current-date', { timezone: 'UTC' });
  step.approximate('It tells the time; other work with dates is left to the model.');
  return step.fragment({ mappedTo: 'tool.current-date', offers: { node: node.id, port: 'tool' } });
};
