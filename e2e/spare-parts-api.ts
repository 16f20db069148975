/** The API that `fixtures/flows/openapi/spare-parts.yaml` describes, on loopback. */
import { once } from 'node:events';
import { createServer } from 'node:http';

export const SHOP_KEY = 'shop-key-for-tests';

export interface SparePartsApi {
  /** `127.0.0.1:port`. */
  host: string;
  /** Method and path of each call that brought the key. */
  calls: string[];
  close(): Promise<void>;
}

export async function startSparePartsApi(): Promise<SparePartsApi> {
  const calls: string[] = [];
  const server = createServer((request, response) => {
    const answer = (status: number, body: object) => { response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)); };
    if (request.headers['x-shop-key'] !== SHOP_KEY) { answer(401, { error: 'no key' }); return; }
    calls.push(`${request.method} ${request.url}`);
    if (request.url === '/v1/parts/K-204') answer(200, { number: 'K-204', name: 'Brass hinge', price: 4.85, stock: 17 });
    else answer(404, { error: 'no such part' });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on a port');
  return {
    host: `127.0.0.1:${address.port}`, calls,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
