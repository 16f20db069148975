/** The bare proxy to compare with: Fastify and @fastify/http-proxy, nothing else. `node bench/fastify-proxy.mjs <folder of the packages> <port> <model server's port>` */
import { createRequire } from 'node:module';
import path from 'node:path';

const [folder, port, upstream] = process.argv.slice(2);
const load = createRequire(path.join(folder, 'package.json'));
const app = load('fastify')({ logger: false });
app.register(load('@fastify/http-proxy'), { upstream: `http://127.0.0.1:${upstream}`, undici: { connections: 256, pipelining: 1 } });
await app.listen({ port: Number(port), host: '127.0.0.1' });
