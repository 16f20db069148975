import { z } from 'zod';
import { defineNode, text } from '../define-node.ts';
import { secureUrl } from '../http/secure-url.ts';
import { NodeError } from '../node-error.ts';

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
  run: async (_context, { url, variables }) => {
    const filled = url.replace(/\{([^{}]{1,100})\}/g, (_whole, name: string, offset: number) => partOf(name, variables, placeOf(url.slice(0, offset))));
    return { server: text(secureUrl(filled).href) };
  },
});

/** Characters a part may hold where it stands: all of the address, its host, or its path. None leads out of its place. */
const ALLOWED = { whole: /^https?:\/\/[\w.:/[\]-]+$/i, host: /^[\w.-]+$/, path: /^[\w./~-]+$/ };

const placeOf = (before: string): keyof typeof ALLOWED => (before === '' ? 'whole' : /:\/\/[^/]*$/.test(before) ? 'host' : 'path');

function partOf(name: string, variables: Readonly<Record<string, string>>, place: keyof typeof ALLOWED): string {
  const value = (Object.hasOwn(variables, name) ? variables[name] ?? '' : '').trim();
  const title = `The part “${name.slice(0, 60)}” of the address of the API`;
  if (value === '') throw new NodeError('node-config-invalid', `${title} is not set.`);
  if (!ALLOWED[place].test(value) || value.includes('..')) throw new NodeError('node-config-invalid', `${title} holds characters that do not belong there.`);
  return value;
}
