/**
 * A model server that does the least possible: OpenAI's chat completions, the same answer every time, from bytes made
 * once. `node bench/model-server.mjs <port>`; a path that begins with /d20 waits 20 ms before it answers.
 */
import { createServer } from 'node:http';

const PIECES = 20;
const base = { id: 'chatcmpl-bench', created: 1_700_000_000, model: 'bench' };
const usage = { prompt_tokens: 12, completion_tokens: PIECES, total_tokens: 12 + PIECES };
const words = Array.from({ length: PIECES }, (_, index) => `word${index} `);

const whole = Buffer.from(JSON.stringify({
  ...base, object: 'chat.completion', choices: [{ index: 0, message: { role: 'assistant', content: words.join('') }, finish_reason: 'stop' }], usage,
}));
const event = (value) => `data: ${JSON.stringify({ ...base, object: 'chat.completion.chunk', ...value })}\n\n`;
const piece = (delta, finish = null) => event({ choices: [{ index: 0, delta, finish_reason: finish }] });
const events = [
  piece({ role: 'assistant', content: '' }), ...words.map((content) => piece({ content })), piece({}, 'stop'), event({ choices: [], usage }), 'data: [DONE]\n\n',
].map((text) => Buffer.from(text));

createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  let streams = false;
  request.on('data', (bytes) => { streams ||= bytes.includes('"stream":true'); });
  request.on('end', () => {
    const waitMs = Number(/^\/d(\d+)\//.exec(request.url)?.[1] ?? 0);
    if (waitMs > 0) setTimeout(answer, waitMs, response, streams);
    else answer(response, streams);
  });
}).listen(Number(process.argv[2]), '127.0.0.1', 4096);

function answer(response, streams) {
  if (!streams) {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': whole.length }).end(whole);
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  for (const bytes of events) response.write(bytes);
  response.end();
}
