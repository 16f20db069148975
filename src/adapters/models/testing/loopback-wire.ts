import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

/** What the model answers: text, or tool calls. */
export interface Reply {
  text?: string;
  toolCalls?: readonly { id: string; name: string; arguments: unknown }[];
  finish?: 'stop' | 'length' | 'content-filter';
}

/** How the next calls fail. `times` is how often; for ever unless told. */
export type Failure = { times?: number } & (
  | { kind: 'status'; status: number; retryAfterSeconds?: number; body?: string }
  /** Accepts the call and never answers. */
  | { kind: 'hang' }
  /** Closes the connection without a word. */
  | { kind: 'reset' }
  | { kind: 'invalid-json' }
  | { kind: 'empty' }
  /** Streams this many pieces and then: ends without an end mark, cuts the connection, sends an error event, or falls silent. */
  | { kind: 'end-early' | 'cut' | 'error-event' | 'silence'; after: number });

/** One call as the server saw it. `port` is the caller's: equal ports mean one connection. */
export interface SeenCall { path: string; port: number; headers: Readonly<Record<string, string>>; body: Record<string, unknown>; aborted: boolean }

/** Everything one answer needs. */
export interface Turn { call: SeenCall; reply: Reply; failure: Failure | null; betweenMs: number; response: ServerResponse }

/** Text in pieces as a model streams it: a few characters each. */
export const piecesOf = (text: string): string[] => text.match(/\s*\S{1,8}/g) ?? (text === '' ? [] : [text]);

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/**
 * Writes stream events one by one; a scripted failure strikes after its number of pieces. `errorEvent` is the
 * protocol's own. Returns false when the stream must not go on.
 */
export async function writeEvents(turn: Turn, events: readonly string[], errorEvent: string): Promise<boolean> {
  const { response, failure, betweenMs } = turn;
  for (const [i, event] of events.entries()) {
    if (failure && 'after' in failure && i === failure.after) {
      // What was written before must have left: a cut connection drops what waits.
      await pause(10);
      if (failure.kind === 'error-event') response.end(errorEvent);
      else if (failure.kind === 'end-early') response.end();
      else if (failure.kind === 'cut') response.destroy();
      return false;
    }
    if (response.destroyed) return false;
    response.write(event);
    if (betweenMs > 0) await pause(betweenMs);
  }
  return true;
}
