import { piecesOf, sendJson, writeEvents } from './loopback-wire.ts';
import type { Reply, Turn } from './loopback-wire.ts';

const event = (type: string, data: object) => `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;
const ERROR_EVENT = event('error', { error: { type: 'overloaded_error', message: 'scripted failure in the stream' } });

/** Answers `/v1/messages`, streamed or whole. */
export async function anthropicMessages(turn: Turn): Promise<void> {
  const { call, reply, response } = turn;
  const inputTokens = Math.ceil(JSON.stringify(call.body['messages'] ?? []).length / 4);
  const outputTokens = piecesOf(reply.text ?? '').length + (reply.toolCalls?.length ?? 0) * 10;
  const head = { id: 'msg_loopback', type: 'message', role: 'assistant', model: call.body['model'] ?? 'loopback', stop_sequence: null };
  if (call.body['stream'] !== true) {
    sendJson(response, 200, { ...head, content: contentOf(reply), stop_reason: stopOf(reply), usage: { input_tokens: inputTokens, output_tokens: outputTokens } });
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  // The opening events go with the first piece, so that a failure "after n pieces" counts pieces of the answer.
  const opening = event('message_start', { message: { ...head, content: [], stop_reason: null, usage: { input_tokens: inputTokens, output_tokens: 1 } } }) + event('ping', {});
  const events = [
    ...textEvents(reply),
    ...toolEvents(reply),
    event('message_delta', { delta: { stop_reason: stopOf(reply), stop_sequence: null }, usage: { output_tokens: outputTokens } }),
    event('message_stop', {}),
  ];
  response.write(opening);
  if (await writeEvents(turn, events, ERROR_EVENT)) response.end();
}

function textEvents(reply: Reply): string[] {
  const pieces = piecesOf(reply.text ?? '');
  const start = event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } });
  const stop = event('content_block_stop', { index: 0 });
  return pieces.map((text, i) => (i === 0 ? start : '') + event('content_block_delta', { index: 0, delta: { type: 'text_delta', text } }) + (i === pieces.length - 1 ? stop : ''));
}

function toolEvents(reply: Reply): string[] {
  const first = reply.text ? 1 : 0;
  return (reply.toolCalls ?? []).flatMap((call, i) => {
    const index = first + i;
    const written = JSON.stringify(call.arguments);
    const half = Math.ceil(written.length / 2);
    return [
      event('content_block_start', { index, content_block: { type: 'tool_use', id: call.id, name: call.name, input: {} } }),
      event('content_block_delta', { index, delta: { type: 'input_json_delta', partial_json: written.slice(0, half) } }),
      event('content_block_delta', { index, delta: { type: 'input_json_delta', partial_json: written.slice(half) } }),
      event('content_block_stop', { index }),
    ];
  });
}

const contentOf = (reply: Reply): object[] => [
  ...(reply.text ? [{ type: 'text', text: reply.text }] : []),
  ...(reply.toolCalls ?? []).map((call) => ({ type: 'tool_use', id: call.id, name: call.name, input: call.arguments })),
];

const stopOf = (reply: Reply): string => (reply.toolCalls ? 'tool_use' : reply.finish === 'length' ? 'max_tokens' : reply.finish === 'content-filter' ? 'refusal' : 'end_turn');
