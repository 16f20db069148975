/** A small website on this machine, whose pages can be changed while it runs. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { z } from 'zod';

export interface SmallSite { origin: string; /** Host and port, as EGRESS_ALLOW takes it. */ host: string; pages: Map<string, string>; close: () => Promise<void> }

const page = (title: string, body: string): string => `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title><main><h1>${title}</h1>${body}</main></html>`;

/** Serves four pages that lead from one to the next; anything else is 404. */
export async function startSmallSite(): Promise<SmallSite> {
  const pages = new Map([
    ['/', page('Paper Lane Books', '<p>A small shop for books about programming.</p><a href="/help/">Help</a> <a href="/shipping">Shipping</a>')],
    ['/help/', page('Help with orders', '<p>You may send a book back within 45 days of delivery. A cracked spine is no reason to refuse it.</p><a href="/help/gifts">Gift cards</a>')],
    ['/shipping', page('Shipping', '<p>Parcels leave our warehouse in Rotterdam within two working days. Shipping costs five euro.</p>')],
    ['/help/gifts', page('Gift cards', '<p>Gift cards never expire and can be paid out at any counter.</p>')],
  ]);
  const server = createServer((request, response) => {
    const body = pages.get(new URL(request.url ?? '/', 'http://site').pathname);
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': 'text/html; charset=utf-8' }).end(body ?? page('Not found', ''));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = z.object({ port: z.number() }).parse(server.address());
  return {
    origin: `http://127.0.0.1:${port}`, host: `127.0.0.1:${port}`, pages,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
