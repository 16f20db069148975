/** A model for browser tests, over the wire protocol of a real provider: it calls the tool it is told to, and else repeats what it was asked. */
import { z } from 'zod';
import { startLoopbackModelServer, type Reply, type SeenCall } from '../src/adapters/models/testing/loopback-model-server.ts';

const Request = z.looseObject({
  messages: z.array(z.looseObject({ role: z.string(), content: z.string().nullish() })),
  tools: z.array(z.looseObject({ function: z.looseObject({ name: z.string() }) })).default([]),
});

export interface ScriptedModel {
  /** As OPENAI_BASE_URL takes it. */
  baseUrl: string;
  /** From now on this tool is called wherever it is offered and has not answered yet; what it said is then repeated. */
  willCall(tool: string, args: Readonly<Record<string, unknown>>): void;
  /** All instructions it got so far, one text for each call. */
  instructions(): string[];
  close(): Promise<void>;
}

export async function startScriptedModel(): Promise<ScriptedModel> {
  const server = await startLoopbackModelServer();
  let wanted: { name: string; arguments: Readonly<Record<string, unknown>> } | null = null;
  server.reply((call: SeenCall): Reply => {
    const { messages, tools } = Request.parse(call.body);
    const last = messages.at(-1);
    if (last?.role === 'tool') return { text: `The tool says: ${last.content ?? ''}` };
    if (wanted !== null && tools.some((tool) => tool.function.name === wanted?.name)) return { toolCalls: [{ id: 'call_1', ...wanted }] };
    return { text: `You said: ${messages.findLast(({ role }) => role === 'user')?.content ?? ''}` };
  });
  return {
    baseUrl: `${server.url}/v1`,
    willCall: (name, args) => { wanted = { name, arguments: args }; },
    instructions: () => server.calls.filter(({ path }) => path.endsWith('/chat/completions')).map(({ body }) => Request.parse(body).messages.filter(({ role }) => role === 'system').map(({ content }) => content ?? '').join('\n')),
    close: async () => server.close(),
  };
}
