import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { FastifyInstance } from 'fastify';
import { Problem, problems as kernel } from '#platform/http/problem.ts';
import { WIDGET_CHAT_SCRIPT_PATH, WIDGET_SCRIPT_PATHS } from './embed-contract.ts';

/** The loader may change with every release; the panel's address carries its own hash. */
const SHORT_CACHE = 'public, max-age=300';
const LONG_CACHE = 'public, max-age=31536000, immutable';

/** Serves the bundle for customers' sites on all the paths they use. Answers 404 where it was not built. */
export function serveWidgetBundle(app: FastifyInstance, folder: string): void {
  const serve = (paths: readonly string[], name: string) => {
    const file = path.join(folder, name);
    const script = existsSync(file) ? readFileSync(file) : null;
    const etag = script ? `"${createHash('sha256').update(script).digest('base64url').slice(0, 27)}"` : '';
    for (const url of paths) {
      app.get(url, { schema: { hide: true } }, async (request, reply) => {
        if (!script) throw new Problem(kernel['not-found'], 'The widget was not built.');
        const versioned = new URL(request.url, 'http://widget').searchParams.has('v');
        reply.header('access-control-allow-origin', '*').header('cross-origin-resource-policy', 'cross-origin').header('etag', etag).header('cache-control', versioned ? LONG_CACHE : SHORT_CACHE);
        if (request.headers['if-none-match'] === etag) return reply.code(304).send();
        return reply.type('text/javascript; charset=utf-8').send(script);
      });
    }
  };
  serve(WIDGET_SCRIPT_PATHS, 'widget.js');
  serve([WIDGET_CHAT_SCRIPT_PATH], 'widget-chat.js');
}
