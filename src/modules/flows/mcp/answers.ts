import { EventStream } from './event-stream.ts';
import { McpError, RpcAnswer } from './protocol.ts';

interface HttpAnswer { status: number; headers: Record<string, string>; body: string }

/** The answer with this id in a JSON text; undefined where there is none. Old revisions answer in batches. */
function answerIn(text: string, id: string): RpcAnswer | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  const messages: unknown[] = Array.isArray(json) ? json : [json];
  for (const message of messages) {
    const answer = RpcAnswer.safeParse(message);
    // An error before the request was understood carries no id.
    if (answer.success && (answer.data.id === id || ('error' in answer.data && answer.data.id == null))) return answer.data;
  }
  return undefined;
}

/** Tells when an event stream has brought the answer with this id: what follows belongs to nobody. */
export function untilAnswer(id: string): (piece: string) => boolean {
  const stream = new EventStream();
  return (piece) => stream.push(piece).some(({ data }) => answerIn(data, id) !== undefined);
}

/** The result of a request from its HTTP answer, JSON or an event stream. Throws McpError for everything else. */
export function resultOf({ status, headers, body }: HttpAnswer, id: string): unknown {
  const isStream = (headers['content-type'] ?? '').includes('text/event-stream');
  const stream = new EventStream();
  const answer = isStream
    ? [...stream.push(body), ...stream.end()].map(({ data }) => answerIn(data, id)).find((found) => found !== undefined)
    : answerIn(body, id);
  if (answer === undefined) throw new McpError(null, status, status >= 400 ? `It answered with status ${status}.` : 'It did not answer in the Model Context Protocol.');
  return resultFrom(answer, status);
}

export function resultFrom(answer: RpcAnswer, status: number): unknown {
  if ('error' in answer) throw new McpError(answer.error.code, status, answer.error.message || `It answered with the error ${answer.error.code}.`);
  return answer.result;
}
