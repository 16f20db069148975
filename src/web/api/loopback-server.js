// JavaScript on purpose: this side of the tests is Node, whose types the browser's type check rightly does not know.
import http from 'node:http';

/**
 * A server on this machine that records what it is asked. For tests.
 * @returns {Promise<{
 *   baseUrl: string,
 *   seen: { method: string, url: string, headers: Record<string, string | undefined>, body: string }[],
 *   answerWith: (status: number, body: string, headers?: Record<string, string>) => void,
 *   answerWithStream: (onClosed: () => void) => void,
 *   close: () => void,
 * }>}
 */
export const startLoopbackServer = async () => {
  const seen = [];
  let answer = (response) => { response.end('{}'); };
  const server = http.createServer((request, response) => {
    let body = '';
    request.on('data', (piece) => { body += piece.toString(); });
    request.on('end', () => {
      seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
      answer(response);
    });
  });
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return {
    baseUrl: `http://127.0.0.1:${server.address().port}`,
    seen,
    answerWith(status, body, headers = {}) { answer = (response) => { response.writeHead(status, headers).end(body); }; },
    answerWithStream(onClosed) {
      answer = (response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        let number = 0;
        const timer = setInterval(() => { response.write(`data: ${number++}\n\n`); }, 5);
        response.on('close', () => { clearInterval(timer); onClosed(); });
      };
    },
    close() { server.closeAllConnections(); server.close(); },
  };
};
