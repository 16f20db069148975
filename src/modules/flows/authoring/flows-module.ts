import type { Module } from '#platform/module.ts';
import { mcpEndpoints } from '../mcp/contract.ts';
import { listServerTools, type SellerFetch } from '../mcp/list-server-tools.ts';
import { checkFlow } from './check-flow.ts';
import { authoringEndpoints } from './contract.ts';
import { nodeCatalogue } from './node-catalogue.ts';
import { templateGallery } from './template-gallery.ts';

/** What an editor asks about flows in general: kinds of nodes, templates, what a flow lacks. Nothing of it belongs to anybody. */
export const flowsModule = (fetchFor: SellerFetch): Module => ({
  name: 'flows',
  routes(serve) {
    serve.process(authoringEndpoints.nodeTypes, async () => nodeCatalogue());
    serve.process(authoringEndpoints.templates, async () => ({ data: await templateGallery() }));
    serve.process(authoringEndpoints.check, async (_process, { body }) => checkFlow(body.flow));
    serve.process(mcpEndpoints.listTools, listServerTools(fetchFor));
  },
});
