import { ConfluenceConfig, ConfluenceSecrets } from '../contract/confluence.ts';
import { defineSource } from '../source-reader.ts';

/** Pages of Confluence Cloud or Data Center, as HTML for the parser. */
export const confluenceSource = defineSource<ConfluenceConfig, ConfluenceSecrets>({
  kind: 'confluence', title: 'Confluence', description: 'Pages of Confluence spaces, in the cloud or on a server of your own.',
  config: ConfluenceConfig, secrets: ConfluenceSecrets,
  nameOf: ({ url, spaces }) => (spaces.length > 0 && spaces.length <= 3 ? `Confluence ${spaces.join(', ')}` : `Confluence ${new URL(url).host}`),
  secretsFor: ({ url }) => new URL(url).host,
  test: async (context) => (await import('./read-confluence.ts')).testConfluence(context),
  async* read(context) { yield* (await import('./read-confluence.ts')).readConfluence(context); },
});
