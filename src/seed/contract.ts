import { z } from 'zod';
import { endpoint } from '#platform/contract/endpoint.ts';

export const sampleEndpoints = {
  logo: endpoint({
    method: 'GET', path: '/samples/:slug/logo.svg', access: { public: 'pictures of listings are public' }, summary: 'The logo of a sample product', tags: ['Marketplace'],
    params: z.object({ slug: z.string().regex(/^[a-z0-9-]{3,80}$/) }), produces: 'image/svg+xml', response: z.undefined(),
  }),
};
