import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { answerProblem } from './answer-problem.ts';
import { Problem, problems } from './problem.ts';

/** Paths that never belong to the console's own pages, so that a wrong API path answers 404 and not a page. */
const NOT_PAGES = /^\/+(api|v1|docs|assets|files|samples)(\/|$)/i;

/**
 * Serves the built web console: hashed files for ever, and its one page for every other address a browser opens. When it
 * was not built (API-only processes and tests), every unknown address answers 404.
 */
export async function serveConsole(app: FastifyInstance, folder: string): Promise<void> {
  const file = path.join(folder, 'index.html');
  if (!existsSync(file)) {
    app.setNotFoundHandler((request, reply) => answerProblem(new Problem(problems['not-found']), request, reply));
    return;
  }
  const html = readFileSync(file, 'utf8');
  const policy = contentSecurityPolicy(html);
  await app.register(fastifyStatic, {
    root: path.join(folder, 'assets'), prefix: '/assets/', decorateReply: false, immutable: true, maxAge: '365d',
  });
  serveRootFiles(app, folder);
  app.setNotFoundHandler((request, reply) => {
    const pathname = request.url.split('?', 1)[0] ?? '/';
    const wantsPage = (request.method === 'GET' || request.method === 'HEAD') && (request.headers.accept ?? '*/*').match(/text\/html|\*\/\*/);
    if (!wantsPage || NOT_PAGES.test(pathname)) return answerProblem(new Problem(problems['not-found']), request, reply);
    return reply
      .header('content-security-policy', policy)
      .header('cache-control', 'no-cache')
      .header('x-frame-options', 'DENY')
      .type('text/html; charset=utf-8').send(html);
  });
}

const TYPES: Record<string, string> = { '.js': 'text/javascript; charset=utf-8', '.svg': 'image/svg+xml', '.png': 'image/png', '.ico': 'image/x-icon', '.txt': 'text/plain; charset=utf-8' };

/** Files beside the page, under their own names: asked for anew each time, because their names carry no hash. */
function serveRootFiles(app: FastifyInstance, folder: string): void {
  for (const name of readdirSync(folder)) {
    const type = TYPES[path.extname(name)];
    if (!type) continue;
    const bytes = readFileSync(path.join(folder, name));
    app.get(`/${name}`, { schema: { hide: true } }, async (_request, reply) => reply.header('cache-control', 'no-cache').type(type).send(bytes));
  }
}

/** Only our own scripts run; inline ones are admitted by their hash. Mantine sets style attributes, hence unsafe-inline there. */
function contentSecurityPolicy(html: string): string {
  const hashes = [...html.matchAll(/<script(?![^>]*\bsrc=)[^>]*>([\s\S]*?)<\/script>/g)].map((match) => `'sha256-${createHash('sha256').update(match[1] ?? '').digest('base64')}'`);
  return [
    "default-src 'self'", `script-src 'self' ${hashes.join(' ')}`, "style-src 'self' 'unsafe-inline'", "img-src 'self' data: blob: https:",
    "font-src 'self'", "connect-src 'self'", "frame-src 'self' https://www.youtube-nocookie.com https://player.vimeo.com", "object-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'",
  ].join('; ');
}
