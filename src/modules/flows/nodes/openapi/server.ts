import { z } from 'zod';
import { defineNode, text } from '../define-node.ts';
import { fillAddress } from '../http/fill-address.ts';

export const openApiServer = defineNode({
  type: 'openapi.server',
  title: 'Address of an API',
  description: 'Where an API is reached. Parts in braces are filled from its variables. Given once for all operations that are connected.',
  family: 'openapi',
  config: z.strictObject({
    url: z.string().max(2_000).default('').meta({ title: 'Address' }),
    variables: z.record(z.string(), z.string().max(500)).default({}).meta({ title: 'Parts of the address' }),
  }),
  inputs: [],
  outputs: [{ name: 'server' }],
  run: async (_context, { url, variables }) => ({ server: text(fillAddress(url, variables).href) }),
});
