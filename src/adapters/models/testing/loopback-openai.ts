import { piecesOf, sendJson, writeEvents } from './loopback-wire.ts';
import type { Reply, Turn } from './loopback-wire.ts';

const ERROR_EVENT = 'data: {"error":{"message":"scripted failure in the stream","type":"server_error","code":"scripted"}}\n\n';

/** Answers `/v1/chat/completions`, streamed or whole. */
export async function openaiChat(turn: Turn): Promise<void> {
  const { call, reply, response } = turn;
  const head = { id: 'chatcmpl-loopback', created: 1_700_000_000, model: call.body['model'] ?? 'loopback' };
  const usage = usageOf(turn);
  if (call.body['stream'] !== true) {
    sendJson(response, 200, { ...head, object: 'chat.completion', choices: [{ index: 0, message: { role: 'assistant', content: reply.text ?? null, ...toolCallsOf(reply) }, finish_reason: finishOf(reply) }], usage });
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  const chunk = (choices: readonly unknown[], more: object = {}) => `data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', choices, ...more })}\n\n`;
  const delta = (part: object, finish: string | null = null) => chunk([{ index: 0, delta: part, finish_reason: finish }]);
  const events = [
    ...piecesOf(reply.text ?? '').map((text, i) => delta({ ...(i === 0 ? { role: 'assistant' } : {}), content: text })),
    ...toolDeltas(reply).map((tool) => delta({ tool_calls: [tool] })),
    delta({}, finishOf(reply)),
    ...(wantsUsage(turn) ? [chunk([], { usage })] : []),
    'data: [DONE]\n\n',
  ];
  if (await writeEvents(turn, events, ERROR_EVENT)) response.end();
}

/** The first piece of a call names it, the arguments follow in pieces. */
function toolDeltas(reply: Reply): object[] {
  return (reply.toolCalls ?? []).flatMap((call, index) => {
    const written = JSON.stringify(call.arguments);
    const half = Math.ceil(written.length / 2);
    return [
      { index, id: call.id, type: 'function', function: { name: call.name, arguments: '' } },
      { index, function: { arguments: written.slice(0, half) } },
      { index, function: { arguments: written.slice(half) } },
    ];
  });
}

const toolCallsOf = (reply: Reply): object => (reply.toolCalls
  ? { tool_calls: reply.toolCalls.map((call) => ({ id: call.id, type: 'function', function: { name: call.name, arguments: JSON.stringify(call.arguments) } })) }
  : {});

const finishOf = (reply: Reply): string => (reply.toolCalls ? 'tool_calls' : reply.finish === 'content-filter' ? 'content_filter' : reply.finish ?? 'stop');

function wantsUsage({ call }: Turn): boolean {
  const options = call.body['stream_options'];
  return typeof options === 'object' && options !== null && 'include_usage' in options && options.include_usage === true;
}

/** A stable count, so that tests can expect it: one token for four characters of the request's messages. */
function usageOf({ call, reply }: Turn): object {
  const prompt = Math.ceil(JSON.stringify(call.body['messages'] ?? []).length / 4);
  const completion = piecesOf(reply.text ?? '').length + (reply.toolCalls?.length ?? 0) * 10;
  return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion };
}
