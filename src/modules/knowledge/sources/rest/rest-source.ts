import { RestConfig, RestSecrets } from '../contract/rest.ts';
import { defineSource } from '../source-reader.ts';

/** Records of an HTTP API that answers JSON, each a document. */
export const restSource = defineSource<RestConfig, RestSecrets>({
  kind: 'rest', title: 'API', description: 'Records of an HTTP API that answers JSON.',
  config: RestConfig, secrets: RestSecrets,
  nameOf: ({ url }) => new URL(url).host,
  // The client secret goes to where tokens are had, so a change there asks for it again too.
  secretsFor: ({ url, auth, tokenUrl }) => [new URL(url).host, ...(auth === 'oauth2' && URL.canParse(tokenUrl) ? [new URL(tokenUrl).host] : [])].join(' '),
  test: async (context) => (await import('./read-rest.ts')).testRest(context),
  async* read(context) { yield* (await import('./read-rest.ts')).readRest(context); },
});
